/// A device's part in an uneven round, with numbers worked out by hand.
#include <array>
#include <limits>
#include <memory>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "runtime/control_variates.hpp"
#include "runtime/round.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(uneven_part)

namespace {

/// Adds eta(t) to every parameter in each step, whose loss is 2.
class Walker final : public model::LocalSolver<float> {
 public:
  model::StepReport take_steps(model::Params<float> x, model::Step t, model::Step h,
                               const model::StepSize& eta, const model::StepExtras<float>& /*e*/,
                               const std::stop_token& /*stop*/) override {
    model::StepReport report;
    for (model::Step s = t; s < t + h; ++s) {
      for (float& value : x) value += static_cast<float>(eta(s));
      report.sum_eta += eta(s);
      report.sum_loss += 2;
      report.samples += 3;
      ++report.steps;
    }
    return report;
  }
  model::Sampler& sampler() noexcept override { return sampler_; }

 private:
  model::Sampler sampler_{model::Sampling::cyclic, 1, 1, 1};
};

/// eta(t) = 1/(1 + t).
std::unique_ptr<model::StepSize> falling() {
  model::StepSizeOptions options;
  options.kind = model::StepSizeKind::inverse;
  options.lr0 = 1;
  options.tau = 1;
  return model::make_step_size(options, {});
}

State small_state() {
  State state;
  state.x = {5};
  state.step_seconds = {0.25F, 0.5F};
  return state;
}

/// One of four steps, at 1/4 of the weight.
OwnChange one_step_of_four() {
  Walker solver;
  const auto eta = falling();
  const OwnChange nothing_ahead;
  const State state = small_state();
  OwnChange own;
  own.part = {.h = 4, .own = 1};
  take_part(own, {.share = 0.25, .rank = 1, .paced = true}, {solver, *eta}, {state, nothing_ahead});
  return own;
}

}  // namespace

BOOST_AUTO_TEST_CASE(steps_that_were_not_taken_count_by_their_own_sizes) {
  const auto effort = one_step_of_four().part.effort;
  BOOST_TEST(effort.eta == 1.0);
  BOOST_TEST(effort.full_eta == 1.0 + 1.0 / 2 + 1.0 / 3 + 1.0 / 4);
}

BOOST_AUTO_TEST_CASE(the_loss_is_the_mean_of_the_steps_that_were_taken) {
  const auto own = one_step_of_four();
  BOOST_TEST(own.facts.loss == 0.25 * 2);
  BOOST_TEST(own.facts.samples == 3.0);
}

BOOST_AUTO_TEST_CASE(drift_and_loss_are_of_those_present) {
  auto own = one_step_of_four();
  Facts sums;
  sums.loss = 1.5;
  sums.delta_norm2 = 3;
  sums.left_out.share = 0.25;
  std::vector<float> delta{0};
  State next;
  BOOST_TEST(commit_part(own, {.share = 0.25}, small_state(), delta, sums, next));
  BOOST_TEST(next.facts.drift == 4.0);
  BOOST_TEST(next.facts.loss == 2.0);
}

BOOST_AUTO_TEST_CASE(who_misses_a_round_keeps_its_speed) {
  const RoundRules rules{.share = 0.25, .rank = 1, .drops = {0.5, 1}};
  std::vector<float> tail;
  write_tail({}, {rules, {.h = 4, .own = 0}, 0}, small_state(), tail);
  BOOST_TEST(tail[kFacts + kUnevenFacts] == 0.0F);
  BOOST_TEST(tail[kFacts + kUnevenFacts + 1] == 0.5F);
  write_tail({}, {rules, {.h = 4, .own = 2}, 3}, small_state(), tail);
  BOOST_TEST(tail[kFacts + kUnevenFacts + 1] == 1.5F);
}

BOOST_AUTO_TEST_CASE(what_is_no_sum_of_requests_asks_for_nothing) {
  const auto asked = [](double request) { return Facts{.request = request}.requests(); };
  BOOST_TEST(asked(kStop | kCheckpoint) == (kStop | kCheckpoint));
  for (const double odd : {-1.0, 8.0, 1e30, std::numeric_limits<double>::infinity(),
                           std::numeric_limits<double>::quiet_NaN()}) {
    BOOST_TEST(asked(odd) == 0U);
  }
}

BOOST_AUTO_TEST_CASE(steps_of_size_0_say_nothing_about_drift) {
  std::vector<float> v{7};
  const std::vector<float> full{1}, own{2};
  correct<float>(v, full, own, {.full_eta = 0});
  BOOST_TEST(v[0] == 7.0F);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
