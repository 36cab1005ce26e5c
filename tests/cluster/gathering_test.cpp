/// How devices find together: names, ranks, who is refused and why, who waits how long.
#include <algorithm>
#include <string>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/sim_cluster.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(gathering)

namespace {

namespace data = boost::unit_test::data;
using namespace std::chrono_literals;
using model::Dataset;

runtime::StartOptions for_devices(std::size_t devices, devices::Duration wait = 10min) {
  runtime::StartOptions options;
  options.devices = devices;
  options.wait = wait;
  return options;
}

/// Puts a set "on disk" that only those who name it have.
model::DataPath own_file(SimCluster& cluster, const std::string& name, Dataset set) {
  model::DataPath path;
  path.file = "/data/" + name;
  cluster.data.put(path, std::move(set));
  return path;
}

/// `rows` sparse rows with one entry in column `features`, labels in turn from `labels`.
Dataset sparse_rows(std::size_t rows, std::size_t features, const std::vector<float>& labels) {
  std::vector<std::size_t> offset{0};
  std::vector<float> label;
  for (std::size_t i = 0; i < rows; ++i) {
    offset.push_back(i + 1);
    label.push_back(labels[i % labels.size()]);
  }
  return Dataset::sparse(offset, std::vector<model::Index>(rows, model::Index(features - 1)),
                         std::vector<float>(rows, 1.0F), label, features);
}

bool lobby_says(const SimCluster& cluster, const std::string& text) {
  return std::ranges::any_of(cluster.lobby, [&](const auto& event) { return event.what == text; });
}

}  // namespace

BOOST_AUTO_TEST_CASE(duplicate_names_get_numbers) {
  SimCluster ring(small_config());
  ring.start({.name = "pi", .host = "a"}, for_devices(4));
  ring.join({.name = "pi", .host = "b"});
  ring.join({.name = "pi-2", .host = "c", .after = 10ms});
  ring.join({.name = "pi", .host = "d", .after = 20ms});
  ring.run();
  const std::vector<std::string> expected{"pi", "pi-2", "pi-2-2", "pi-3"};
  BOOST_TEST(ring[0].start->devices == expected, boost::test_tools::per_element());
  BOOST_TEST(ring[3].start->device == "pi-3");
  for (std::size_t r = 0; r < 4; ++r) BOOST_TEST(ring[r].reason() == "done");
}

BOOST_AUTO_TEST_CASE(ranks_follow_names_never_arrival) {
  std::vector<std::uint64_t> hashes;
  for (const bool reversed : {false, true}) {
    SimCluster ring(small_config());
    ring.start({.name = "zebra"}, for_devices(4));
    std::vector<std::string> names{"ant", "bee", "cat"};
    if (reversed) std::ranges::reverse(names);
    for (std::size_t i = 0; i < 3; ++i) ring.join({.name = names[i], .after = 50ms * (i + 1)});
    ring.run();
    const std::vector<std::string> expected{"zebra", "ant", "bee", "cat"};
    BOOST_TEST(ring[0].start->devices == expected, boost::test_tools::per_element());
    hashes.push_back(*ring[0].end->model_hash);
  }
  BOOST_TEST(hashes[0] == hashes[1]);
}

BOOST_AUTO_TEST_CASE(a_token_is_asked_for) {
  SimCluster ring(small_config());
  ring.start({.name = "desk", .token = "open"}, for_devices(2));
  ring.join({.name = "none"});
  ring.join({.name = "wrong", .token = "sesame"});
  ring.join({.name = "right", .token = "open", .after = 1s});
  ring.run();
  BOOST_TEST(ring[1].code() == 5);
  BOOST_TEST(ring[1].reason() ==
             "This run asks for a token: add --token WORD (in a device file token = \"WORD\"), the "
             "one that desk was started with.");
  BOOST_TEST(ring[2].code() == 5);
  BOOST_TEST(ring[2].reason() ==
             "The token is wrong: use --token WORD (in a device file token = \"WORD\"), the one "
             "that desk was started with.");
  BOOST_TEST(ring[3].reason() == "done");
  BOOST_TEST(ring[0].reason() == "done");
}

