/// The median of stretches of steps whose times are known.
#include "runtime/step_rate.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(step_rate)

namespace {

/// Steps take what `cost` says of the number of steps taken before a call; nothing is computed.
class TimedSolver final : public model::LocalSolver<float> {
 public:
  explicit TimedSolver(std::function<double(model::Step)> cost) : cost_(std::move(cost)) {}

  model::StepReport take_steps(model::Params<float> x, model::Step t, model::Step h,
                               const model::StepSize& /*eta*/,
                               const model::StepExtras<float>& /*extras*/,
                               const std::stop_token& stop) override {
    BOOST_TEST(t == 0);
    began_at_the_start_ = began_at_the_start_ && std::ranges::count(x, 0.5F) == 2;
    std::ranges::fill(x, 7.0F);
    longest_ = std::max(longest_, h);
    if (stop.stop_requested()) return {};
    const double seconds = static_cast<double>(h) * cost_(taken_);
    taken_ += h;
    return {.steps = h, .finite = taken_ <= last_finite_, .seconds = seconds};
  }
  [[nodiscard]] model::Sampler& sampler() noexcept override { return sampler_; }

  void diverge_after(model::Step steps) { last_finite_ = steps; }
  [[nodiscard]] model::Step taken() const { return taken_; }
  [[nodiscard]] model::Step longest() const { return longest_; }
  [[nodiscard]] bool began_at_the_start() const { return began_at_the_start_; }

 private:
  std::function<double(model::Step)> cost_;
  model::Sampler sampler_{model::Sampling::cyclic, 1, 1, 1};
  model::Step taken_ = 0, longest_ = 0;
  model::Step last_finite_ = std::numeric_limits<model::Step>::max();
  bool began_at_the_start_ = true;
};

StepRate rate_of(TimedSolver& solver, double seconds, const std::stop_token& stop = {}) {
  const std::vector<float> start(2, 0.5F);
  const auto eta = model::make_step_size({}, {});
  return measure_steps(
      {.solver = solver, .start = start, .eta = *eta, .clock = {}, .seconds = seconds}, stop);
}

}  // namespace

BOOST_AUTO_TEST_CASE(even_steps_have_their_rate) {
  TimedSolver solver([](model::Step) { return 1.0 / 1024; });
  const auto rate = rate_of(solver, 6);
  BOOST_TEST(rate.steps_per_second == 1024);
  BOOST_TEST(rate.lowest == 1024);
  BOOST_TEST(rate.highest == 1024);
  BOOST_TEST(rate.stretches == 5U);
  BOOST_TEST(rate.stretch_s == 1);
  BOOST_TEST(rate.steps == 5 * 1024);
  BOOST_TEST(solver.longest() == 64);  // a sixteenth of a stretch
  BOOST_TEST(solver.began_at_the_start());
}

BOOST_AUTO_TEST_CASE(the_warm_up_does_not_count_and_one_slow_stretch_hardly_does) {
  // Slow until the caches are full; then, in the second stretch, something else takes the core.
  TimedSolver solver([](model::Step taken) {
    if (taken < 100) return 1.0 / 128;
    return taken >= 2048 && taken < 2112 ? 1.0 / 256 : 1.0 / 1024;
  });
  const auto rate = rate_of(solver, 6);
  BOOST_TEST(rate.steps_per_second == 1024);
  BOOST_TEST(rate.lowest == 832);
  BOOST_TEST(rate.highest == 1024);
}

BOOST_AUTO_TEST_CASE(long_steps_end_in_time) {
  TimedSolver solver([](model::Step) { return 4.0; });
  const auto rate = rate_of(solver, 6);
  BOOST_TEST(rate.steps_per_second == 0.25);
  BOOST_TEST(rate.stretches == 2U);
  BOOST_TEST(solver.taken() == 3);
  TimedSolver very([](model::Step) { return 1000.0; });
  BOOST_TEST(rate_of(very, 6).steps_per_second == 0.001);
  BOOST_TEST(very.taken() == 2);
}

BOOST_AUTO_TEST_CASE(a_model_that_runs_away_is_no_measure) {
  for (const model::Step last : {10, 3000}) {
    TimedSolver solver([](model::Step) { return 1.0 / 1024; });
    solver.diverge_after(last);
    const auto rate = rate_of(solver, 6);
    BOOST_TEST(!rate.finite);
    BOOST_TEST(solver.taken() <= last + solver.longest());
  }
}

BOOST_AUTO_TEST_CASE(it_stops_when_told_to) {
  std::stop_source stop;
  TimedSolver solver([&stop](model::Step taken) {
    if (taken > 1500) stop.request_stop();
    return 1.0 / 1024;
  });
  const auto rate = rate_of(solver, 6, stop.get_token());
  BOOST_TEST(rate.finite);
  BOOST_TEST(solver.taken() < 1700);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
