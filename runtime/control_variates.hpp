/// Drift correction: a vector V per device that cancels what its own data pulls it to.
#pragma once

#include <cmath>
#include <span>

namespace annulet::runtime {

/// V += (D - D_w) / E, where 1/E is a number (steps of size 0 say nothing about drift), with D the
/// averaged delta of the round, D_w this device's own and E > 0 the sum of its step sizes (equal on
/// all devices). Then sum_w p_w V_w stays 0, and no byte more is sent. All spans: (d). Source:
/// Liang et al. 2019 (VRL-SGD); at full participation this is SCAFFOLD, option II (Karimireddy et
/// al. 2020, section 3).
template <class Scalar>
void correct(std::span<Scalar> v, std::span<const Scalar> average, std::span<const Scalar> own,
             double sum_eta) {
  const auto scale = static_cast<Scalar>(1 / sum_eta);
  if (!std::isfinite(scale)) return;
  for (std::size_t i = 0; i < v.size(); ++i) v[i] += scale * (average[i] - own[i]);
}

}  // namespace annulet::runtime
