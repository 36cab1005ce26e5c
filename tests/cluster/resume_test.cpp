/// A run that was cut and goes on from checkpoints ends as the uncut one: same rounds, same bits.
#include <algorithm>
#include <array>
#include <filesystem>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "runtime/checkpoint_folder.hpp"
#include "tests/support/kept_devices.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(resume)

namespace {

namespace data = boost::unit_test::data;
using namespace std::chrono_literals;
using Settings = std::vector<std::string>;

struct Case {
  const char* name;
  Settings settings;
  ClusterOptions shape{};
  friend std::ostream& operator<<(std::ostream& out, const Case& one) { return out << one.name; }
};

const std::array<Case, 11> kCases{{
    {"plain", {}},
    {"drift correction",
     {"train.correct_drift=true", "data.partition=by-label", "data.train=\"/data/dense\"",
      "model.kind=\"softmax\""}},
    {"epochs", {"data.sampling=shuffle", "train.batch=7"}},
    {"cyclic", {"data.sampling=cyclic", "train.batch=7"}},
    {"doubling", {"schedule={kind=\"doubling\", t0=4}"}},
    {"all of it, the paper's steps",
     {"data.sampling=shuffle", "schedule={kind=\"doubling\", t0=4}", "train.correct_drift=true",
      "train.lr={kind=\"paper\"}", "data.partition=by-label"}},
    {"momentum", {"outer.momentum=0.5", "outer.rate=0.9"}},
    {"uneven rounds",
     {"outer.momentum=0.5", "round.pace=time", "train.correct_drift=true",
      "data.partition=by-label"},
     {.slowdown = 3, .drop = 0.2}},
    {"H from the time",
     {"schedule={kind=\"balanced\"}", "round.pace=time"},
     {.flops_per_second = 2e5}},
    {"averages a round late",
     {"net.overlap=true", "train.correct_drift=true", "data.partition=by-label",
      "schedule={kind=\"doubling\", t0=4}", "data.sampling=shuffle", "net.compress=q8"}},
    {"averages of uneven rounds a round late",
     {"net.overlap=true", "round.pace=time", "train.correct_drift=true"},
     {.slowdown = 3, .drop = 0.2}},
}};

runtime::RunConfig config_of(const Settings& settings) {
  Settings all = {"run.steps=60", "output.eval_every=20", "output.checkpoint_every=1ms"};
  all.insert(all.end(), settings.begin(), settings.end());
  return small_config(all);
}

/// What a round came to; times and bytes are those of the cut run's own.
std::vector<std::string> rounds_of(const SimDevice& device) {
  std::vector<std::string> rounds;
  for (const auto& round : device.rounds) {
    rounds.push_back(std::to_string(round.round) + " " + std::to_string(round.step) + " " +
                     std::to_string(round.h) + " " + std::to_string(round.model_hash) + " " +
                     std::to_string(round.loss) + " " + std::to_string(round.model_bytes) + " " +
                     std::to_string(round.baseline_bytes) + " " + round.reason);
  }
  return rounds;
}

std::vector<std::string> rounds_of(const SimDevice& first, const SimDevice& second) {
  auto rounds = rounds_of(first);
  // Those that the second repeats, because they came after the checkpoint.
  rounds.resize(static_cast<std::size_t>(second.rounds.at(0).round - 1));
  for (const auto& round : rounds_of(second)) rounds.push_back(round);
  return rounds;
}

/// Keeps the checkpoints of all rounds.
class Hoard final : public runtime::CheckpointStore {
 public:
  explicit Hoard(std::filesystem::path folder) : folder_(std::move(folder)) {}
  [[nodiscard]] runtime::Kept write(const runtime::CheckpointPart& part) override {
    const std::array records = {part.record};
    runtime::write_checkpoint(disk_, folder_, part.round, records, rounds_);
    rounds_.push_back(part.round);
    return runtime::Kept::whole;
  }
  /// Removes all but those of these rounds, which must be there.
  void leave(const std::vector<std::int64_t>& rounds) {
    for (const auto round : rounds) BOOST_TEST_REQUIRE(std::ranges::count(rounds_, round) == 1);
    for (const auto round : rounds_) {
      if (std::ranges::count(rounds, round) > 0) continue;
      disk_.remove(folder_ / runtime::checkpoint_name(round));
    }
  }

