/// The same run in virtual time and over TCP: the same bits on every device, after every round, and
/// as many of them sent as the kernel says.
#include <algorithm>
#include <array>
#include <ostream>
#include <string>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "runtime/run_file.hpp"
#include "runtime/wiring.hpp"
#include "tests/model/samples.hpp"
#include "tests/support/tcp_cluster.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(same_bits)

namespace {

namespace data = boost::unit_test::data;
using tests::DeviceStory;

struct Case {
  const char* name;
  bool sparse;  // the sparse sample of two labels, else the dense one of four
  const char* toml;
};

std::ostream& operator<<(std::ostream& out, const Case& one) { return out << one.name; }

constexpr std::array<Case, 8> kCases{{
    {"logistic, doubling, corrected", true,
     "run = {steps = 90, seed = 3}\nmodel = {kind = \"logistic\", l2 = \"1/n\"}\n"
     "data = {train = \"here\", partition = \"by-label\"}\n"
     "train = {batch = 3, lr = {kind = \"inverse\", lr0 = 0.5, tau = 30}, correct_drift = true}\n"
     "schedule = {kind = \"doubling\", alpha = 2, t0 = 8}\noutput = {eval_every = 20}\n"},
    {"logistic, the paper's steps", true,
     "run = {steps = 60}\nmodel = {kind = \"logistic\", l2 = \"1/n\"}\n"
     "data = {train = \"here\", partition = \"all\"}\n"
     "train = {batch = 2, lr = {kind = \"paper\"}}\nschedule = {kind = \"fixed\", h = 7}\n"},
    {"softmax, dense", false,
     "run = {steps = 40}\nmodel = {kind = \"softmax\", bias = true}\ndata = {train = \"here\"}\n"
     "train = {batch = 4, correct_drift = true}\nschedule = {kind = \"fixed\", h = 3}\n"
     "round = {weights = \"equal\"}\n"},
    {"momentum over rounds", true,
     "run = {steps = 40}\nmodel = {kind = \"logistic\"}\n"
     "data = {train = \"here\", partition = \"by-label\"}\n"
     "train = {batch = 4, correct_drift = true}\nschedule = {kind = \"fixed\", h = 3}\n"
     "outer = {momentum = 0.5, rate = 0.7}\n"},
    {"one-shot", false,
     "run = {steps = 50, seed = 9}\nmodel = {kind = \"softmax\"}\n"
     "data = {train = \"here\", sampling = \"shuffle\"}\nschedule = {kind = \"one-shot\"}\n"},
    {"scaled, dense", false,
     "run = {steps = 40}\nmodel = {kind = \"softmax\", bias = true, l2 = 0.01}\n"
     "data = {train = \"here\", scale = \"standard\", partition = \"by-label\"}\n"
     "train = {batch = 4, correct_drift = true, lr = {kind = \"paper\"}}\n"
     "schedule = {kind = \"fixed\", h = 3}\n"},
    {"scaled, sparse", true,
     "run = {steps = 40}\nmodel = {kind = \"logistic\"}\n"
     "data = {train = \"here\", scale = \"standard\", partition = \"all\"}\n"
     "train = {batch = 4}\nschedule = {kind = \"fixed\", h = 3}\n"},
    {"averages a round late", true,
     "run = {steps = 62, output = \"linear\"}\nmodel = {kind = \"logistic\"}\n"
     "data = {train = \"here\", partition = \"by-label\", sampling = \"shuffle\"}\n"
     "train = {batch = 4, correct_drift = true}\nschedule = {kind = \"guarded\", t0 = 8}\n"
     "net = {overlap = true}\noutput = {eval_every = 20}\n"},
}};

}  // namespace

BOOST_DATA_TEST_CASE(virtual_time_and_tcp_give_the_same_model,
                     data::make(kCases) * data::make<std::size_t>({1, 2, 3, 5}), run, devices) {
  const RunConfig config = parse_run_file(run.toml, "test.toml", "/", {});
  tests::LoadedData data(run.sparse ? tests::sparse_sample() : tests::dense_sample());
  tests::Chronicler simulated;
  Simulation simulation;
  simulation.devices = devices;
  BOOST_TEST_REQUIRE(simulate(config, simulation, data, simulated).exit_reason == "done");
  const DeviceStory& expected = simulated.story();
  BOOST_TEST_REQUIRE(expected.finished.rounds > 0);

  for (const DeviceStory& story : tests::train_over_tcp(config, devices, data)) {
    BOOST_TEST(story.finished.exit_reason == "done");
    BOOST_TEST(story.hashes == expected.hashes, boost::test_tools::per_element());
    BOOST_TEST((story.model == expected.model));
    BOOST_TEST((story.finished.model_hash == expected.finished.model_hash));
    BOOST_TEST((story.finished.objective == expected.finished.objective));
    BOOST_TEST((story.finished.sent_model_bytes_per_device ==
                expected.finished.sent_model_bytes_per_device));
  }
}

