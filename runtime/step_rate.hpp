/// How many local steps a second this box takes, by the solver that runs take them with.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <stop_token>

#include "model/solver.hpp"

namespace annulet::runtime {

/// What is measured. All is borrowed.
struct StepTrial {
  model::LocalSolver<float>& solver;
  model::ConstParams<float> start;              // x, from where every call begins again
  model::ConstParams<float> correction{};       // of drift; empty: none
  std::span<model::IterateAverage> averages{};  // of the iterates; empty: none
  const model::StepSize& eta;
  std::function<double()> clock;  // seconds since some beginning
  double seconds = 3;             // that it may take in all, where steps are shorter than that
};

struct StepRate {
  double steps_per_second = 0;     // the median of the stretches
  double lowest = 0, highest = 0;  // of them
  std::size_t stretches = 0;       // five, unless steps are so long that fewer fit
  double stretch_s = 0;            // at least
  model::Step steps = 0;           // that were taken in them
  bool finite = true;  // else the step size is too large for these rows: nothing is known
};

/// Warms up for a sixth of the time, in which it finds how many steps a call should take; then
/// takes steps in five stretches of a sixth each. Only what the steps themselves take counts, as
/// StepReport::seconds says it. Meaningless when told to stop.
[[nodiscard]] StepRate measure_steps(const StepTrial& trial, const std::stop_token& stop);

}  // namespace annulet::runtime
