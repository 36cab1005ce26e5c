/// Checkpoints of a simulation: one file of all devices, and whoever completes it, the run is told.
#include <cerrno>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "runtime/checkpoint_store.hpp"
#include "runtime/resume.hpp"
#include "runtime/run_file.hpp"
#include "runtime/wiring.hpp"
#include "tests/model/samples.hpp"
#include "tests/support/failing_disk.hpp"
#include "tests/support/sim_cluster.hpp"
#include "tests/support/temporary_folder.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(simulation_checkpoints)

namespace {

namespace data = boost::unit_test::data;

constexpr std::size_t kNever = 1'000'000;

/// A checkpoint after each of six rounds.
runtime::RunConfig config_of() { return small_config({"output.checkpoint_every=1ms"}); }

/// What the starter's observer hears of checkpoints.
class Heard final : public runtime::Observer {
 public:
  void checkpointed(const runtime::Checkpointed& event) override {
    events.push_back(event);
    if (at_checkpoint) at_checkpoint();
  }
  [[nodiscard]] std::vector<std::int64_t> rounds() const {
    std::vector<std::int64_t> rounds;
    for (const auto& event : events) rounds.push_back(event.round);
    return rounds;
  }

  std::vector<runtime::Checkpointed> events;
  std::function<void()> at_checkpoint;
};

/// A simulation that keeps its checkpoints on a disk of which a call fails.
class KeptSimulation {
 public:
  explicit KeptSimulation(std::size_t devices, std::size_t fails_at = kNever,
                          Failing failing = Failing::from_then_on)
      : disk(real_, fails_at, ENOSPC, failing, kNever),
        store_(disk, [this] { return folder.path(); }) {
    simulation.devices = devices;
    simulation.flops_per_second = {1e4};  // a round takes longer than a millisecond
    simulation.checkpoints = &store_;
  }

  runtime::RunFinished run(const runtime::RunConfig& config) {
    runtime::SharedData data;
    data.put(config.data.train, *sparse_sample());
    return runtime::simulate(config, simulation, data, heard);
  }

  /// The rounds of which the folder has a file with all devices, newest first.
  [[nodiscard]] std::vector<std::int64_t> rounds_on_disk() {
    const auto who = runtime::ResumedBy::simulation;
    const auto read = runtime::read_resume(real_, folder.path(), who);
    BOOST_TEST(read.devices.size() == simulation.devices);
    std::vector<std::int64_t> rounds;
    for (const auto& checkpoint : read.devices.at(0).found)
      rounds.push_back(checkpoint.state.round);
    return rounds;
  }

  TemporaryFolder folder;

 private:
  runtime::RealDisk real_{runtime::RealDisk::Durability::unsynced};

 public:
  FailingDisk disk;
  runtime::Simulation simulation;
  Heard heard;

 private:
  runtime::SimulationCheckpoints store_;
};

/// How often the first checkpoint calls the disk.
std::size_t run_and_count_calls_of_first(KeptSimulation& kept) {
  std::size_t calls = 0;
  kept.heard.at_checkpoint = [&] {
    if (calls == 0) calls = kept.disk.calls();
  };
  kept.run(config_of());
  return calls;
}

/// H is 4, and there is much to say about that.
class Talkative final : public runtime::SyncSchedule {
 public:
  [[nodiscard]] model::Step local_steps(const runtime::RoundFacts& /*facts*/) const override {
    return 4;
  }
  [[nodiscard]] std::string reason(const runtime::RoundFacts& facts) const override {
    return std::string(300, 'r') + std::to_string(facts.t);
  }
  [[nodiscard]] std::string name() const override { return "talkative"; }
};

}  // namespace

BOOST_DATA_TEST_CASE(each_is_told_of_once_and_there, data::make({1, 2, 3, 4}), workers) {
  KeptSimulation kept(static_cast<std::size_t>(workers));
  BOOST_TEST(kept.run(config_of()).exit_code == 0);
  BOOST_REQUIRE(kept.heard.events.size() > 3U);
  std::int64_t last = 0;
  for (const auto& event : kept.heard.events) {
    BOOST_TEST(event.problem == "");
    BOOST_TEST(event.newest == event.round);
    BOOST_TEST(event.round > last);
    last = event.round;
  }
  const auto rounds = kept.rounds_on_disk();
  const auto told = kept.heard.rounds();
  BOOST_TEST(rounds == std::vector<std::int64_t>(told.rbegin(), told.rbegin() + 3),
             boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(a_disk_that_is_full_is_told_of_at_each, data::make({1, 2, 3, 4}), workers) {
  KeptSimulation whole(static_cast<std::size_t>(workers));
  const auto end = whole.run(config_of());
  KeptSimulation full(static_cast<std::size_t>(workers), 0);
  const auto poor = full.run(config_of());
  BOOST_TEST(*poor.model_hash == *end.model_hash);
  BOOST_TEST(full.heard.rounds() == whole.heard.rounds(), boost::test_tools::per_element());
  BOOST_TEST(full.heard.events.size() > 3U);
  for (const auto& event : full.heard.events) {
    BOOST_TEST(event.problem.ends_with("No space left on device"), event.problem);
    BOOST_TEST(event.newest == 0);
  }
}

BOOST_DATA_TEST_CASE(after_one_that_fails_the_newest_is_the_one_before, data::make({1, 2, 3, 4}),
                     workers) {
  KeptSimulation whole(static_cast<std::size_t>(workers));
  const auto calls = run_and_count_calls_of_first(whole);
  KeptSimulation kept(static_cast<std::size_t>(workers), calls, Failing::once);
  kept.run(config_of());
  BOOST_TEST(kept.heard.rounds() == whole.heard.rounds(), boost::test_tools::per_element());
  for (std::size_t i = 0; i < kept.heard.events.size(); ++i) {
    const auto& event = kept.heard.events[i];
    BOOST_TEST(event.problem.empty() == (i != 1), event.problem);
    BOOST_TEST(event.newest == kept.heard.events[i == 1 ? 0 : i].round);
  }
}

BOOST_AUTO_TEST_CASE(a_schedule_may_give_long_reasons) {
  KeptSimulation kept(2);
  kept.simulation.schedules.add(
      {.name = "talkative", .make = [](const auto& /*section*/, const auto& /*facts*/) {
         return std::make_unique<Talkative>();
       }});
  auto config = config_of();
  config.schedule.kind = "talkative";
  const auto end = kept.run(config);
  BOOST_TEST(end.exit_code == 0, end.exit_reason);
  BOOST_TEST(kept.heard.events.size() > 3U);
  for (const auto& event : kept.heard.events) BOOST_TEST(event.problem == "");
}

// Neither a neighbour's fault nor the end of the run. The path stands for a memory that is full.
BOOST_AUTO_TEST_CASE(a_state_that_cannot_be_copied_is_a_checkpoint_that_failed) {
  KeptSimulation whole(1), kept(1);
  const auto wanted = whole.run(config_of());
  auto config = config_of();
  config.data.train.file = "/data/" + std::string(70'000, 'x');
  const auto end = kept.run(config);
  BOOST_TEST(end.exit_code == 0, end.exit_reason);
  BOOST_TEST(*end.model_hash == *wanted.model_hash);
  BOOST_TEST(kept.heard.rounds() == whole.heard.rounds(), boost::test_tools::per_element());
  for (const auto& event : kept.heard.events) {
    BOOST_TEST(event.problem.starts_with("the state cannot be copied: "), event.problem);
    BOOST_TEST(event.newest == 0);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