BOOST_AUTO_TEST_CASE(a_complete_ring_and_a_run_that_has_begun_take_no_more) {
  SimCluster ring(small_config({"run.steps=4000"}));
  ring.start({.name = "desk"}, for_devices(2));
  ring.join({.name = "device-1"});
  ring.join({.name = "too-many", .after = 1100us});  // hello on the way with the survey
  ring.join({.name = "late", .after = 500ms});
  ring.run();
  BOOST_TEST(ring[2].code() == 5);
  BOOST_TEST(ring[2].reason() ==
             "The ring is complete (2 devices); start the run with a larger --devices.");
  BOOST_TEST(ring[3].code() == 5);
  BOOST_TEST(ring[3].reason() ==
             "The run has begun and takes no more devices; start the next one with a larger "
             "--devices.");
  BOOST_TEST(ring[0].reason() == "done");
}

BOOST_AUTO_TEST_CASE(too_few_devices_end_with_6_and_all_are_told_who_came) {
  SimCluster ring(small_config());
  ring.start({.name = "desk"}, for_devices(4, 20s));
  ring.join({.name = "pi-1"});
  ring.join({.name = "pi-2", .after = 2s});
  ring.run();
  const std::string few =
      "Only 3 of 4 devices came: desk, pi-1, pi-2. Start the others with `annulet join`, or the "
      "run with fewer --devices.";
  BOOST_TEST(ring[0].code() == 6);
  BOOST_TEST(ring[0].reason() == few);
  for (const std::size_t r : {1U, 2U}) {
    BOOST_TEST(ring[r].code() == 6);
    BOOST_TEST(ring[r].reason() == "The starter ended the run before step 0: " + few);
    BOOST_TEST((ring[r].ended_at.since_start < 20s + 10ms));
  }
  BOOST_TEST((ring[0].ended_at.since_start == 20s + 2ms));  // its goodbye and theirs
}

BOOST_AUTO_TEST_CASE(a_joiner_dials_until_the_starter_listens) {
  SimCluster ring(small_config());
  ring.start({.name = "desk", .after = 7s}, for_devices(2));
  ring.join({.name = "pi-1"});
  ring.run();
  BOOST_TEST(ring[1].reason() == "done");
}

BOOST_AUTO_TEST_CASE(a_joiner_gives_up_dialling_after_its_wait) {
  SimCluster ring(small_config());
  ring.start({.name = "desk", .after = 60s}, for_devices(1));
  ring.join({.name = "pi-1", .wait = 3s});
  ring.run();
  BOOST_TEST(ring[1].code() == 5);
  BOOST_TEST(ring[1].reason() ==
             "Cannot reach desk:7077: Connection refused. Is `annulet run` started there, and is "
             "this its address?");
  BOOST_TEST((ring[1].ended_at.since_start > 2800ms));
  BOOST_TEST((ring[1].ended_at.since_start <= 3s));
}

// ---- data ---------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_joiner_without_data_exits_4_and_the_starter_waits_for_another) {
  SimCluster ring(small_config());
  ring.start({.name = "desk"}, for_devices(2));
  ring.join({.name = "empty", .has_data = false});
  ring.join({.name = "pi-1", .after = 100ms});
  ring.run();
  BOOST_TEST(ring[1].code() == 4);
  BOOST_TEST(ring[1].reason().find("/data/sparse") != std::string::npos, ring[1].reason());
  BOOST_TEST(
      lobby_says(ring, "empty is gone: AN403: its data cannot be used; its own screen says why"));
  BOOST_TEST(ring[2].reason() == "done");
  BOOST_TEST(ring[0].reason() == "done");
}

BOOST_AUTO_TEST_CASE(a_run_file_without_data_asks_for_the_joiners_own) {
  auto config = small_config();
  config.data.train = {};
  SimCluster ring(config);
  const auto mine = own_file(ring, "mine", sparse_rows(8, 5, {-1, 1}));
  ring.start({.name = "desk", .own_data = mine}, for_devices(2));
  ring.join({.name = "empty"});
  ring.join({.name = "pi-1", .own_data = mine, .after = 100ms});
  ring.run();
  BOOST_TEST(ring[1].code() == 4);
  BOOST_TEST(ring[1].reason() ==
             "The run file names no training data: bring this device's own with --data PATH");
  BOOST_TEST(ring[2].reason() == "done");
}