 private:
  runtime::RealDisk disk_{runtime::RealDisk::Durability::unsynced};
  std::filesystem::path folder_;
  std::vector<std::int64_t> rounds_;
};

void check_same(const SimCluster& uncut, const SimCluster& first, const SimCluster& second) {
  for (std::size_t r = 0; r < uncut.size(); ++r) {
    BOOST_TEST(second[r].reason() == "done");
    BOOST_TEST(rounds_of(first[r], second[r]) == rounds_of(uncut[r]),
               boost::test_tools::per_element());
    BOOST_TEST(second[r].final_model == uncut[r].final_model, boost::test_tools::per_element());
    BOOST_TEST(*second[r].end->objective == *uncut[r].end->objective);
    BOOST_TEST(*second[r].end->objective_start == *uncut[r].end->objective_start);
    BOOST_TEST(*second[r].end->model_hash == *uncut[r].end->model_hash);
    BOOST_TEST(second[r].end->rounds == uncut[r].end->rounds);
    BOOST_TEST(*second[r].end->sent_model_bytes_per_device ==
               *uncut[r].end->sent_model_bytes_per_device);
    BOOST_TEST(*second[r].end->virtual_seconds > *first[r].end->virtual_seconds);
  }
}

}  // namespace

BOOST_DATA_TEST_CASE(a_run_interrupted_after_a_round_goes_on_to_the_same_end,
                     data::make({1, 3}) * data::make(kCases), workers, one) {
  const auto W = static_cast<std::size_t>(workers);
  SimCluster uncut(W, config_of(one.settings), one.shape);
  uncut.run();
  const auto rounds = static_cast<std::int64_t>(uncut[0].rounds.size());
  BOOST_REQUIRE(rounds > 2);
  for (std::int64_t cut = 1; cut < rounds; cut += 3) {
    KeptDevices devices(W);
    const auto first = devices.ring(config_of(one.settings), false, one.shape);
    auto& starter = (*first)[0];
    starter.at_round = [&](const runtime::RoundDone& event) {
      if (event.round == cut) starter.request_stop();
    };
    first->run();
    BOOST_TEST(starter.reason() == "interrupted");
    const auto second = devices.ring(config_of(one.settings), true, one.shape);
    second->run();
    check_same(uncut, *first, *second);
  }
}

// As if the power went: all that is left is what the disks have.
BOOST_DATA_TEST_CASE(a_run_whose_devices_all_vanish_goes_on_from_the_last_checkpoint,
                     data::make({1, 3}) * data::make(kCases), workers, one) {
  const auto W = static_cast<std::size_t>(workers);
  SimCluster uncut(W, config_of(one.settings), one.shape);
  uncut.run();
  const auto rounds = static_cast<std::int64_t>(uncut[0].rounds.size());
  for (std::int64_t cut = 3; cut < rounds; cut += 4) {
    KeptDevices devices(W);
    auto first = devices.ring(config_of(one.settings), false, one.shape);
    auto& starter = (*first)[0];
    starter.at_round = [&](const runtime::RoundDone& event) {
      if (event.round == cut) first->world().stop();
    };
    first->world().run();
    BOOST_TEST(!starter.end.has_value());
    for (std::size_t r = 0; r < W; ++r) (*first)[r].end.emplace().virtual_seconds = 0;
    const auto second = devices.ring(config_of(one.settings), true, one.shape);
    second->run();
    check_same(uncut, *first, *second);
  }
}

BOOST_AUTO_TEST_CASE(a_run_may_be_cut_again_and_again) {
  SimCluster uncut(3, config_of(kCases[5].settings));
  uncut.run();
  KeptDevices devices(3);
  std::vector<std::string> rounds;
  while (rounds.size() < uncut[0].rounds.size()) {
    const auto ring = devices.ring(config_of(kCases[5].settings), !rounds.empty());
    (*ring)[0].at_round = [&](const runtime::RoundDone&) { (*ring)[0].request_stop(); };
    ring->run();
    BOOST_REQUIRE((*ring)[0].rounds.size() <= 2U);  // asked for in one, ends after the next
    for (const auto& round : rounds_of((*ring)[0])) rounds.push_back(round);
  }
  BOOST_TEST(rounds == rounds_of(uncut[0]), boost::test_tools::per_element());
}

