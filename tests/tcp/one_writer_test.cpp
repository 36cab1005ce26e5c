/// A folder of results has one writer: who wants it too is told so before anything is touched.
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/support/child_ring.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(one_writer)

namespace {

/// It must say so at once, before anything else, and end. One that begins is not waited for: it may
/// take part in a ring for ever.
void check_refused(const std::vector<std::string>& words, const std::string& folder,
                   const std::string& what_to_do) {
  const std::string refusal = "annulet: AN511: " + folder +
                              " is being written by another annulet: wait for it" + what_to_do;
  ChildProgram program(words);
  BOOST_TEST_REQUIRE(program.wait_for("") == refusal);
  BOOST_TEST(program.wait() == 4);
  BOOST_TEST(program.errors() == refusal + "\n");
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_folder_of_a_run_that_waits_or_trains_is_refused) {
  WorkFolder folder;
  const auto run_file = folder.run_file(kEndless, kOneStep);
  const auto out = folder.at("out-0");
  ChildRing ring(folder, 2, run_file);
  const std::string other = ", or name another folder with --out";
  check_refused({"run", run_file, "--devices", "1", "--out", out}, out, other);
  check_refused({"join", "127.0.0.1:" + ring.port(), "--out", out}, out, other);
  BOOST_TEST(std::filesystem::is_empty(out));
  ring.join();
  ring[0].wait_for_round();
  check_refused({"simulate", run_file, "--devices", "1", "--out", out}, out, other);
  check_refused({"run", run_file, "--devices", "2", "--resume", out}, out, " to end");

  ring[0].send(SIGKILL);
  BOOST_TEST(ring[0].wait() == 1000 + SIGKILL);  // until then it ran
  ring[1].wait();
  ChildProgram next({"simulate", run_file, "--devices", "1", "--out", out});
  BOOST_TEST(next.wait() == 2);  // nobody has it any more; it holds another run
  BOOST_TEST(next.errors().find("AN312") != std::string::npos, next.errors());
}

BOOST_AUTO_TEST_CASE(two_cannot_go_on_with_one_run) {
  WorkFolder folder;
  const auto run_file = folder.run_file("40");
  {
    ChildRing ring(folder, 2, run_file);
    ring.join();
    BOOST_TEST(ring[0].wait() == 0);
    BOOST_TEST(ring[1].wait() == 0);
  }
  const auto rows = folder.read("out-0/rounds.csv");
  const std::vector<std::string> go_on{"run",      run_file,      "--devices", "2",
                                       "--listen", "127.0.0.1:0", "--resume",  folder.at("out-0"),
                                       "--set",    "run.steps=80"};
  {
    ChildProgram first(go_on);
    first.wait_for_port();
    check_refused(go_on, folder.at("out-0"), " to end");
    BOOST_TEST(folder.read("out-0/rounds.csv") == rows);
    first.send(SIGKILL);
    first.wait();
  }
  ChildProgram starter(go_on);
  ChildProgram joiner(
      {"join", "127.0.0.1:" + starter.wait_for_port(), "--resume", folder.at("out-1")});
  BOOST_TEST(starter.wait() == 0, starter.errors());
  BOOST_TEST(joiner.wait() == 0, joiner.errors());
}

BOOST_AUTO_TEST_CASE(a_join_that_failed_leaves_no_folder) {
  WorkFolder folder;
  ChildRing ring(folder, 2, folder.run_file("20"), {"--token", "sesame"});
  for (const std::string out : {"new", "new/and/deep"}) {
    ChildProgram joiner({"join", "127.0.0.1:" + ring.port(), "--out", folder.at(out)});
    BOOST_TEST(joiner.wait() == 5);
    BOOST_TEST(joiner.errors().find("AN204") != std::string::npos, joiner.errors());
    BOOST_TEST(!std::filesystem::exists(folder.at("new")));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
