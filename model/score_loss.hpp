/// Losses of a score: of one number a.x (+ bias) that the model makes of a row.
#pragma once

#include <algorithm>
#include <cmath>

namespace annulet::model {

/// The loss of one row, where it depends on its score alone: then sparse rows cost O(nnz) a step
/// (model/solver.hpp). none: it does not.
enum class ScoreLoss { none, logistic, squared };

/// The loss of a score, and its derivative by the score.
template <class Scalar>
struct LossAndSlope {
  Scalar loss;
  Scalar slope;
};

/// log(1 + u) for u in [0, 1] by log alone: log1pf is not the same on all processors, logf is.
/// The quotient undoes the rounding of 1 + u (Goldberg 1991, theorem 4).
template <class Scalar>
[[nodiscard]] Scalar log_one_plus(Scalar u) {
  const Scalar w = Scalar(1) + u;
  return w == Scalar(1) ? u : std::log(w) * u / (w - Scalar(1));
}

/// log(1 + exp(-b s)), b = -1 for target 0 and +1 for target 1.
template <class Scalar>
[[nodiscard]] LossAndSlope<Scalar> logistic_loss(Scalar score, float target) {
  const Scalar sign = target > 0.5F ? Scalar(1) : Scalar(-1);
  const Scalar margin = sign * score;
  const Scalar u = std::exp(-std::abs(margin));  // never overflows
  const Scalar miss = (margin > 0 ? u : Scalar(1)) / (Scalar(1) + u);
  return {std::max(Scalar(0), -margin) + log_one_plus(u), -sign * miss};
}

/// 1/2 (s - y)^2.
template <class Scalar>
[[nodiscard]] LossAndSlope<Scalar> squared_loss(Scalar score, float target) {
  const Scalar error = score - static_cast<Scalar>(target);
  return {error * error / 2, error};
}

/// The same as types, for what is compiled once for each loss.
struct LogisticLoss {
  static constexpr ScoreLoss kName = ScoreLoss::logistic;
  static constexpr double kCurvature = 0.25;  // the largest second derivative by the score

  template <class Scalar>
  static LossAndSlope<Scalar> at(Scalar score, float target) {
    return logistic_loss(score, target);
  }
  /// A score above 0 counts as the positive class.
  template <class Scalar>
  static bool is_right(Scalar score, float target) {
    return (score > 0) == (target > 0.5F);
  }
};

struct SquaredLoss {
  static constexpr ScoreLoss kName = ScoreLoss::squared;
  static constexpr double kCurvature = 1;

  template <class Scalar>
  static LossAndSlope<Scalar> at(Scalar score, float target) {
    return squared_loss(score, target);
  }
  template <class Scalar>
  static bool is_right(Scalar /*score*/, float /*target*/) {
    return false;  // values are near or far, not right or wrong
  }
};

}  // namespace annulet::model
