/// Stretches of steps, and their median.
#include "runtime/step_rate.hpp"

#include <algorithm>
#include <vector>

#include "runtime/median.hpp"

namespace annulet::runtime {
namespace {

constexpr std::size_t kStretches = 5;
constexpr double kStretchesInAll = kStretches + 1;  // the warm-up is one
constexpr double kCallsAStretch = 8;                // so that one call hardly overshoots a stretch
constexpr model::Step kLongestCall = model::Step{1} << 30U;

/// Calls of the solver, each from the same x: what it has learned would change what it costs.
class Calls {
 public:
  Calls(const StepTrial& trial, const std::stop_token& stop)
      : trial_(trial), stop_(stop), x_(trial.start.begin(), trial.start.end()) {}

  model::StepReport take(model::Step h) {
    std::ranges::copy(trial_.start, x_.begin());
    const model::StepExtras<float> extras{trial_.correction, trial_.averages, trial_.clock};
    return trial_.solver.take_steps(x_, 0, h, trial_.eta, extras, stop_);
  }
  [[nodiscard]] bool stopped() const { return stop_.stop_requested(); }

 private:
  const StepTrial& trial_;
  const std::stop_token& stop_;
  std::vector<float> x_;
};

/// Until `seconds` have passed; 0 where x does not stay finite.
model::Step warm_up(Calls& calls, double seconds) {
  model::Step h = 1;
  for (double passed = 0; passed < seconds && !calls.stopped();) {
    const auto report = calls.take(h);
    if (!report.finite) return 0;
    passed += report.seconds;
    if (report.seconds * kCallsAStretch * 2 < seconds) h = std::min(2 * h, kLongestCall);
  }
  return h;
}

}  // namespace

StepRate measure_steps(const StepTrial& trial, const std::stop_token& stop) {
  Calls calls(trial, stop);
  StepRate rate{.stretch_s = trial.seconds / kStretchesInAll};
  const auto h = warm_up(calls, rate.stretch_s);
  rate.finite = h > 0;
  std::vector<double> rates;
  double all = 0;
  while (rate.finite && rates.size() < kStretches && all < trial.seconds && !calls.stopped()) {
    double passed = 0;
    model::Step steps = 0;
    while (passed < rate.stretch_s && rate.finite && !calls.stopped()) {
      const auto report = calls.take(h);
      passed += report.seconds;
      steps += report.steps;
      rate.finite = report.finite;
    }
    rates.push_back(static_cast<double>(steps) / passed);
    rate.steps += steps;
    all += passed;
  }
  if (rates.empty() || calls.stopped()) return rate;
  rate.stretches = rates.size();
  rate.steps_per_second = median(rates);
  rate.lowest = *std::ranges::min_element(rates);
  rate.highest = *std::ranges::max_element(rates);
  return rate;
}

}  // namespace annulet::runtime
