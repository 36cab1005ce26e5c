/// The best step size of a grid, by mean T over paired seeds.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "runtime/steps_to_target.hpp"

namespace annulet::runtime {

/// A step size of the paper's experiment, of a family with a free constant c: "d0.125",
/// min(32, 0.125 n/(t+1)); "c0.125", the constant 32 * 0.125. Or "paper": the theorem's own, which
/// leaves nothing to tune.
struct StepChoice {
  enum class Family { decaying, constant, paper };
  Family family = Family::decaying;
  int power = -3;  // c = 2^power

  [[nodiscard]] model::StepSizeOptions options() const;
  [[nodiscard]] std::string text() const;
  bool operator==(const StepChoice&) const = default;
};

/// d with c = 2^-6 ... 2^2 and c with 2^-9 ... 2^0, from c = 2^-3 on.
[[nodiscard]] std::vector<StepChoice> step_grid();
/// The part of it that is constant.
[[nodiscard]] std::vector<StepChoice> constant_steps();
/// The part of it that decays.
[[nodiscard]] std::vector<StepChoice> decaying_steps();

/// The same steps, those with c next to 2^power first: what wins early spares the others steps.
[[nodiscard]] std::vector<StepChoice> nearest_first(std::vector<StepChoice> steps, int power);

struct MeanAndSpread {
  double mean = 0;
  double deviation = 0;  // of a sample; 0 of one number
};
[[nodiscard]] MeanAndSpread mean_and_spread(const std::vector<double>& numbers);

/// The winner: every seed reached the target.
struct Tuned {
  StepChoice step;
  std::vector<Reached> runs;  // one for each seed, in order
  [[nodiscard]] MeanAndSpread steps() const;
  [[nodiscard]] MeanAndSpread rounds() const;
};

struct Tuning {
  std::vector<StepChoice> steps = step_grid();
  int seeds = 3;  // 1, 2, ...
  model::Step most = 100'000;
  // A step whose first seed takes so many times as long as with the best so far is given up: T
  // differs from seed to seed, by half near the start.
  double hopeless = 2;
  // For what is never to be reached: the search ends with the first run that reaches it, at any
  // seed and step, which is then all of `runs`. Nothing is given up early.
  bool any_seed = false;
  std::stop_token stop{};  // no more runs: what is found then means nothing
};

/// none: at no step of the grid do all seeds reach the target within `most`. A step is given up
/// where it cannot win any more, or where it is hopeless. The same each time.
[[nodiscard]] std::optional<Tuned> tune(const PaperProblem& problem, const Trial& trial,
                                        const Tuning& tuning);

}  // namespace annulet::runtime
