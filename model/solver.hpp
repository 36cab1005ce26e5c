/// H local steps of SGD, in place: the inner loop of Algorithm 1.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>

#include "model/iterate_average.hpp"
#include "model/objective.hpp"
#include "model/sampler.hpp"
#include "model/step_size.hpp"
#include "model/team.hpp"

namespace annulet::model {

/// What a device did between two averages.
struct StepReport {
  Step steps = 0;       // fewer than asked for only when it was told to stop
  double sum_eta = 0;   // E_w: sum of step sizes
  double sum_loss = 0;  // of the mini-batches' mean losses at x_t, without l2, before each step
  std::uint64_t samples = 0;
  bool finite = true;  // all parameters finite at the end
  // From before the first step to after the last, without what a call costs however many it takes;
  // 0 where StepExtras has no clock.
  double seconds = 0;
};

/// What goes along with the steps; all of it may be empty.
template <class Scalar>
struct StepExtras {
  ConstParams<Scalar> correction{};      // V of drift correction: (d)
  std::span<IterateAverage> averages{};  // each takes in x_t before step t
  std::function<double()> clock{};       // seconds since some beginning
  [[nodiscard]] double now() const { return clock ? clock() : 0; }
};

template <class Scalar>
class LocalSolver {
 public:
  virtual ~LocalSolver() = default;

  /// x: (d) in and out. Takes steps t .. t+h-1: x -= eta(s) (g_s - V). Looks at `stop` before each
  /// step, and takes what mini-batches are drawn already, at most two. Allocates nothing after the
  /// first call.
  virtual StepReport take_steps(Params<Scalar> x, Step t, Step h, const StepSize& eta,
                                const StepExtras<Scalar>& extras, const std::stop_token& stop) = 0;

  /// What the mini-batches are drawn with: all that a solver keeps from one call to the next.
  [[nodiscard]] virtual Sampler& sampler() noexcept = 0;
};

/// Everything a solver borrows; it must outlive the solver.
template <class Scalar>
struct SolverInputs {
  const Objective<Scalar>& objective;
  const Shard& shard;
  Team* team = nullptr;  // whose threads share the O(d) of a dense step; null: nobody's
};

/// Reads like Algorithm 1: any objective, any data; O(d) a step.
template <class Scalar>
[[nodiscard]] std::unique_ptr<LocalSolver<Scalar>> make_dense_solver(SolverInputs<Scalar> inputs,
                                                                     Sampler sampler);

/// A loss of a score on sparse rows, O(nnz) a step: x = s v + r V, s and r in double, lazy l2.
/// Equal to the dense one up to rounding. Throws DataError when the data have more columns than the
/// model, std::invalid_argument where the objective is no loss of a score.
template <class Scalar>
[[nodiscard]] std::unique_ptr<LocalSolver<Scalar>> make_sparse_linear_solver(
    const ObjectiveOptions& options, SolverInputs<Scalar> inputs, Sampler sampler);

/// Does the sparse one apply: is it a loss of a score on sparse rows?
template <class Scalar>
[[nodiscard]] bool takes_sparse_steps(const Objective<Scalar>& objective, const Shard& shard) {
  return objective.score_loss() != ScoreLoss::none && shard.data->is_sparse();
}

/// The sparse one where it applies, else the dense one.
template <class Scalar>
[[nodiscard]] std::unique_ptr<LocalSolver<Scalar>> make_solver(const ObjectiveOptions& options,
                                                               SolverInputs<Scalar> inputs,
                                                               Sampler sampler);

}  // namespace annulet::model
