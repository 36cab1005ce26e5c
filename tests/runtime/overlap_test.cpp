/// Averages that come a round late, against the rule as it is written, worked out apart from it.
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "devices/processor.hpp"
#include "devices/side_by_side.hpp"
#include "runtime/local_sgd.hpp"
#include "tests/support/late_averages.hpp"
#include "tests/support/sim_rings.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(overlap)

namespace {

using namespace std::chrono_literals;
using namespace tests::late;
using tests::SimRings;

/// Each step is eta (pull + V - x): a device's own data pull it to its own point.
class Spring final : public model::LocalSolver<float> {
 public:
  explicit Spring(double pull) : pull_(static_cast<float>(pull)) {}
  model::StepReport take_steps(model::Params<float> x, model::Step t, model::Step h,
                               const model::StepSize& eta, const model::StepExtras<float>& extras,
                               const std::stop_token& stop) override {
    model::StepReport report;
    for (model::Step s = t; s < t + h; ++s) {
      if (stop.stop_requested()) break;
      const float correction = extras.correction.empty() ? 0 : extras.correction[0];
      for (auto& average : extras.averages) average.add<float>(s, x);
      x[0] += static_cast<float>(eta(s)) * (pull_ + correction - x[0]);
      report.sum_eta += eta(s);
      report.sum_loss += static_cast<double>(s);
      ++report.steps;
    }
    report.finite = finite;
    if (!finite) x[0] = std::numeric_limits<float>::quiet_NaN();
    steps_taken.push_back(report.steps);
    return report;
  }
  model::Sampler& sampler() noexcept override { return *sampler_; }

  bool finite = true;
  std::vector<model::Step> steps_taken;

 private:
  float pull_;
  std::unique_ptr<model::Sampler> sampler_ =
      std::make_unique<model::Sampler>(model::Sampling::cyclic, 1, 1, 1);
};

/// Of each device what it has, and what came of it.
struct Device {
  explicit Device(std::size_t rank, bool corrects) : solver(kPulls.at(rank)) {
    state.x = {static_cast<float>(kStart)};
    if (corrects) state.v = {0};
    state.averages.push_back({.weights = {model::AverageKind::uniform, 1}});
  }
  Spring solver;
  State state;
  RoundRecord record;
};

struct Ring {
  explicit Ring(bool corrects) {
    for (std::size_t r = 0; r < kShares.size(); ++r) devices.emplace_back(r, corrects);
  }

  /// Until T, or as long as `go_on` says so after a round.
  using AfterRound = std::function<bool(std::size_t, RoundEnd)>;
  void run(const AfterRound& go_on, const RoundRules& more = {}) {
    SimRings rings(devices.size());
    model::StepSizeOptions options;
    options.value = kEta;
    const auto eta = model::make_step_size(options, {});
    const auto schedule = make_schedule({.kind = "fixed", .h = kH}, {});
    rings.on_all([&](std::size_t rank, transport::Ring& ring) -> asio::awaitable<void> {
      devices::VirtualProcessor processor(rings.world(), 1);
      std::uint64_t operations = 0;
      Device& device = devices[rank];
      LocalSgd loop{.clock = rings.world(),
                    .processor = processor,
                    .ring = ring,
                    .solver = device.solver,
                    .eta = *eta,
                    .schedule = *schedule,
                    .rules = more,
                    .horizon = kSteps,
                    .step_flops = 1,
                    .request = [] { return 0U; },
                    .operations = operations};
      loop.rules.share = kShares.at(rank);
      loop.rules.rank = rank;
      loop.rules.overlap = true;
      for (bool goes_on = true; goes_on && device.state.t < kSteps;) {
        const RoundEnd end = co_await take_round(loop, device.state, device.record);
        goes_on = go_on(rank, end);
      }
    });
  }

  std::vector<Device> devices;
};

void check(const State& state, const Moment& expected) {
  BOOST_TEST(state.x[0] == expected.x);
  BOOST_TEST((state.v.empty() ? 0 : state.v[0]) == expected.v);
  BOOST_TEST(state.facts.loss == expected.loss);
  BOOST_TEST(state.t == expected.t);
  // 1/3 is no float, nor a double: up to rounding of at most nine additions.
  BOOST_TEST(state.averages[0].mean[0] == expected.mean, boost::test_tools::tolerance(1e-14));
}

void check_rule(bool corrects) {
  const auto expected = naive(corrects);
  Ring ring(corrects);
  ring.run([&](std::size_t rank, RoundEnd end) {
    BOOST_TEST((end == RoundEnd::committed));
    const State& state = ring.devices[rank].state;
    check(state, expected.at(rank).at(static_cast<std::size_t>(state.round) - 1));
    const model::Step ahead = std::min(kH, kSteps - state.t);
    BOOST_TEST(state.under_way.part.h == ahead);
    BOOST_TEST(ring.devices[rank].record.h == (state.t < kSteps ? kH : kSteps % kH));
    return true;
  });
  for (std::size_t r = 0; r < 3; ++r) {
    BOOST_TEST(ring.devices[r].state.round == 5);
    BOOST_TEST(ring.devices[r].solver.steps_taken == (std::vector<model::Step>{2, 2, 2, 2, 1}),
               boost::test_tools::per_element());
    BOOST_TEST(ring.devices[r].record.cut);
  }
}

/// Takes as long as it costs, and does the work only then.
class LateProcessor final : public devices::Processor {
 public:
  explicit LateProcessor(devices::Clock& clock) : clock_(clock) {}
  asio::awaitable<void> run(devices::Flops cost, std::function<void()> work) override {
    const auto cancelled = co_await devices::attempt(
        clock_.sleep_until(clock_.now() + devices::from_seconds(cost.count)));
    work();
    if (cancelled) std::rethrow_exception(cancelled);
  }
  [[nodiscard]] devices::Duration time_of(devices::Flops cost,
                                          devices::Duration /*by_the_clock*/) const override {
    return devices::from_seconds(cost.count);
  }

