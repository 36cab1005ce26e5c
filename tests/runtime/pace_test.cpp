/// round.pace = "time" goes by what steps cost, not by what a round costs beside them.
#include <array>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "devices/processor.hpp"
#include "runtime/local_sgd.hpp"
#include "tests/model/samples.hpp"
#include "tests/support/sim_rings.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(pace)

namespace {

using namespace std::chrono_literals;

/// A step takes it a second. Handing work over takes a hundred, and once a thousand.
class SlowToBegin final : public devices::Processor {
 public:
  SlowToBegin(devices::Clock& clock, int slow_round)
      : clock_(clock), steps_(clock, 1), slow_round_(slow_round) {}
  asio::awaitable<void> run(devices::Flops cost, std::function<void()> work) override {
    if (cost.count > 0) {
      co_await clock_.sleep_until(clock_.now() + (++round_ == slow_round_ ? 1000s : 100s));
    }
    co_await steps_.run(cost, std::move(work));
  }
  [[nodiscard]] devices::Duration time_of(devices::Flops cost,
                                          devices::Duration by_the_clock) const override {
    return steps_.time_of(cost, by_the_clock);
  }

 private:
  devices::Clock& clock_;
  devices::VirtualProcessor steps_;
  int slow_round_, round_ = 0;
};

asio::awaitable<void> take_all(LocalSgd& run, State& state, std::vector<model::Step>& taken) {
  RoundRecord record;
  while (state.t < run.horizon) {
    co_await take_round(run, state, record);
    taken.push_back(record.own);
  }
}

/// The steps that each of three devices takes in each round, of 16; rank 1 is slow to begin once.
std::array<std::vector<model::Step>, 3> steps_of_equals(bool overlap) {
  const auto rows = tests::sparse_sample();
  model::ObjectiveOptions options;
  options.features = rows->features();
  const auto objective = model::make_objective<float>(options);
  const auto shard = tests::shard_of(rows, model::LabelUse::binary, 0, rows->rows());
  const auto eta = model::make_step_size({}, {});
  const auto schedule = make_schedule({.kind = "fixed", .h = 16}, {});
  std::array<std::vector<model::Step>, 3> taken;
  tests::SimRings rings(taken.size());
  rings.on_all([&](std::size_t rank, transport::Ring& ring) -> asio::awaitable<void> {
    SlowToBegin processor(rings.world(), rank == 1 ? 3 : 0);
    const auto solver = model::make_solver<float>(
        options, {*objective, shard}, model::Sampler(model::Sampling::cyclic, 1, shard.size(), 4));
    State state;
    state.x.resize(objective->dimension());
    state.step_seconds.resize(taken.size());
    std::uint64_t operations = 0;
    LocalSgd run{.clock = rings.world(),
                 .processor = processor,
                 .ring = ring,
                 .solver = *solver,
                 .eta = *eta,
                 .schedule = *schedule,
                 .rules = {.share = 1.0 / 3, .rank = rank, .paced = true, .overlap = overlap},
                 .horizon = 160,
                 .step_flops = 1,
                 .request = [] { return std::uint32_t{0}; },
                 .operations = operations};
    co_await take_all(run, state, taken.at(rank));
  });
  return taken;
}

}  // namespace

// If the whole round counted, one that began late would look slow, take fewer steps, and look
// slower for it: what a round costs beside its steps is shared by fewer.
BOOST_AUTO_TEST_CASE(who_begins_late_once_takes_as_many_steps_as_its_equals) {
  for (const bool overlap : {false, true}) {
    for (const auto& taken : steps_of_equals(overlap)) {
      BOOST_TEST(taken == std::vector<model::Step>(10, 16), boost::test_tools::per_element());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
