/// Real processes, cut by a signal, go on from their checkpoints to the end of the uncut run.
#include <algorithm>
#include <csignal>
#include <future>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/support/child_ring.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(resume)

namespace {

// Long enough to be interrupted.
constexpr const char* kSteps = "1600";
constexpr const char* kShuffled =
    "schedule = {kind = \"fixed\", h = 2}\ndata.sampling = \"shuffle\"\n"
    "train.correct_drift = true\n";

/// The value of a key of the object that a run printed.
std::string value_of(const std::string& json, const std::string& key) {
  const auto at = json.find("\"" + key + "\":");
  if (at == std::string::npos) return "none";
  const auto begin = at + key.size() + 3;
  return json.substr(begin, json.find_first_of(",}", begin) - begin);
}

/// A ring that goes on: each device with its own folder.
class ResumedRing {
 public:
  ResumedRing(WorkFolder& folder, std::size_t devices, const std::string& run_file) {
    std::vector<std::string> words{
        "run",         run_file, "--devices", std::to_string(devices), "--listen",
        "127.0.0.1:0", "--json", "--resume",  folder.at("out-0")};
    children_.push_back(std::make_unique<ChildProgram>(words));
    const auto port = children_[0]->wait_for_port();
    for (std::size_t r = 1; r < devices; ++r) {
      children_.push_back(std::make_unique<ChildProgram>(
          std::vector<std::string>{"join", "127.0.0.1:" + port, "--json", "--resume",
                                   folder.at("out-" + std::to_string(r))}));
    }
  }
  [[nodiscard]] ChildProgram& operator[](std::size_t rank) { return *children_.at(rank); }

