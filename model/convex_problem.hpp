/// A convex objective over all of its rows, in double: what the search for its least value needs.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "model/objective.hpp"
#include "model/shard.hpp"
#include "model/types.hpp"

namespace annulet::model {

/// F(x) = mean of loss(x; row) over all rows + l2/2 |x|^2, looked at from one place x at a time.
/// d = dimension().
class ConvexProblem {
 public:
  virtual ~ConvexProblem() = default;

  [[nodiscard]] virtual std::size_t dimension() const noexcept = 0;
  /// Is there surely an x at which F is least? Without l2, logistic losses of data that a plane
  /// separates only come ever closer to theirs.
  [[nodiscard]] virtual bool has_minimum() const noexcept = 0;

  /// Makes x the place of all that follows: returns F(x) and writes its gradient to g. x, g: (d).
  virtual double move_to(ConstParams<double> x, Params<double> g) = 0;
  /// out = H v, H the Hessian of F at that place. v, out: (d).
  virtual void multiply(ConstParams<double> v, Params<double> out) = 0;
  /// out = the diagonal of H. out: (d).
  virtual void diagonal(Params<double> out) = 0;
};

/// The loss of one row as a convex function of k scores that are linear in x.
class ScoredLoss {
 public:
  virtual ~ScoredLoss() = default;
  [[nodiscard]] virtual std::size_t scores() const noexcept = 0;  // k
  /// As ConvexProblem::has_minimum without l2.
  [[nodiscard]] virtual bool has_minimum() const noexcept = 0;

  /// Returns the loss at these scores and writes its derivative to slopes. Leaves in `scores` k
  /// numbers for the two below. scores, slopes: (k).
  virtual double at(std::span<double> scores, float target, std::span<double> slopes) const = 0;
  /// v = S v, S the second derivative at the scores that left `state`. state, v: (k).
  virtual void curve(std::span<const double> state, std::span<double> v) const = 0;
  /// out = the diagonal of S. state, out: (k).
  virtual void diagonal(std::span<const double> state, std::span<double> out) const = 0;
};

/// The problem of such a loss. x: row-major (k, features (+1)). `shard` must outlive it; keeps k
/// doubles for each of its rows. Throws DataError when the data have more columns than the model.
[[nodiscard]] std::unique_ptr<ConvexProblem> make_score_problem(const ObjectiveOptions& options,
                                                                const Shard& shard,
                                                                std::unique_ptr<ScoredLoss> loss);

}  // namespace annulet::model