// The lost device's round comes to nothing, on the others too: not even their draws may count.
BOOST_AUTO_TEST_CASE(a_run_that_lost_a_device_goes_on_from_a_round_that_all_have) {
  const auto config = config_of(kCases[5].settings);
  SimCluster uncut(3, config);
  uncut.run();
  KeptDevices devices(3);
  const auto first = devices.ring(config, false);
  (*first)[1].at_round = [&](const runtime::RoundDone& event) {
    if (event.round == 6) first->lan->cut("device-2");
  };
  first->run();
  BOOST_TEST((*first)[0].code() == 5);
  const auto second = devices.ring(config, true);
  second->run();
  check_same(uncut, *first, *second);
}

// A second Ctrl-C ends the run when the steps of a round are taken but not averaged: their draws,
// and the epochs that they began, must not count.
BOOST_DATA_TEST_CASE(a_run_interrupted_in_the_middle_of_a_round_goes_on, data::make(kCases), one) {
  SimCluster uncut(1, config_of(one.settings), one.shape);
  uncut.run();
  KeptDevices devices(1);
  const auto first = devices.ring(config_of(one.settings), false, one.shape);
  auto& device = (*first)[0];
  device.at_round = [&](const runtime::RoundDone& event) {
    if (event.round != 3) return;
    first->at(first->world().now().since_start + 1us, [&] { device.stop->hurry(); });
  };
  first->run();
  BOOST_TEST(device.reason() == "interrupted in the middle of a round");
  BOOST_TEST(devices.rounds(0).front() == 3);
  const auto second = devices.ring(config_of(one.settings), true, one.shape);
  second->run();
  check_same(uncut, *first, *second);
}

// As after removals that failed, and a power cut between a rename and a removal.
BOOST_AUTO_TEST_CASE(a_round_that_all_have_is_found_among_more_than_a_run_leaves) {
  KeptDevices devices(2);
  std::vector<Hoard> hoards{Hoard(devices.folder(0)), Hoard(devices.folder(1))};
  SimCluster first(config_of({}));
  runtime::StartOptions start;
  start.devices = 2;
  start.run_id = KeptDevices::kRun;
  const auto hoarding = [&](std::size_t r) {
    auto options = devices.fresh(r);
    options.checkpoints = &hoards[r];
    return options;
  };
  first.start(hoarding(0), start);
  first.join(hoarding(1));
  first.run();
  hoards[0].leave({8, 10, 11, 15});
  hoards[1].leave({6, 8});
  const auto second = devices.ring(config_of({}), true);
  second->run();
  for (std::size_t r = 0; r < 2; ++r) {
    BOOST_TEST_REQUIRE((*second)[r].reason() == "done");
    BOOST_TEST((*second)[r].rounds.front().round == 9);
    BOOST_TEST(*(*second)[r].end->model_hash == *first[r].end->model_hash);
  }
}

// Two checkpoints, and at a run's end one more; never a half one.
BOOST_AUTO_TEST_CASE(few_checkpoints_are_kept) {
  KeptDevices devices(3);
  const auto ring = devices.ring(config_of({}), false);
  std::vector<std::size_t> counts;
  (*ring)[0].at_round = [&](const runtime::RoundDone& event) {
    if (event.round > 2) counts.push_back(devices.rounds(1).size());
    if (event.round == 9) (*ring)[0].request_stop();
  };
  ring->run();
  BOOST_TEST(*std::ranges::max_element(counts) == 2U);
  for (std::size_t r = 0; r < 3; ++r) {
    BOOST_TEST(devices.rounds(r) == (std::vector<std::int64_t>{10, 9, 8}),
               boost::test_tools::per_element());
    for (const auto& event : (*ring)[r].checkpoints) BOOST_TEST(event.problem == "");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
