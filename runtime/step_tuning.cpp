/// A walk over a grid that gives up early what cannot win.
#include "runtime/step_tuning.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <utility>

namespace annulet::runtime {
namespace {

using model::Step;

constexpr double kLargest = 32;  // the paper's cap
constexpr int kMiddle = -3;      // near which eps = 0.005 has its best steps

std::vector<StepChoice> family(StepChoice::Family family, int least, int most) {
  std::vector<StepChoice> steps;
  for (int power = least; power <= most; ++power) steps.push_back({family, power});
  return steps;
}

Step total(const std::vector<Reached>& runs) {
  Step sum = 0;
  for (const auto& run : runs) sum += run.steps.value_or(0);
  return sum;
}

/// The runs of one step of the grid, or none when it does not win.
std::vector<Reached> compete(const PaperProblem& problem, const Trial& trial, const Tuning& tuning,
                             const StepChoice& step, const std::vector<Reached>& best) {
  std::vector<Reached> runs;
  for (int seed = 1; seed <= tuning.seeds; ++seed) {
    Step most = tuning.most;
    if (!best.empty()) {
      most = std::min(most, total(best) - total(runs));  // more cannot win
      const auto first = static_cast<double>(*best.front().steps);
      if (seed == 1) most = std::min(most, static_cast<Step>(tuning.hopeless * first));
    }
    if (most < 1) return {};
    runs.push_back(steps_to_target(
        problem, trial, {step.options(), static_cast<std::uint64_t>(seed), most, tuning.stop}));
    if (!runs.back().steps) return {};
  }
  return best.empty() || total(runs) < total(best) ? runs : std::vector<Reached>{};
}

/// The first run that reaches the target, or none.
std::optional<Tuned> any_that_reaches(const PaperProblem& problem, const Trial& trial,
                                      const Tuning& tuning) {
  for (const auto& step : tuning.steps) {
    for (int seed = 1; seed <= tuning.seeds; ++seed) {
      const Draw draw{step.options(), static_cast<std::uint64_t>(seed), tuning.most, tuning.stop};
      const auto run = steps_to_target(problem, trial, draw);
      if (run.steps) return Tuned{step, {run}};
    }
  }
  return {};
}

template <class Number>
MeanAndSpread over(const std::vector<Reached>& runs, Number number) {
  std::vector<double> numbers(runs.size());
  std::ranges::transform(runs, numbers.begin(),
                         [&](const Reached& run) { return static_cast<double>(number(run)); });
  return mean_and_spread(numbers);
}

}  // namespace

model::StepSizeOptions StepChoice::options() const {
  model::StepSizeOptions options;
  const double c = std::ldexp(1.0, power);
  switch (family) {
    case Family::decaying:
      options.kind = model::StepSizeKind::capped_inverse;
      options.max = kLargest;
      options.scale = c;
      break;
    case Family::constant:
      options.kind = model::StepSizeKind::constant;
      options.value = kLargest * c;
      break;
    case Family::paper:
      options.kind = model::StepSizeKind::paper;
      break;
  }
  return options;
}

std::string StepChoice::text() const {
  if (family == Family::paper) return "paper";
  std::ostringstream text;
  text << (family == Family::decaying ? 'd' : 'c') << std::ldexp(1.0, power);
  return text.str();
}

std::vector<StepChoice> decaying_steps() {
  return nearest_first(family(StepChoice::Family::decaying, -6, 2), kMiddle);
}
std::vector<StepChoice> constant_steps() {
  return nearest_first(family(StepChoice::Family::constant, -9, 0), kMiddle);
}

std::vector<StepChoice> step_grid() {
  auto steps = decaying_steps();
  for (const auto& step : constant_steps()) steps.push_back(step);
  return nearest_first(std::move(steps), kMiddle);
}

std::vector<StepChoice> nearest_first(std::vector<StepChoice> steps, int power) {
  std::ranges::stable_sort(
      steps, {}, [power](const StepChoice& step) { return std::abs(step.power - power); });
  return steps;
}

MeanAndSpread mean_and_spread(const std::vector<double>& numbers) {
  MeanAndSpread found;
  if (numbers.empty()) return found;
  const auto size = static_cast<double>(numbers.size());
  for (const double number : numbers) found.mean += number / size;
  if (numbers.size() == 1) return found;
  for (const double number : numbers) {
    found.deviation += (number - found.mean) * (number - found.mean) / (size - 1);
  }
  found.deviation = std::sqrt(found.deviation);
  return found;
}

MeanAndSpread Tuned::steps() const {
  return over(runs, [](const Reached& run) { return *run.steps; });
}
MeanAndSpread Tuned::rounds() const {
  return over(runs, [](const Reached& run) { return run.rounds; });
}

std::optional<Tuned> tune(const PaperProblem& problem, const Trial& trial, const Tuning& tuning) {
  if (tuning.any_seed) return any_that_reaches(problem, trial, tuning);
  std::optional<Tuned> best;
  for (const auto& step : tuning.steps) {
    auto runs = compete(problem, trial, tuning, step, best ? best->runs : std::vector<Reached>{});
    if (!runs.empty()) best = Tuned{step, std::move(runs)};
  }
  return best;
}

}  // namespace annulet::runtime
