/// Losses of a score: of one number a.x (+ bias) that the model makes of a row.
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>

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

/// log(1 + u) for u >= 0 by log, of Scalar, alone: log1pf is not the same on all processors, logf
/// is. The quotient undoes the rounding of 1 + u where u is small (Goldberg 1991, theorem 4).
template <class Scalar, class Log>
[[nodiscard]] Scalar log_one_plus(Scalar u, Log log) {
  const Scalar w = Scalar(1) + u;
  return w == Scalar(1) ? u : log(w) * u / (w - Scalar(1));
}

/// The logistic loss is max(0, -m) + log(1 + u): m = b s, with b = -1 for target 0 and +1 for
/// target 1, and u = exp(-|m|), which never overflows. slope: its derivative by the score.
template <class Scalar>
struct LogisticTerms {
  Scalar margin, u, slope;
};

template <class Scalar>
[[nodiscard]] LogisticTerms<Scalar> logistic_terms(Scalar score, float target) {
  const Scalar sign = target > 0.5F ? Scalar(1) : Scalar(-1);
  const Scalar margin = sign * score;
  const Scalar u = std::exp(-std::abs(margin));
  const Scalar miss = (margin > 0 ? u : Scalar(1)) / (Scalar(1) + u);
  return {margin, u, -sign * miss};
}

/// log(1 + exp(-b s)).
template <class Scalar>
[[nodiscard]] LossAndSlope<Scalar> logistic_loss(Scalar score, float target) {
  const auto [margin, u, slope] = logistic_terms(score, target);
  const auto log = [](Scalar w) { return std::log(w); };
  return {std::max(Scalar(0), -margin) + log_one_plus(u, log), slope};
}

/// Losses of many rows, in double, with one log for all of them: what is added to 1 in the product
/// of their 1 + u is kept, so that small ones are not lost.
class LogisticSum {
 public:
  /// The slope of one more row.
  template <class Scalar>
  Scalar add(Scalar score, float target) {
    const auto [margin, u, slope] = logistic_terms(score, target);
    sum_ += static_cast<double>(std::max(Scalar(0), -margin));
    beyond_one_ += static_cast<double>(u) * (1 + beyond_one_);
    if (++factors_ == kMostFactors) settle();
    return slope;
  }
  /// The sum so far, and begin anew.
  [[nodiscard]] double take();

 private:
  static constexpr int kMostFactors = 512;  // each up to 2: far from the largest double

  void settle();  // once for many rows

  double sum_ = 0, beyond_one_ = 0;
  int factors_ = 0;
};

/// 1/2 (s - y)^2.
template <class Scalar>
[[nodiscard]] LossAndSlope<Scalar> squared_loss(Scalar score, float target) {
  const Scalar error = score - static_cast<Scalar>(target);
  return {error * error / 2, error};
}

/// As LogisticSum.
class SquaredSum {
 public:
  template <class Scalar>
  Scalar add(Scalar score, float target) {
    const auto [loss, slope] = squared_loss(score, target);
    sum_ += static_cast<double>(loss);
    return slope;
  }
  [[nodiscard]] double take() { return std::exchange(sum_, 0.0); }

 private:
  double sum_ = 0;
};

/// The same as types, for what is compiled once for each loss.
struct LogisticLoss {
  using Sum = LogisticSum;
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
  using Sum = SquaredSum;
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
