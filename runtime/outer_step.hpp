/// The step that all devices take together with the averaged change of a round.
#pragma once

#include <cstddef>
#include <span>

namespace annulet::runtime {

/// [outer] of the run file. Without momentum at rate 1 it is plain averaging.
struct OuterOptions {
  double momentum = 0;  // beta, 0 <= beta < 1
  double rate = 1;      // alpha > 0
  bool operator==(const OuterOptions&) const = default;
};

/// u <- beta u + D, then D <- x + alpha (D + beta u), which is the next x and takes D's place:
/// Nesterov's momentum over rounds. The effective step is alpha / (1 - beta) times the averaged
/// one. All spans: (d); u empty: beta counts as 0. x and u stay the same bits on all devices, as D
/// is, as long as the compiler contracts nothing. Source: Wang et al. 2020 (SlowMo, section 2);
/// Douillard et al. 2023 (DiLoCo, section 2).
template <class Scalar>
void outer_step(const OuterOptions& options, std::span<const Scalar> x, std::span<Scalar> change,
                std::span<Scalar> u) {
  const auto alpha = static_cast<Scalar>(options.rate);
  const auto beta = static_cast<Scalar>(options.momentum);
  if (u.empty()) {
    for (std::size_t i = 0; i < x.size(); ++i) change[i] = x[i] + alpha * change[i];
    return;
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    u[i] = beta * u[i] + change[i];
    change[i] = x[i] + alpha * (change[i] + beta * u[i]);
  }
}

}  // namespace annulet::runtime