BOOST_AUTO_TEST_CASE(data_that_does_not_fit_are_refused_with_a_sentence) {
  struct Case {
    Dataset set;
    std::vector<std::string> settings;
    std::string sentence;
  };
  const std::vector<Case> cases{
      {Dataset::dense(std::vector<float>(21, 1.0F), {0, 1, 2}, 7),
       {"model.kind=\"softmax\"", "data.train=\"/data/dense\""},
       "pi-1 has rows of 7 features, desk of 6: dense data must have one width on all devices."},
      {Dataset::dense(std::vector<float>(24, 1.0F), {-1, 1}, 12),
       {},
       "pi-1 has dense data, desk sparse: use one format on all devices."},
      {sparse_rows(4, 15, {-1, 1}),
       {"data.features=12"},
       "pi-1 has 15 features, the run file allows 12: raise data.features to the largest index of "
       "all devices."},
      {sparse_rows(0, 5, {1}), {}, "pi-1 has no rows to train on: check its data file."},
      {sparse_rows(4, 5, {0, 1}), {}, "desk"},  // names both devices
  };
  for (const Case& each : cases) {
    SimCluster ring(small_config(each.settings));
    const auto other = own_file(ring, "other", each.set);
    ring.start({.name = "desk"}, for_devices(2));
    ring.join({.name = "pi-1", .own_data = other});
    // The place is free again at once.
    ring.join({.name = "pi-2", .after = 20ms});
    ring.run();
    BOOST_TEST_CONTEXT(each.sentence) {
      BOOST_TEST(ring[1].code() == 4);
      BOOST_TEST(ring[1].reason().find(each.sentence) != std::string::npos, ring[1].reason());
      BOOST_TEST(ring[1].reason().find("pi-1") != std::string::npos, ring[1].reason());
      BOOST_TEST(lobby_says(ring, "pi-1 is gone: refused: " + devices::text(*ring[1].end->error) +
                                      ": " + ring[1].reason()));
      BOOST_TEST(ring[2].reason() == "done");
      BOOST_TEST(ring[0].reason() == "done");
    }
  }
}

// Only all together tell that nobody has a positive label.
BOOST_AUTO_TEST_CASE(data_that_cannot_be_trained_on_together_end_all_with_4) {
  SimCluster ring(small_config());
  const auto negative = own_file(ring, "negative", sparse_rows(4, 5, {-1}));
  ring.start({.name = "desk", .own_data = negative}, for_devices(2));
  ring.join({.name = "pi-1", .own_data = negative});
  ring.run();
  BOOST_TEST(ring[0].code() == 4);
  BOOST_TEST(ring[1].code() == 4);
  BOOST_TEST(ring[1].reason() == "The starter ended the run before step 0: " + ring[0].reason());
}

BOOST_DATA_TEST_CASE(shared_rows_count_once_and_own_rows_each_time,
                     data::make({std::string("samples"), std::string("equal")}), weights) {
  SimCluster ring(small_config({"round.weights=\"" + weights + "\"", "data.partition=\"iid\""}));
  const auto own = own_file(ring, "own", sparse_rows(10, 15, {-1, 1}));
  ring.start({.name = "desk"}, for_devices(4));
  ring.join({.name = "pi-1"});
  ring.join({.name = "pi-2", .own_data = own});
  ring.join({.name = "pi-3"});
  ring.run();
  for (std::size_t r = 0; r < 4; ++r) {
    BOOST_TEST(ring[r].reason() == "done");
    BOOST_TEST(ring[r].start->rows == 70U);  // 60 shared and 10 own
    BOOST_TEST(ring[r].start->shard_rows == (r == 2 ? 10U : 20U));
    BOOST_TEST(ring[r].start->dimension == 15U);  // the largest index of all
    BOOST_TEST(*ring[r].end->model_hash == *ring[0].end->model_hash);
  }
}

BOOST_AUTO_TEST_CASE(weights_are_shares_of_the_samples_or_equal) {
  std::vector<std::vector<float>> models;
  for (const char* weights : {"samples", "equal"}) {
    SimCluster ring(small_config({std::string("round.weights=\"") + weights + "\"", "run.steps=1",
                                  "schedule.h=1", "train.lr.value=1", "model.l2=0"}));
    // One step from 0 with gradient -1/2 in an own column: the average shows the weight.
    ring.start({.name = "desk", .own_data = own_file(ring, "a", sparse_rows(30, 1, {1}))},
               for_devices(2));
    ring.join({.name = "pi-1", .own_data = own_file(ring, "b", sparse_rows(10, 2, {-1}))});
    ring.run();
    BOOST_TEST(ring[0].reason() == "done");
    models.push_back(ring[0].final_model);
  }
  BOOST_TEST(models[0] == (std::vector<float>{0.375F, -0.125F}), boost::test_tools::per_element());
  BOOST_TEST(models[1] == (std::vector<float>{0.25F, -0.25F}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
