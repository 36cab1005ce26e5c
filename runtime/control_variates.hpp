/// Drift correction: a vector V per device that cancels what its own data pulls it to.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

namespace annulet::runtime {

/// What a device's round came to: its share of the steps, by step sizes.
struct OwnSteps {
  double full_eta = 0;  // E > 0: the sum of the step sizes of all H steps
  double part = 1;      // E_w/E
};

/// V += S/E - D_w/E_w, where 1/E is a number (steps of size 0 say nothing about drift), with
/// S/E = sum_w p_w D_w/E_w over the round's devices, D_w this device's own change. Then sum_w p_w
/// V_w stays 0, also with unequal steps, and no byte more is sent. All spans: (d). Source: Liang et
/// al. 2019 (VRL-SGD); at full participation this is SCAFFOLD, option II (Karimireddy et al. 2020,
/// section 3).
template <class Scalar>
void correct(std::span<Scalar> v, std::span<const Scalar> full, std::span<const Scalar> own,
             const OwnSteps& steps) {
  const auto scale = static_cast<Scalar>(1 / steps.full_eta);
  if (!std::isfinite(scale)) return;
  const auto stretch = static_cast<Scalar>(1 / steps.part);
  for (std::size_t i = 0; i < v.size(); ++i) v[i] += scale * (full[i] - stretch * own[i]);
}

}  // namespace annulet::runtime
