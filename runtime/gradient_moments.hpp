/// sigma^2 and G^2 of the theorem, measured at a model.
#pragma once

#include <span>

#include "runtime/paper_problem.hpp"

namespace annulet::runtime {

/// Over single rows i: g_i = the gradient of row i's loss and the penalty.
struct GradientMoments {
  double variance = 0;  // sigma^2 = mean |g_i - g|^2
  double norm2 = 0;     // |g|^2, g the mean: the gradient of f
  /// E |g_B|^2 of mini-batches of B independent rows.
  [[nodiscard]] double second(double batch) const { return norm2 + variance / batch; }
};

/// x: (d). O(nnz).
[[nodiscard]] GradientMoments gradient_moments(const PaperProblem& problem,
                                               std::span<const float> x);

/// What the theorem's bound on f(x-bar_T) - f* is made of.
struct BoundInputs {
  double steps = 1;     // T
  double h = 1;         // H
  double devices = 1;   // W
  double batch = 1;     // B
  double variance = 0;  // sigma^2, of single rows
  double second = 0;    // G^2, of mini-batches
};

/// mu a^3/(2 S) |x0-x*|^2 + 4T(T+2a)/(mu W S) sigma^2/B + 256 T/(mu^2 S) G^2 H^2 L, with
/// a = max(16 kappa, H) and S = sum of (a+t)^2 over t < T. Source: Stich 2019, theorem 2.2.
[[nodiscard]] double theorem_bound(const PaperProblem& problem, const BoundInputs& in);

}  // namespace annulet::runtime