 private:
  devices::Clock& clock_;
};

}  // namespace

BOOST_AUTO_TEST_CASE(averages_that_come_a_round_late_follow_the_rule) { check_rule(false); }

BOOST_AUTO_TEST_CASE(so_do_corrections_of_drift) { check_rule(true); }

BOOST_AUTO_TEST_CASE(corrections_sum_to_0_in_all_rounds) {
  Ring ring(true);
  std::array<float, 3> v{};
  int seen = 0;
  ring.run([&](std::size_t rank, RoundEnd) {
    v.at(rank) = ring.devices[rank].state.v[0];
    if (++seen % 3 == 0) BOOST_TEST(0.5F * v[0] + 0.25F * v[1] + 0.25F * v[2] == 0.0F);
    return true;
  });
  BOOST_TEST(v[1] != 0.0F);
}

// What goes with a change comes when it does: a round late.
BOOST_AUTO_TEST_CASE(a_change_that_is_not_finite_is_found_when_its_average_is_due) {
  Ring ring(false);
  std::array<State, 3> kept;
  ring.run([&](std::size_t rank, RoundEnd end) {
    Device& device = ring.devices[rank];
    if (device.solver.steps_taken.size() == 2) {  // those of rounds 0 and 1 are taken
      BOOST_TEST((end == RoundEnd::committed));
      device.solver.finite = rank != 1;  // in round 2, beside the average of round 1
    } else if (device.solver.steps_taken.size() == 3) {
      BOOST_TEST((end == RoundEnd::committed));
      BOOST_TEST(device.state.under_way.facts.not_finite == (rank == 1 ? 1 : 0));
      for (const float change : device.state.under_way.d) BOOST_TEST(std::isfinite(change));
      device.solver.finite = true;
      kept.at(rank) = device.state;
    } else {
      BOOST_TEST((end == RoundEnd::diverged));
      BOOST_TEST(device.record.facts.culprit == 2);
      BOOST_TEST(device.state.t == 4);
      BOOST_TEST(device.state.x == kept.at(rank).x, boost::test_tools::per_element());
      BOOST_TEST(device.state.under_way.d == kept.at(rank).under_way.d,
                 boost::test_tools::per_element());
      return false;
    }
    return true;
  });
}

// Steps of hours, whose average has failed after a second.
BOOST_AUTO_TEST_CASE(steps_beside_an_average_that_fails_are_ended) {
  SimRings rings(2);
  Device device(0, false);
  const auto eta = model::make_step_size({}, {});
  const auto schedule = make_schedule({.kind = "fixed", .h = kH}, {});
  State before;
  const auto alone = [&](std::size_t rank, transport::Ring& ring) -> asio::awaitable<void> {
    if (rank == 1) co_return;  // it never takes part
    LateProcessor processor(rings.world());
    std::uint64_t operations = 0;
    LocalSgd loop{.clock = rings.world(),
                  .processor = processor,
                  .ring = ring,
                  .solver = device.solver,
                  .eta = *eta,
                  .schedule = *schedule,
                  .rules = {.share = 0.5, .overlap = true},
                  .horizon = kSteps,
                  .step_flops = 3600,
                  .round_limit = 1s,
                  .request = [] { return 0U; },
                  .operations = operations};
    co_await take_round(loop, device.state, device.record);
  };
  BOOST_CHECK_THROW(rings.on_all(alone), std::system_error);
  // Two steps of an hour each for the first round, then the average and the next two together.
  BOOST_TEST((rings.world().now().since_start >= 2h + 1s));
  BOOST_TEST((rings.world().now().since_start < 2h + 2s));
  BOOST_TEST(device.solver.steps_taken == (std::vector<model::Step>{2, 0}),
             boost::test_tools::per_element());
  BOOST_TEST(device.state.t == 0);
  BOOST_TEST(device.state.under_way.empty());
  BOOST_TEST(device.state.averages[0].total == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
