/// What goes wrong before step 0: one clear line and the documented exit code.
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/support/child_ring.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(refusals)

namespace {

constexpr int kUsage = 2, kRunFile = 3, kData = 4, kNetwork = 5, kTooFew = 6;

void check_says(const ChildProgram& child, const std::string& words) {
  BOOST_TEST(child.errors().find(words) != std::string::npos, child.errors());
}

void check_end(const std::vector<std::string>& arguments, int code, const std::string& words) {
  ChildProgram child(arguments);
  BOOST_TEST(child.wait() == code);
  check_says(child, words);
  BOOST_TEST(child.output().empty());
}

/// With --json there is an object also where nothing was trained.
void check_object(std::vector<std::string> arguments, int code, const std::string& reason) {
  arguments.emplace_back("--json");
  ChildProgram child(arguments);
  BOOST_TEST(child.wait() == code);
  const std::string object = child.output();
  BOOST_TEST(object.starts_with("{\""), object);
  BOOST_TEST(object.ends_with("\"}\n"), object);
  BOOST_TEST(object.find("\"exit_reason\":\"" + reason) != std::string::npos, object);
  BOOST_TEST(object.find("\"steps\"") == std::string::npos, object);
  check_says(child, ": " + reason);
}

}  // namespace

BOOST_AUTO_TEST_CASE(wrong_usage_is_2) {
  WorkFolder folder;
  const std::string file = folder.run_file("10");
  check_end({"run", file, "--devices", "2", "--frobnicate"}, kUsage, "--frobnicate");
  check_end({"run", file}, kUsage, "--devices is required");
  check_end({"run", file, "--devices", "0"}, kUsage, "--devices");
  check_end({"run", file, "--devices", "2", "--listen", "here"}, kUsage, "--listen here");
  check_end({"run", file, "--devices", "2", "--wait", "long"}, kUsage, "--wait long");
  check_end({"run", file, "--devices", "2", "--wait", "8761h"}, kUsage, "at most 8760h");
  check_end({"join", "127.0.0.1:1", "--wait", "2562047h"}, kUsage, "at most 8760h");
  check_end({"run", file, "--devices", "2", "--link", "fast"}, kUsage, "--link fast");
  check_end({"simulate", file, "--devices", "2", "--link", "1mbit,2s"}, kUsage, "at most 1s");
  check_end({"join", "127.0.0.1"}, kUsage, "ADDR:PORT");
  check_end({"run", file, "--devices", "2", "--set", "foo"}, kUsage, "--set foo: give KEY=VALUE");
  check_end({"simulate", file, "--devices", "2", "--set", " =1"}, kUsage, "give KEY=VALUE");
  check_end({"-x"}, kUsage, "There is no option -x");
  check_end({"jion", "127.0.0.1:1"}, kUsage, "did you mean join?");
  check_end({}, kUsage, "--help");
}

BOOST_AUTO_TEST_CASE(a_bad_run_file_is_3_and_a_line) {
  WorkFolder folder;
  const std::string file =
      folder.write("bad.toml", "run.steps = 10\nmodel.kind = \"logistic\"\ndata.trian = \"x\"\n");
  check_end({"run", file, "--devices", "1"}, kRunFile, "bad.toml:3: data.trian");
  check_end({"simulate", file, "--devices", "1"}, kRunFile, "did you mean train?");
  check_end({"run", folder.at("none.toml"), "--devices", "1"}, kRunFile, "none.toml");
  check_end({"run", folder.run_file("10"), "--devices", "1", "--set", "train.batch=0"}, kRunFile,
            "train.batch");
}

