/// One round of Algorithm 1, against numbers worked out by hand.
#include "runtime/local_sgd.hpp"

#include <cmath>
#include <limits>
#include <memory>

#include <boost/test/unit_test.hpp>

#include "devices/processor.hpp"
#include "tests/support/sim_rings.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(local_sgd)

namespace {

using tests::SimRings;

/// Adds eta(t) times its own constant to every parameter in each step.
class Drifter final : public model::LocalSolver<float> {
 public:
  Drifter(float pull, bool finite) : pull_(pull), finite_(finite) {}
  model::StepReport take_steps(model::Params<float> x, model::Step t, model::Step h,
                               const model::StepSize& eta, const model::StepExtras<float>& extras,
                               const std::stop_token& /*stop*/) override {
    model::StepReport report;
    for (model::Step s = t; s < t + h; ++s) {
      for (std::size_t i = 0; i < x.size(); ++i) {
        const float corrected = pull_ + (extras.correction.empty() ? 0 : extras.correction[i]);
        x[i] += static_cast<float>(eta(s)) * corrected;
      }
      report.sum_eta += eta(s);
      report.sum_loss += 2;
      report.samples += 3;
      ++report.steps;
    }
    report.finite = finite_;
    return report;
  }
  model::Sampler& sampler() noexcept override { return *sampler_; }