BOOST_DATA_TEST_CASE(a_target_ends_both_in_the_same_round, data::make<std::size_t>({1, 3}),
                     devices) {
  const std::vector<std::string> settings{"run.steps=5000", "run.target_gap=0.02"};
  const RunConfig config = parse_run_file(kCases[0].toml, "test.toml", "/", settings);
  tests::LoadedData data(tests::sparse_sample());
  tests::Chronicler simulated;
  Simulation simulation;
  simulation.devices = devices;
  const auto expected = simulate(config, simulation, data, simulated);
  BOOST_TEST_REQUIRE(expected.exit_reason == "done: run.target_gap = 0.02 reached");
  for (const DeviceStory& story : tests::train_over_tcp(config, devices, data)) {
    BOOST_TEST(story.finished.exit_reason == expected.exit_reason);
    BOOST_TEST(story.finished.steps == expected.steps);
    BOOST_TEST((story.finished.model_hash == expected.model_hash));
    BOOST_TEST((story.finished.gap == expected.gap));
  }
}

BOOST_DATA_TEST_CASE(three_runs_over_tcp_are_one, data::make<std::size_t>({1, 2, 3, 5}), devices) {
  const RunConfig config = parse_run_file(kCases[0].toml, "test.toml", "/", {});
  tests::LoadedData data(tests::sparse_sample());
  const auto first = tests::train_over_tcp(config, devices, data);
  BOOST_TEST_REQUIRE(first[0].hashes.size() > 1U);
  for (int again = 0; again < 2; ++again) {
    for (const DeviceStory& story : tests::train_over_tcp(config, devices, data)) {
      BOOST_TEST(story.hashes == first[0].hashes, boost::test_tools::per_element());
    }
  }
}

// The loopback loses nothing, so one of the four is used.
BOOST_DATA_TEST_CASE(streams_that_are_chosen_change_no_model, data::make<std::size_t>({1, 2, 3}),
                     devices) {
  tests::LoadedData data(tests::sparse_sample());
  const auto one =
      tests::train_over_tcp(parse_run_file(kCases[0].toml, "test.toml", "/", {}), devices, data);
  const std::vector<std::string> settings{"net.streams=auto"};
  const RunConfig config = parse_run_file(kCases[0].toml, "test.toml", "/", settings);
  const auto stories = tests::train_over_tcp(config, devices, data);
  for (std::size_t r = 0; r < devices; ++r) {
    BOOST_TEST(stories[r].finished.exit_reason == "done");
    BOOST_TEST(stories[r].hashes == one[0].hashes, boost::test_tools::per_element());
    BOOST_TEST(stories[r].lines == (devices > 1 ? 1 : 0));
  }
}

// Control lines, greetings and data links: all of a device's sockets against all of its books. No
// heartbeat comes between the two within this time-out.
BOOST_DATA_TEST_CASE(what_devices_say_was_sent_is_what_the_kernel_says,
                     data::make<std::size_t>({1, 2, 3, 5}) *
                         data::make<std::string>({"1", "3", "auto"}),
                     devices, streams) {
  const std::vector<std::string> settings{"run.steps=9", "net.peer_timeout=\"1h\"",
                                          "net.streams=" + streams};
  const RunConfig config = parse_run_file(kCases[2].toml, "test.toml", "/", settings);
  tests::LoadedData data(tests::dense_sample());
  for (const DeviceStory& story :
       tests::train_over_tcp(config, devices, data, tests::Books::compared)) {
    BOOST_TEST(story.finished.exit_reason == "done");
    BOOST_TEST(story.sent.size() == 3U);
    BOOST_TEST((devices == 1 || story.sent.back() > 0));
    BOOST_TEST(story.acknowledged == story.sent, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