BOOST_AUTO_TEST_CASE(missing_data_is_4_and_its_path) {
  WorkFolder folder;
  const std::string file = folder.write(
      "far.toml", "run.steps = 10\nmodel.kind = \"logistic\"\ndata.train = \"far.libsvm\"\n");
  check_end({"run", file, "--devices", "1"}, kData, "annulet: AN403: " + folder.at("far.libsvm"));
  for (const auto& place : {folder.at("nowhere"), folder.at("")}) {
    check_end({"demo", "--data", place}, kData, "apt-get install dataset-fashion-mnist");
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_written_is_4_and_its_path) {
  WorkFolder folder;
  ChildProgram alone({"run", folder.run_file("10"), "--devices", "1", "--out", folder.at("out")});
  BOOST_TEST(alone.wait() == 0);
  const std::string page = folder.at("none/x.html");
  check_end({"report", folder.at("out"), "-o", page}, kData,
            "annulet: AN501: cannot write " + page +
                ": No such file or directory. Make its folder first");
  check_end({"report", folder.at("none")}, kData,
            "annulet: AN503: cannot read " + folder.at("none"));
}

BOOST_AUTO_TEST_CASE(json_is_an_object_at_every_end) {
  WorkFolder folder;
  const std::string file = folder.run_file("20");
  const std::string far = folder.write(
      "far.toml", "run.steps = 10\nmodel.kind = \"logistic\"\ndata.train = \"far.libsvm\"\n");
  ChildRing ring(folder, 2, file);
  const std::string taken = "127.0.0.1:" + ring.port();
  check_object({"run", file, "--devices", "2", "--listen", taken, "--token", "x"}, kNetwork,
               "cannot listen at " + taken);
  check_object({"run", folder.at("none.toml"), "--devices", "1"}, kRunFile, folder.at("none.toml"));
  check_object({"simulate", far, "--devices", "2"}, kData, folder.at("far.libsvm"));
  check_object({"demo", "--data", folder.at("nowhere")}, kData, "The demo learns from");
  check_object({"join", "here"}, kUsage, "here: give the starter's ADDR:PORT");
}

BOOST_AUTO_TEST_CASE(a_joiner_without_data_is_4_and_the_others_go_on) {
  WorkFolder folder;
  const std::string rows = folder.at("rows.libsvm");
  ChildRing ring(folder, 2,
                 folder.write("bare.toml", "run.steps = 20\nmodel.kind = \"logistic\"\n"),
                 {"--data", rows});
  ChildProgram& without = ring.join();
  BOOST_TEST(without.wait() == kData);
  check_says(without, "bring this device's own with --data PATH");
  ring[0].wait_for("device-1 is gone");
  BOOST_TEST(ring.join({"--data", rows}).wait() == 0);
  BOOST_TEST(ring[0].wait() == 0);
}

BOOST_AUTO_TEST_CASE(a_wrong_token_is_5_and_the_others_go_on) {
  WorkFolder folder;
  ChildRing ring(folder, 2, folder.run_file("20"), {"--token", "sesame"});
  ChildProgram& silent = ring.join();
  BOOST_TEST(silent.wait() == kNetwork);
  check_says(silent, "asks for a token");
  ChildProgram& wrong = ring.join({"--token", "barley"});
  BOOST_TEST(wrong.wait() == kNetwork);
  check_says(wrong, "The token is wrong");
  BOOST_TEST(ring.join({"--token", "sesame"}).wait() == 0);
  BOOST_TEST(ring[0].wait() == 0);
}

BOOST_AUTO_TEST_CASE(too_few_devices_are_6_and_their_names) {
  WorkFolder folder;
  ChildRing ring(folder, 3, folder.run_file("20"), {"--wait", "1s"});
  ring.join();
  for (std::size_t rank = 0; rank < 2; ++rank) {
    BOOST_TEST(ring[rank].wait() == kTooFew);
    check_says(ring[rank], "2 of 3 devices came: device-0, device-1");
  }
}

BOOST_AUTO_TEST_CASE(one_device_too_many_is_5) {
  WorkFolder folder;
  ChildRing ring(folder, 3, folder.run_file("20"));
  ring.join();
  ring[0].wait_for("device-1 joined");
  ring.join();
  ring.join();
  const int second = ring[2].wait(), third = ring[3].wait();  // either may have come first
  BOOST_TEST(((second == 0 && third == kNetwork) || (second == kNetwork && third == 0)));
  BOOST_TEST(ring[0].wait() == 0);
}

BOOST_AUTO_TEST_CASE(a_port_in_use_is_5_and_its_number) {
  WorkFolder folder;
  ChildRing ring(folder, 2, folder.run_file("20"));
  check_end({"run", folder.run_file("20"), "--devices", "2", "--listen", "127.0.0.1:" + ring.port(),
             "--token", "x"},
            kNetwork,
            "annulet: AN108: cannot listen at 127.0.0.1:" + ring.port() + ": another program");
}

BOOST_AUTO_TEST_CASE(where_nobody_listens_is_5_and_the_address) {
  WorkFolder folder;
  ChildRing ring(folder, 2, folder.run_file("20"));
  ring[0].send(9);
  ring[0].wait();
  ChildProgram& joiner = ring.join({"--wait", "300ms"});
  BOOST_TEST(joiner.wait() == kNetwork);
  check_says(joiner, "annulet: AN101: Cannot reach 127.0.0.1:" + ring.port());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
