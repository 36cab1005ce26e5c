/// Ctrl-C on one process of a ring.
#include <csignal>
#include <string>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/child_ring.hpp"
#include "tests/support/held_port.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(interrupt)

namespace {

namespace data = boost::unit_test::data;
constexpr int kInterrupted = 130;
constexpr int kLost = 5;

bool says(const ChildProgram& child, const std::string& words) {
  return child.errors().find(words) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_CASE(on_the_starter_it_ends_the_run_on_all_with_one_model) {
  WorkFolder folder;
  ChildRing ring(folder, 3, folder.run_file(kEndless, kOneStep));
  ring.join();
  ring.join();
  for (std::size_t rank = 0; rank < 3; ++rank) ring[rank].wait_for_round();
  ring[0].send(SIGINT);
  for (std::size_t rank = 0; rank < 3; ++rank) {
    BOOST_TEST(ring[rank].wait() == kInterrupted);
    BOOST_TEST(says(ring[rank], "interrupted"), ring[rank].errors());
  }
  const std::string model = folder.read("out-0/model.safetensors");
  BOOST_TEST(!model.empty());
  BOOST_TEST((folder.read("out-1/model.safetensors") == model));
  BOOST_TEST((folder.read("out-2/model.safetensors") == model));
  BOOST_TEST(!folder.read("out-0/report.html").empty());
}

BOOST_DATA_TEST_CASE(sigterm_and_sighup_are_the_same, data::make<int>({SIGTERM, SIGHUP}), signal) {
  WorkFolder folder;
  ChildRing ring(folder, 2, folder.run_file(kEndless, kOneStep));
  ring.join();
  ring[0].wait_for_round();
  ring[0].send(signal);
  BOOST_TEST(ring[0].wait() == kInterrupted);
  BOOST_TEST(ring[1].wait() == kInterrupted);
}

BOOST_AUTO_TEST_CASE(twice_it_ends_the_process_at_once) {
  WorkFolder folder;
  ChildRing ring(folder, 2,
                 folder.run_file(kEndless, "schedule.kind = \"one-shot\"\n"));  // one round
  ring.join();
  ring[0].wait_for("  loss  ");
  ring[0].send(SIGINT);
  ring[0].wait_for("Ctrl-C again ends at once");
  ring[0].send(SIGINT);
  BOOST_TEST(ring[0].wait() == kInterrupted);
  BOOST_TEST(ring[1].wait() == kLost);
  BOOST_TEST(says(ring[1], "device lost: device-0:"), ring[1].errors());
}

BOOST_AUTO_TEST_CASE(on_a_joiner_it_leaves_and_the_others_say_so) {
  WorkFolder folder;
  ChildRing ring(folder, 3, folder.run_file(kEndless, kOneStep));
  ring.join();
  ring.join();
  for (std::size_t rank = 0; rank < 3; ++rank) ring[rank].wait_for_round();
  ring[1].send(SIGINT);
  BOOST_TEST(ring[1].wait() == kInterrupted);
  BOOST_TEST(!folder.read("out-1/model.safetensors").empty());
  for (const std::size_t rank : {0U, 2U}) {
    BOOST_TEST(ring[rank].wait() == kLost);
    BOOST_TEST(says(ring[rank], "device lost: device-1: left"), ring[rank].errors());
    BOOST_TEST(!folder.read("out-" + std::to_string(rank) + "/model.safetensors").empty());
  }
}

// Stopped, it gets both signals before it does anything: the round under way, of which the second
// one makes an end, is long.
BOOST_AUTO_TEST_CASE(twice_on_a_joiner_it_ends_in_its_round_and_keeps_those_it_finished) {
  WorkFolder folder;
  ChildRing ring(folder, 2,
                 folder.run_file(kEndless, "schedule = {kind = \"fixed\", h = 200000}\n"));
  ring.join();
  ring[1].wait_for_round();
  ring[1].send(SIGSTOP);
  ring[1].send(SIGINT);
  ring[1].send(SIGTERM);
  ring[1].send(SIGCONT);
  BOOST_TEST(ring[1].wait() == kInterrupted);
  BOOST_TEST(says(ring[1], "interrupted in the middle of a round"), ring[1].errors());
  BOOST_TEST(!folder.read("out-1/model.safetensors").empty());
  BOOST_TEST(ring[0].wait() == kLost);
  BOOST_TEST(says(ring[0], "device lost: device-1:"), ring[0].errors());
  BOOST_TEST(!folder.read("out-0/model.safetensors").empty());
}

BOOST_AUTO_TEST_CASE(while_devices_gather_it_ends_all_at_once) {
  WorkFolder folder;
  ChildRing ring(folder, 3, folder.run_file(kEndless));
  ring.join();
  ring[0].wait_for("device-1 joined");
  ring[0].send(SIGINT);
  BOOST_TEST(ring[0].wait() == kInterrupted);
  BOOST_TEST(ring[1].wait() == kInterrupted);
  BOOST_TEST(says(ring[1], "interrupted"), ring[1].errors());
}

BOOST_AUTO_TEST_CASE(a_joiner_that_waits_leaves_and_is_replaced) {
  WorkFolder folder;
  ChildRing ring(folder, 3, folder.run_file("20"));
  ring.join();
  ring[0].wait_for("device-1 joined");
  ring[1].send(SIGINT);
  BOOST_TEST(ring[1].wait() == kInterrupted);
  ring[0].wait_for("device-1 is gone");
  ring.join();
  ring.join();
  for (const std::size_t rank : {0U, 2U, 3U}) BOOST_TEST(ring[rank].wait() == 0);
}

BOOST_AUTO_TEST_CASE(a_joiner_that_dials_ends_at_once) {
  const HeldPort port;
  ChildProgram joiner({"join", port.address(), "--wait", "1h"});
  joiner.wait_for("dialling");
  joiner.send(SIGINT);
  BOOST_TEST(joiner.wait() == kInterrupted);
}

BOOST_AUTO_TEST_CASE(a_simulation_says_so_at_once_and_ends_in_the_middle_of_a_round) {
  WorkFolder folder;
  ChildProgram simulation({"simulate", folder.run_file(kEndless, "schedule.kind = \"one-shot\"\n"),
                           "--devices", "2", "--json", "--out", folder.at("out")});
  simulation.wait_for("  loss  ");
  simulation.send(SIGINT);
  simulation.wait_for("Ctrl-C again ends at once");
  simulation.send(SIGTERM);
  BOOST_TEST(simulation.wait() == kInterrupted);
  BOOST_TEST(simulation.output().find("\"exit_reason\":\"interrupted in the middle of a round\"") !=
                 std::string::npos,
             simulation.output());
}

BOOST_AUTO_TEST_CASE(a_simulation_keeps_the_rounds_that_it_finished) {
  WorkFolder folder;
  ChildProgram simulation({"simulate", folder.run_file(kEndless, kOneStep), "--devices", "3",
                           "--json", "--out", folder.at("out")});
  simulation.wait_for_round();
  simulation.send(SIGINT);
  BOOST_TEST(simulation.wait() == kInterrupted);
  BOOST_TEST(says(simulation, "Ending in order"));
  BOOST_TEST(simulation.output().find("\"exit_reason\":\"interrupted\"") != std::string::npos,
             simulation.output());
  BOOST_TEST(says(simulation,
                  ": the same command with --resume " + folder.at("out") + " instead of --out.\n"),
             simulation.errors());
  BOOST_TEST(!folder.read("out/model.safetensors").empty());
  BOOST_TEST(!folder.read("out/report.html").empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