 private:
  std::vector<std::unique_ptr<ChildProgram>> children_;
};

/// Waits for both at once: neither may stand because nobody reads the lines of its rounds.
template <class Ring>
void check_done(Ring& ring) {
  auto other = std::async(std::launch::async, [&] { return ring[1].wait(); });
  BOOST_TEST(ring[0].wait() == 0);
  BOOST_TEST(other.get() == 0);
}

/// The json of device-0 of a run that nobody cuts.
std::string uncut(const std::string& steps, const std::string& more) {
  WorkFolder folder;
  ChildRing ring(folder, 2, folder.run_file(steps, more), {"--json"});
  ring.join();
  check_done(ring);
  return ring[0].output();
}

void check_goes_on(WorkFolder& folder, const std::string& run_file, const std::string& steps) {
  const auto expected = uncut(steps, kShuffled);
  ResumedRing ring(folder, 2, run_file);
  check_done(ring);
  for (std::size_t r = 0; r < 2; ++r) {
    BOOST_TEST(value_of(ring[r].output(), "model_hash") == value_of(expected, "model_hash"));
    BOOST_TEST(value_of(ring[r].output(), "rounds") == value_of(expected, "rounds"));
    // The folder has the whole run: the head and a row of each round.
    const auto csv = folder.read("out-" + std::to_string(r) + "/rounds.csv");
    BOOST_TEST(std::to_string(std::count(csv.begin(), csv.end(), '\n') - 1) ==
               value_of(expected, "rounds"));
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_run_that_was_interrupted_goes_on) {
  WorkFolder folder;
  const auto run_file = folder.run_file(kSteps, kShuffled);
  {
    ChildRing ring(folder, 2, run_file);
    ring.join();
    ring[0].wait_for_round();
    ring[0].send(SIGINT);
    BOOST_TEST(ring[0].wait() == 130);
    BOOST_TEST(ring[1].wait() == 130);
    BOOST_TEST(ring[0].errors().find("the same command with --resume " + folder.at("out-0") +
                                     " instead of --out, on every device with its own folder.") !=
               std::string::npos);
  }
  check_goes_on(folder, run_file, kSteps);
}

BOOST_AUTO_TEST_CASE(a_run_whose_processes_were_all_killed_goes_on) {
  const auto more = std::string(kShuffled) + "output.checkpoint_every = \"1ms\"\n";
  WorkFolder folder;
  long step = 0;
  {
    // It cannot end before it is killed, however long a disk takes.
    ChildRing ring(folder, 2, folder.run_file("1000000000", more));
    ring.join();
    ring[1].wait_for_round();
    while (folder.read("out-0/log.jsonl").find("\"ev\":\"checkpoint\"") == std::string::npos ||
           folder.read("out-1/log.jsonl").find("\"ev\":\"checkpoint\"") == std::string::npos) {
      ring[0].wait_for(" ");  // another round
      std::istringstream line(ring[1].wait_for(" "));
      line >> step >> step;
    }
    ring[0].send(SIGKILL);
    ring[1].send(SIGKILL);
    BOOST_TEST(ring[0].wait() == 1000 + SIGKILL);
    ring[1].wait();  // killed, or told of the loss a moment before
  }
  // Further than the lines that a pipe still held.
  const auto steps = std::to_string(step + 8000);
  check_goes_on(folder, folder.run_file(steps, more), steps);
}

BOOST_AUTO_TEST_CASE(who_does_not_belong_is_told_what_to_type) {
  WorkFolder folder;
  const auto run_file = folder.run_file("40", kShuffled);
  {
    ChildRing ring(folder, 2, run_file);
    ring.join();
    BOOST_TEST(ring[1].wait() == 0);
    BOOST_TEST(ring[0].wait() == 0);
  }
  const auto code_of = [](const std::vector<std::string>& words, std::string& errors) {
    ChildProgram child(words);
    const int code = child.wait();
    errors = child.errors();
    return code;
  };
  std::string errors;
  BOOST_TEST(code_of({"run", run_file, "--devices", "3", "--resume", folder.at("out-0")}, errors) ==
             2);
  BOOST_TEST(errors.find("device-0 and device-1): give --devices 2") != std::string::npos, errors);
  BOOST_TEST(code_of({"run", run_file, "--devices", "2", "--resume", folder.at("out-1")}, errors) ==
             2);
  BOOST_TEST(errors.find("annulet join ADDR:PORT --resume") != std::string::npos, errors);
  BOOST_TEST(code_of({"join", "127.0.0.1:1", "--resume", folder.at("out-0")}, errors) == 2);
  BOOST_TEST(errors.find("annulet run FILE --devices 2 --resume") != std::string::npos, errors);
  BOOST_TEST(code_of({"run", run_file, "--devices", "2", "--resume", folder.at("out-0"), "--set",
                      "train.batch=3"},
                     errors) == 4);
  BOOST_TEST(errors.find("train.batch was 32 and is now 3") != std::string::npos, errors);
  BOOST_TEST(
      code_of({"run", run_file, "--devices", "2", "--resume", folder.at("nowhere")}, errors) == 4);
  BOOST_TEST(errors.find("cannot read the folder") != std::string::npos, errors);
  BOOST_TEST(code_of({"simulate", run_file, "--devices", "2", "--resume", folder.at("out-0")},
                     errors) == 4);
  BOOST_TEST(errors.find("go on with annulet run and annulet join") != std::string::npos, errors);
}

BOOST_AUTO_TEST_CASE(a_simulation_goes_on) {
  WorkFolder folder;
  const auto run_file = folder.run_file("400", kShuffled);
  const auto simulate = [&](std::vector<std::string> more) {
    std::vector<std::string> words{"simulate", run_file, "--devices", "3", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    ChildProgram child(words);
    BOOST_TEST(child.wait() == 0, child.errors());
    return child.output();
  };
  const auto whole = simulate({"--out", folder.at("whole")});
  simulate({"--out", folder.at("cut"), "--set", "run.steps=200"});
  const auto rest = simulate({"--resume", folder.at("cut")});
  BOOST_TEST(value_of(rest, "model_hash") == value_of(whole, "model_hash"));
  BOOST_TEST(value_of(rest, "rounds") == value_of(whole, "rounds"));
  BOOST_TEST(value_of(rest, "objective") == value_of(whole, "objective"));
}

// The model file says how many features there are; the run file need not.
BOOST_AUTO_TEST_CASE(a_simulation_that_began_with_a_model_goes_on) {
  WorkFolder folder;
  const auto run = [&](const std::string& file, std::vector<std::string> more) {
    std::vector<std::string> words{"simulate", file, "--devices", "2", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    ChildProgram child(words);
    BOOST_TEST(child.wait() == 0, child.errors());
    return child.output();
  };
  run(folder.run_file("40", kShuffled), {"--out", folder.at("first")});
  const auto run_file = folder.run_file("80", kShuffled);
  const std::string init = "model.init=" + folder.at("first/model.safetensors");
  const auto whole = run(run_file, {"--set", init, "--out", folder.at("whole")});
  run(run_file, {"--set", init, "--out", folder.at("cut"), "--set", "run.steps=40"});
  const auto rest = run(run_file, {"--set", init, "--resume", folder.at("cut")});
  BOOST_TEST(value_of(rest, "model_hash") == value_of(whole, "model_hash"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
