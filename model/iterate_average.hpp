/// Weighted averages of the iterates x_t, t = 0 .. T-1, each as it is before its step; in double.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "model/types.hpp"

namespace annulet::model {

enum class AverageKind { uniform, linear, quadratic };

/// What x_t counts: lambda_t = 1, a + t or (a + t)^2. The paper's is the quadratic one, with the a
/// of its step size. Source: Stich 2019, theorem 2.2.
struct AverageWeights {
  AverageKind kind = AverageKind::quadratic;
  double a = 1;  // > 0
  [[nodiscard]] double operator()(Step t) const noexcept;
};

/// One average as it stands. Plain values: a checkpoint keeps total and mean, and a run that goes
/// on from them averages as if it had never stopped.
struct IterateAverage {
  AverageWeights weights{};
  double total = 0;            // S, the sum of lambda_t so far
  std::vector<double> mean{};  // m = (1/S) sum of lambda_t x_t: (d), or empty while S is 0

  /// S += lambda_t, then m += (lambda_t/S)(x - m). x: (d). O(d).
  template <class Scalar>
  void add(Step t, ConstParams<Scalar> x);
  /// Adds many iterates at once: weight = sum of their lambda_t > 0, sum: (d), of lambda_t x_t.
  void add_sum(double weight, std::span<const double> sum);
  /// As if no iterate had come yet.
  void reset();
};

/// The same average where x_t = s v + r V is never written out: O(1) before a step, O(1) for each
/// coordinate that the step changes, O(d) only where the solver takes O(d) steps anyway.
/// With M = sum of lambda_t s_t and R = sum of lambda_t r_t over the steps since settle(),
///   sum of lambda_t x_t = M v - C + R V
/// for the v of now: a step that changes v by dv leaves the sum alone if C += M dv.
class LazyAverage {
 public:
  explicit LazyAverage(std::size_t dimension) : c_(dimension) {}

  /// Before step t: x_t = s v + r V counts lambda_t.
  void before_step(double lambda, double s, double r) noexcept {
    m_ += lambda * s;
    r_ += lambda * r;
    weight_ += lambda;
  }
  /// v_j has changed by dv, as rounded.
  void moved(std::size_t j, double dv) noexcept { c_[j] += m_ * dv; }
  /// Hands all iterates since the last settle() to `average` and begins anew: to be called before v
  /// changes otherwise than by moved(), or another V comes. v: (d), V: (d) or empty. O(d).
  template <class Scalar>
  void settle(ConstParams<Scalar> v, ConstParams<Scalar> correction, IterateAverage& average);

 private:
  double m_ = 0;
  double r_ = 0;
  double weight_ = 0;
  std::vector<double> c_;  // C: (d)
};

}  // namespace annulet::model