 private:
  float pull_;
  bool finite_;
  std::unique_ptr<model::Sampler> sampler_ =
      std::make_unique<model::Sampler>(model::Sampling::cyclic, 1, 1, 1);
};

/// What one device of the round has.
struct Device {
  double share = 0.5;
  float pull = 0;
  bool finite = true;
  bool wants_to_stop = false;
  RoundRules rules{};
  double speed = 1;
  State state{};
  RoundRecord record{};
  RoundEnd end = RoundEnd::committed;
};

/// Step size 0.5, H = 4, T = 6.
void take_rounds(std::vector<Device>& devices, int rounds = 1) {
  SimRings rings(devices.size());
  model::StepSizeOptions options;
  options.value = 0.5;
  const auto eta = model::make_step_size(options, {});
  const auto schedule = make_schedule({.kind = "fixed", .h = 4}, {});
  rings.on_all([&](std::size_t rank, transport::Ring& ring) -> asio::awaitable<void> {
    Device& device = devices[rank];
    devices::VirtualProcessor processor(rings.world(), device.speed);
    auto rules = device.rules;
    rules.share = device.share;
    rules.rank = rank;
    Drifter solver(device.pull, device.finite);
    std::uint64_t operations = 0;
    LocalSgd run{.clock = rings.world(),
                 .processor = processor,
                 .ring = ring,
                 .solver = solver,
                 .eta = *eta,
                 .schedule = *schedule,
                 .rules = rules,
                 .horizon = 6,
                 .step_flops = 2,
                 .epoch = 1,
                 .round_limit = std::chrono::hours(1),
                 .stop_computing = {},
                 .request = [&device]() -> std::uint32_t {
                   return device.wants_to_stop ? std::uint32_t{kStop} : 0;
                 },
                 .operations = operations};
    for (int i = 0; i < rounds; ++i) {
      device.end = co_await take_round(run, device.state, device.record);
    }
  });
}

State at(std::vector<float> x, std::vector<float> v = {}) {
  State state;
  state.x = std::move(x);
  state.v = std::move(v);
  return state;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_round_averages_the_weighted_changes) {
  // Changes of 4 x 0.5 x pull: +2 and -6; with the weights 3/4 and 1/4 they cancel out.
  std::vector<Device> devices{{.share = 0.75, .pull = 1, .state = at({10, 20})},
                              {.share = 0.25, .pull = -3, .state = at({10, 20})}};
  take_rounds(devices);
  for (const Device& device : devices) {
    BOOST_TEST((device.end == RoundEnd::committed));
    BOOST_TEST(device.state.x == (std::vector<float>{10, 20}), boost::test_tools::per_element());
    BOOST_TEST(device.state.t == 4);
    BOOST_TEST(device.state.round == 1);
    BOOST_TEST(device.state.facts.loss == 2.0);
    // sum p |D_w|^2 - |D|^2 = 3/4 x 8 + 1/4 x 72 - 0
    BOOST_TEST(device.state.facts.drift == 24.0);
    BOOST_TEST(device.state.facts.delta_norm2 == 0.0);
    BOOST_TEST(device.record.facts.samples == 24.0);
    BOOST_TEST(device.record.h == 4);
    BOOST_TEST((device.record.compute == std::chrono::seconds(8)));
  }
}

BOOST_AUTO_TEST_CASE(the_last_round_ends_at_the_horizon) {
  std::vector<Device> devices{{.share = 1, .pull = 1, .state = at({0})}};
  take_rounds(devices, 2);
  BOOST_TEST(devices[0].state.t == 6);
  BOOST_TEST(devices[0].record.h == 2);
  BOOST_TEST(devices[0].state.x[0] == 3.0F);
}

BOOST_AUTO_TEST_CASE(corrections_cancel_what_own_data_pull_to) {
  std::vector<Device> devices{{.share = 0.75, .pull = 1, .state = at({0}, {0})},
                              {.share = 0.25, .pull = -3, .state = at({0}, {0})}};
  take_rounds(devices);
  // V += (D - D_w) / E with D = 0, E = 2.
  BOOST_TEST(devices[0].state.v[0] == -1.0F);
  BOOST_TEST(devices[1].state.v[0] == 3.0F);
  BOOST_TEST(0.75F * devices[0].state.v[0] + 0.25F * devices[1].state.v[0] == 0.0F);
}

BOOST_AUTO_TEST_CASE(a_drift_rate_takes_over_a_part_of_the_estimate) {
  const RoundRules rules{.drift_rate = 0.25};
  std::vector<Device> devices{{.share = 0.75, .pull = 1, .rules = rules, .state = at({0}, {0})},
                              {.share = 0.25, .pull = -3, .rules = rules, .state = at({0}, {0})}};
  take_rounds(devices);
  BOOST_TEST(devices[0].state.v[0] == -0.25F);
  BOOST_TEST(devices[1].state.v[0] == 0.75F);
}

BOOST_AUTO_TEST_CASE(one_device_may_ask_all_to_stop) {
  std::vector<Device> devices{{.pull = 1, .wants_to_stop = true, .state = at({0})},
                              {.pull = 1, .state = at({0})}};
  take_rounds(devices);
  for (const Device& device : devices) {
    BOOST_TEST((device.end == RoundEnd::stop));
    BOOST_TEST(device.state.t == 4);  // the round counts
    BOOST_TEST(device.state.x[0] == 2.0F);
  }
}

BOOST_AUTO_TEST_CASE(a_model_that_is_not_finite_leaves_the_state_as_it_was) {
  std::vector<Device> devices{{.pull = 1, .state = at({7}, {1})},
                              {.pull = 1, .finite = false, .state = at({7}, {1})}};
  take_rounds(devices);
  for (const Device& device : devices) {
    BOOST_TEST((device.end == RoundEnd::diverged));
    BOOST_TEST(device.record.facts.not_finite == 1);
    BOOST_TEST(device.record.facts.culprit == 2);  // rank + 1
    BOOST_TEST(device.state.x[0] == 7.0F);
    BOOST_TEST(device.state.v[0] == 1.0F);
    BOOST_TEST(device.state.t == 0);
    BOOST_TEST(device.state.round == 0);
  }
}

// y = -2.5e38 is a float, y - x = -5e38 is none.
BOOST_AUTO_TEST_CASE(a_change_beyond_the_floats_is_a_divergence_too) {
  std::vector<Device> devices{{.pull = 0, .state = at({2.5e38F})},
                              {.pull = -2.5e38F, .state = at({2.5e38F})}};
  take_rounds(devices);
  for (const Device& device : devices) {
    BOOST_TEST((device.end == RoundEnd::diverged));
    BOOST_TEST(device.record.facts.culprit == 2);
    BOOST_TEST(device.state.x[0] == 2.5e38F);
  }
}

// D = 2e38 and y = 2e38 are floats, 2 D is none: nobody's model is to blame.
BOOST_AUTO_TEST_CASE(an_average_beyond_the_floats_is_a_divergence_too) {
  std::vector<Device> devices(2, {.pull = 1e38F, .rules = {.outer = {0, 2}}, .state = at({0})});
  take_rounds(devices);
  for (const Device& device : devices) {
    BOOST_TEST((device.end == RoundEnd::diverged));
    BOOST_TEST(device.record.facts.not_finite == 0);
    BOOST_TEST(device.state.x[0] == 0.0F);
    BOOST_TEST(device.state.round == 0);
  }
}

BOOST_AUTO_TEST_CASE(momentum_goes_on_with_the_changes_of_rounds_before) {
  std::vector<Device> devices{
      {.share = 1, .pull = 1, .rules = {.outer = {0.5, 2}}, .state = at({0})}};
  devices[0].state.u = {0};
  take_rounds(devices);
  // D = 4 x 0.5: u = D, x = 2 (D + u/2).
  BOOST_TEST(devices[0].state.u[0] == 2.0F);
  BOOST_TEST(devices[0].state.x[0] == 6.0F);
  take_rounds(devices);  // D = 1, as T = 6: u = 2/2 + 1, x += 2 (1 + 2/2)
  BOOST_TEST(devices[0].state.u[0] == 2.0F);
  BOOST_TEST(devices[0].state.x[0] == 10.0F);
}

// The second device is known to be four times slower: it takes one of four steps.
BOOST_AUTO_TEST_CASE(a_slow_device_takes_fewer_steps_and_counts_as_much) {
  std::vector<Device> devices{
      {.pull = 1, .rules = {.paced = true}, .state = at({0}, {0})},
      {.pull = -3, .rules = {.paced = true}, .speed = 0.25, .state = at({0}, {0})}};
  for (auto& device : devices) device.state.step_seconds = {2, 8};
  take_rounds(devices);
  // D_w/E_w = 1 and -3; Ebar = (2 + 0.5) / 2: D = 1.25 x -1.
  for (const Device& device : devices) {
    BOOST_TEST(device.state.t == 4);
    BOOST_TEST(device.state.x[0] == -1.25F);
    BOOST_TEST(device.state.step_seconds == (std::vector<float>{2, 8}),
               boost::test_tools::per_element());
    BOOST_TEST((device.record.compute == std::chrono::seconds(8)));
  }
  BOOST_TEST(devices[0].record.own == 4);
  BOOST_TEST(devices[1].record.own == 1);
  // V_w += sum_v p_v D_v/E_v - D_w/E_w
  BOOST_TEST(devices[0].state.v[0] == -2.0F);
  BOOST_TEST(devices[1].state.v[0] == 2.0F);
}

// The second device takes 8 s for a step, the first 2 s and waits. A hop takes 1 ms.
BOOST_AUTO_TEST_CASE(times_travel_to_schedules_that_ask_for_them) {
  std::vector<Device> devices{
      {.pull = 1, .rules = {.timed = true}, .state = at({0})},
      {.pull = 1, .rules = {.timed = true}, .speed = 0.25, .state = at({0})}};
  for (auto& device : devices) device.state.step_seconds = {0, 0};
  take_rounds(devices);
  for (const Device& device : devices) {
    BOOST_TEST(device.state.x[0] == 2.0F);
    BOOST_TEST((device.state.step_seconds == std::vector<float>{2, 8}));
    BOOST_TEST(device.state.facts.step_s == 8.0);
    BOOST_TEST(device.state.facts.average_s == 0.0);
    BOOST_TEST((device.record.all == std::vector<model::Step>{4, 4}));
  }
  // The second device sends its part when it comes, and has the whole after two hops.
  BOOST_TEST(devices[0].state.round_seconds == 32.001F);
  BOOST_TEST(devices[1].state.round_seconds == 32.002F);
  take_rounds(devices);  // H = 2, as T = 6
  for (const Device& device : devices) {
    BOOST_TEST(device.state.facts.step_s == 8.0);
    BOOST_TEST(device.state.facts.average_s == 32.001F / 2 + 32.002F / 2 - 32);
  }
}

BOOST_AUTO_TEST_CASE(the_mean_is_of_those_present) {
  std::vector<Device> devices{
      {.share = 0.75, .pull = 1, .state = at({1}, {0})},
      {.share = 0.25, .pull = 5, .rules = {.drops = {1, 7}}, .state = at({1}, {0.5F})}};
  for (auto& device : devices) device.state.step_seconds = {0, 0};
  take_rounds(devices);
  for (const Device& device : devices) {
    BOOST_TEST(device.state.t == 4);
    BOOST_TEST(device.state.x[0] == 3.0F);  // 1 + 4 x 0.5 x 1
    BOOST_TEST(device.state.facts.loss == 2.0);
    BOOST_TEST(device.state.facts.drift == 0.0);
  }
  BOOST_TEST(devices[1].record.own == 0);
  BOOST_TEST(devices[1].state.v[0] == 0.5F);
  BOOST_TEST((devices[1].record.compute == std::chrono::seconds(0)));
}

BOOST_AUTO_TEST_CASE(a_round_that_all_miss_changes_nothing_but_t) {
  Device missing{.pull = 1, .rules = {.drops = {1, 7}}, .state = at({1}, {2})};
  missing.state.step_seconds = {0, 0};
  std::vector<Device> devices(2, missing);
  take_rounds(devices);
  BOOST_TEST(std::isnan(devices[0].state.facts.loss));  // nobody saw one yet
  for (Device& device : devices) device.state.facts.loss = 5;
  take_rounds(devices);
  for (const Device& device : devices) {
    BOOST_TEST(device.state.t == 6);
    BOOST_TEST(device.state.x[0] == 1.0F);
    BOOST_TEST(device.state.v[0] == 2.0F);
    BOOST_TEST(device.state.facts.loss == 5.0);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
