/// Rounds that followed measured time, taken again from the log on devices of other speeds.
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "runtime/event_log.hpp"
#include "runtime/replay.hpp"
#include "runtime/wiring.hpp"
#include "tests/model/samples.hpp"
#include "tests/support/sim_cluster.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(replayed_rounds)

namespace {

using Settings = std::vector<std::string>;

/// Writes the log of the device that it watches.
struct Scribe final : Observer {
  void started(const RunStarted& event) override { log += log_line({}, event); }
  void round_done(const RoundDone& event, std::span<const float> /*x*/) override {
    log += log_line({}, event);
    rounds.push_back(event);
  }
  std::string log;
  std::vector<RoundDone> rounds;
};

struct Run {
  RunFinished end;
  std::string log;
  std::vector<RoundDone> rounds;
};

RunConfig config_of(Settings more) {
  more.insert(more.begin(),
              {"run.steps=200", "schedule={kind=\"balanced\", h_max=20}", "round.pace=time",
               "outer.momentum=0.5", "train.correct_drift=true", "data.partition=by-label"});
  return tests::small_config(more);
}

Run run(const RunConfig& config, std::vector<double> speeds,
        std::shared_ptr<const Replay> replay = {}) {
  SharedData data;
  data.put(config.data.train, *tests::sparse_sample());
  Simulation simulation;
  simulation.devices = 3;
  simulation.flops_per_second = std::move(speeds);
  simulation.replay = std::move(replay);
  Scribe scribe;
  auto end = simulate(config, simulation, data, scribe);
  return {std::move(end), std::move(scribe.log), std::move(scribe.rounds)};
}

std::shared_ptr<const Replay> replay_of(const Run& run) {
  return std::make_shared<Replay>(parse_replay(run.log, "log.jsonl"));
}

const std::vector<double> kMixed{2e5, 5e4, 1e5}, kOthers{1e5, 1e6, 1e4};

}  // namespace

BOOST_AUTO_TEST_CASE(other_speeds_take_the_rounds_of_the_log) {
  const auto config = config_of({});
  const auto first = run(config, kMixed);
  const auto others = run(config, kOthers);
  BOOST_TEST(*others.end.model_hash != *first.end.model_hash);  // so the log is what makes it equal
  const auto again = run(config, kOthers, replay_of(first));
  BOOST_TEST(again.end.exit_reason ==
             "done: " + std::to_string(first.rounds.size()) + " rounds of the log replayed");
  BOOST_TEST(*again.end.model_hash == *first.end.model_hash);
  BOOST_TEST_REQUIRE(again.rounds.size() == first.rounds.size());
  for (std::size_t i = 0; i < first.rounds.size(); ++i) {
    BOOST_TEST(again.rounds[i].h == first.rounds[i].h);
    BOOST_TEST(again.rounds[i].all_steps == first.rounds[i].all_steps,
               boost::test_tools::per_element());
    BOOST_TEST(again.rounds[i].model_hash == first.rounds[i].model_hash);
    BOOST_TEST(again.rounds[i].loss == first.rounds[i].loss);
  }
  BOOST_TEST(again.rounds[0].reason == "as in the log");
  BOOST_TEST(first.rounds.back().all_steps.size() == 3U);
}

// What ended the run is not what ends the replay, where that was the time.
BOOST_AUTO_TEST_CASE(a_run_that_time_ended_is_replayed_to_its_last_round) {
  const auto config = config_of({"run.time=200ms", "run.steps=1000000"});
  const auto first = run(config, kMixed);
  BOOST_TEST(first.end.exit_reason == "done: run.time = 200ms reached");
  const auto again = run(config, kOthers, replay_of(first));
  BOOST_TEST(again.rounds.size() == first.rounds.size());
  BOOST_TEST(*again.end.model_hash == *first.end.model_hash);
}

BOOST_AUTO_TEST_CASE(a_target_ends_the_replay_where_it_ended_the_run) {
  const auto config = config_of({"run.target_loss=0.69"});
  const auto first = run(config, kMixed);
  BOOST_TEST(first.end.exit_reason == "done: run.target_loss = 0.69 reached");
  const auto again = run(config, kOthers, replay_of(first));
  BOOST_TEST(again.end.exit_reason == first.end.exit_reason);
  BOOST_TEST(*again.end.model_hash == *first.end.model_hash);
}

BOOST_AUTO_TEST_CASE(a_round_that_comes_to_another_model_ends_the_replay) {
  const auto config = config_of({});
  const auto first = run(config, kMixed);
  auto changed = *replay_of(first);
  changed.rounds[4].model_hash ^= 1U;
  const auto again = run(config, kMixed, std::make_shared<Replay>(changed));
  BOOST_TEST(again.end.exit_code == 4);
  BOOST_TEST((again.end.error == std::optional(ErrorCode::checkpoint_does_not_fit)));
  BOOST_TEST(again.end.exit_reason.starts_with("round 5 comes to the model "),
             again.end.exit_reason);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
