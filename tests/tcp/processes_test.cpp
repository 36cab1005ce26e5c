/// The program itself, as users run it: a ring of processes to its end.
#include <algorithm>
#include <set>
#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/support/child_ring.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(processes)

namespace {

bool contains(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

/// The keys of one flat JSON object; its own check that it is one: {"key": value, ...} and a
/// line's end, nothing around it.
std::set<std::string> keys_of(const std::string& json) {
  BOOST_TEST_REQUIRE(json.size() > 3);
  BOOST_TEST(json.front() == '{');
  BOOST_TEST(json.substr(json.size() - 2) == "}\n");
  BOOST_TEST(std::ranges::count(json, '{') == 1);
  BOOST_TEST(std::ranges::count(json, '}') == 1);
  BOOST_TEST(std::ranges::count(json, '\n') == 1);
  std::set<std::string> keys;
  std::string last;
  for (std::size_t at = 0; (at = json.find('"', at)) != std::string::npos;) {
    const auto end = json.find('"', at + 1);
    last = json.substr(at + 1, end - at - 1);
    at = end + 1;
    if (json.compare(at, 1, ":") == 0) BOOST_TEST(keys.insert(last).second);
  }
  return keys;
}

const std::string kTested = "data.test = \"rows.libsvm\"\n";

}  // namespace

BOOST_AUTO_TEST_CASE(three_processes_train_the_same_model) {
  WorkFolder folder;
  ChildRing ring(folder, 3, folder.run_file("200"));
  ring.join();
  ring.join();
  for (std::size_t rank = 0; rank < 3; ++rank) {
    BOOST_TEST(ring[rank].wait() == 0);
    BOOST_TEST(contains(ring[rank].output(), "done  200 steps"), ring[rank].output());
  }
  const std::string model = folder.read("out-0/model.safetensors");
  BOOST_TEST(!model.empty());
  BOOST_TEST((folder.read("out-1/model.safetensors") == model));
  BOOST_TEST((folder.read("out-2/model.safetensors") == model));
  for (const char* name : {"log.jsonl", "rounds.csv", "config.toml", "report.html"}) {
    BOOST_TEST(!folder.read(std::string("out-0/") + name).empty(), name);
  }
}

BOOST_AUTO_TEST_CASE(the_starter_shows_who_comes) {
  WorkFolder folder;
  ChildRing ring(folder, 2, folder.run_file("10"));
  ring.join();
  ring[1].wait_for("joined as device-1");
  BOOST_TEST(ring[0].wait() == 0);
  BOOST_TEST(contains(ring[0].errors(), "device-1 joined from 127.0.0.1"), ring[0].errors());
  BOOST_TEST(contains(ring[0].errors(), "type: annulet join 127.0.0.1:" + ring.port() + "\n"));
  BOOST_TEST(!contains(ring[0].errors(), "Anyone on this network"));
}

BOOST_AUTO_TEST_CASE(json_is_one_object_on_standard_output) {
  WorkFolder folder;
  ChildRing ring(folder, 2, folder.run_file("20", kTested), {"--json"});
  ring.join({"--json"});
  for (std::size_t rank = 0; rank < 2; ++rank) {
    BOOST_TEST(ring[rank].wait() == 0);
    const auto keys = keys_of(ring[rank].output());
    for (const char* key :
         {"workers", "steps", "rounds", "seed", "objective", "objective_start", "parameters_norm",
          "model_hash", "sent_model_bytes_per_device", "sent_bytes_per_device",
          "baseline_bytes_per_device", "seconds", "peak_rss_bytes", "exit_reason"}) {
      BOOST_TEST(keys.contains(key), key);
    }
    for (const char* key : {"test_accuracy", "test_auc", "test_loss"}) {
      BOOST_TEST(keys.contains(key) == (rank == 0), key);  // the starter has the test set
    }
    BOOST_TEST(!keys.contains("virtual_seconds"));
    BOOST_TEST(!keys.contains("lost_device"));
  }
}

BOOST_AUTO_TEST_CASE(a_device_alone_trains_without_listening) {
  WorkFolder folder;
  ChildRing waiting(folder, 2, folder.run_file("10"));  // its port is in use
  ChildProgram alone({"run", folder.run_file("10"), "--devices", "1", "--listen",
                      "127.0.0.1:" + waiting.port(), "--out", folder.at("alone")});
  BOOST_TEST(alone.wait() == 0, alone.errors());
  BOOST_TEST(!contains(alone.errors(), "may join"), alone.errors());
}

BOOST_AUTO_TEST_CASE(devices_bring_their_own_data) {
  WorkFolder folder;
  const std::string rows = folder.at("rows.libsvm");
  const std::string run_file =
      folder.write("bare.toml", "run.steps = 20\nmodel.kind = \"logistic\"\n");
  ChildRing ring(folder, 2, run_file, {"--data", rows});
  ring.join({"--data", rows});
  BOOST_TEST(ring[0].wait() == 0, ring[0].errors());
  BOOST_TEST(ring[1].wait() == 0, ring[1].errors());
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_made_is_refused_before_the_run) {
  WorkFolder folder;
  ChildProgram alone({"run", folder.run_file("10"), "--devices", "2", "--out",
                      folder.at("rows.libsvm") + "/below-a-file"});
  BOOST_TEST(alone.wait() == 4);
  BOOST_TEST(contains(alone.errors(), "cannot make the folder"), alone.errors());
  BOOST_TEST(contains(alone.errors(), "rows.libsvm/below-a-file"), alone.errors());
}

BOOST_AUTO_TEST_CASE(a_folder_with_results_is_not_written_over) {
  WorkFolder folder;
  const std::vector<std::string> words{"run",   folder.run_file("10"), "--devices", "1",
                                       "--out", folder.at("out")};
  ChildProgram first(words);
  BOOST_TEST(first.wait() == 0);
  const std::string model = folder.read("out/model.safetensors");
  ChildProgram second(words);
  BOOST_TEST(second.wait() == 2);
  BOOST_TEST(contains(second.errors(), "holds the results of another run"), second.errors());
  BOOST_TEST((folder.read("out/model.safetensors") == model));
}

// Without care a socket or a file of results would get the number of standard output.
BOOST_AUTO_TEST_CASE(closed_standard_output_does_not_end_the_run) {
  WorkFolder folder;
  ChildProgram alone({"run", folder.run_file("10"), "--devices", "1", "--out", folder.at("out")},
                     ChildProgram::Output::closed);
  BOOST_TEST(alone.wait() == 0);
  BOOST_TEST(!contains(alone.errors(), "annulet:"), alone.errors());
}

BOOST_AUTO_TEST_CASE(results_that_nobody_gets_are_complained_of) {
  WorkFolder folder;
  ChildProgram alone(
      {"run", folder.run_file("10"), "--devices", "1", "--json", "--out", folder.at("out")},
      ChildProgram::Output::full);
  BOOST_TEST(alone.wait() == 4);
  BOOST_TEST(contains(alone.errors(), "standard output cannot be written"), alone.errors());
}

BOOST_AUTO_TEST_CASE(help_that_nobody_gets_is_complained_of) {
  ChildProgram help({"bench", "step", "--help"}, ChildProgram::Output::full);
  BOOST_TEST(help.wait() == 4);
  BOOST_TEST(contains(help.errors(), "standard output cannot be written"), help.errors());
}

BOOST_AUTO_TEST_CASE(shaped_processes_train_the_same_model) {
  WorkFolder folder;
  ChildRing ring(folder, 2, folder.run_file("30"), {"--link", "10mbit,1ms"});
  ring.join({"--link", "10mbit,1ms"});
  BOOST_TEST(ring[0].wait() == 0, ring[0].errors());
  BOOST_TEST(ring[1].wait() == 0, ring[1].errors());
  BOOST_TEST((folder.read("out-0/model.safetensors") == folder.read("out-1/model.safetensors")));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
