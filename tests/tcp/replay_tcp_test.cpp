/// Runs whose rounds follow measured time, over TCP, and again from a log in virtual time.
#include <sstream>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/support/child_ring.hpp"
#include "tests/support/screen.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(replay_tcp)

namespace {

/// The lines of a device's log that are rounds.
std::vector<std::string> rounds_of(const WorkFolder& folder, const std::string& out) {
  std::vector<std::string> rounds;
  std::istringstream log(folder.read(out + "/log.jsonl"));
  for (std::string line; std::getline(log, line);) {
    if (value_of(line, "ev") == "\"round\"") rounds.push_back(line);
  }
  return rounds;
}

/// A ring of four, of which the last two are four times slower, to its end.
void train(WorkFolder& folder, const std::string& run_file) {
  ChildRing ring(folder, 4, run_file);
  ring.join();
  ring.join({"--slow", "4"});
  ring.join({"--slow", "4"});
  for (std::size_t r = 0; r < ring.size(); ++r) BOOST_TEST(ring[r].wait() == 0, ring[r].errors());
}

/// From any device's log. What it says must be the same as on the ring: the hash of each model.
void check_replay(const WorkFolder& folder, const std::string& run_file) {
  const auto model = folder.read("out-0/model.safetensors");
  const auto rounds = rounds_of(folder, "out-0");
  for (const std::string log : {"out-0", "out-3/log.jsonl"}) {
    const auto out = folder.at("again-" + log.substr(0, 5));
    const auto again = run({"simulate", run_file, "--devices", "4", "--replay", folder.at(log),
                            "--json", "--out", out});
    BOOST_TEST(again.code == 0, again.err);
    BOOST_TEST(value_of(again.out, "exit_reason") ==
               "\"done: " + std::to_string(rounds.size()) + " rounds of the log replayed\"");
    BOOST_TEST(value_of(again.out, "model_hash") == value_of(rounds.back(), "model_hash"));
  }
}

const std::string kPaced = "round.pace = \"time\"\ntrain.correct_drift = true\ntrain.batch = 20\n";

}  // namespace

// How much slower the machine lets them be is not certain, but that they are slower: whoever of two
// works on the same core, the slow ones wait three times as long as they worked.
BOOST_AUTO_TEST_CASE(slow_devices_take_fewer_steps_to_the_same_model) {
  WorkFolder folder;
  const auto file = folder.run_file("800", kPaced + "schedule = {kind = \"fixed\", h = 40}\n");
  train(folder, file);
  const auto first = rounds_of(folder, "out-0");
  BOOST_TEST_REQUIRE(first.size() == 20U);
  int fewer = 0;
  for (const std::string out : {"out-1", "out-2", "out-3"}) {
    const auto rounds = rounds_of(folder, out);
    BOOST_TEST_REQUIRE(rounds.size() == first.size());
    for (std::size_t i = 0; i < rounds.size(); ++i) {
      BOOST_TEST(value_of(rounds[i], "model_hash") == value_of(first[i], "model_hash"));
      BOOST_TEST(value_of(rounds[i], "h") == "40");
      const auto own = value_of(rounds[i], "own_steps");
      if (out != "out-1" && !own.empty() && std::stoi(own) < 40) ++fewer;
    }
  }
  BOOST_TEST(fewer > 0);
  check_replay(folder, file);
}

BOOST_AUTO_TEST_CASE(an_h_that_followed_the_time_is_that_of_the_log) {
  WorkFolder folder;
  // In virtual time, where averages are slow, H would double to the end.
  const auto file =
      folder.run_file("3000", kPaced + "schedule = {kind = \"balanced\", budget = 0.5}\n");
  train(folder, file);
  check_replay(folder, file);
  // By its own time it comes to another model.
  const auto own = run({"simulate", file, "--devices", "4", "--json", "--out", folder.at("own")});
  BOOST_TEST(own.code == 0, own.err);
  BOOST_TEST(value_of(own.out, "model_hash") !=
             value_of(rounds_of(folder, "out-0").back(), "model_hash"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
