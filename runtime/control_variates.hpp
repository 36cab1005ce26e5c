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
  double rate = 1;      // train.drift_rate, the same on all devices
};

/// With a lossy codec a device's part of the sum is not weight D_w but weight D_w + R - R', R being
/// its residual before the round and R' after it. Makes D_w what that part is of a change of its
/// own, so that the parts of all devices come to the average. All spans: (d).
template <class Scalar>
void count_residual(std::span<Scalar> own, std::span<const Scalar> before,
                    std::span<const Scalar> after, double weight) {
  const auto stretch = static_cast<Scalar>(1 / weight);
  for (std::size_t i = 0; i < own.size(); ++i) own[i] += stretch * (before[i] - after[i]);
}

/// V += rate (S/E - D_w/E_w), where rate/E is a number (steps of size 0 say nothing about drift),
/// with S/E = sum_w p_w D_w/E_w over the round's devices, D_w this device's own change. Then sum_w
/// p_w V_w stays 0, also with unequal steps, and no byte more is sent. With a lossy codec D_w is
/// that of count_residual(). All spans: (d); full may be empty, 0: of a device that missed the
/// round. A rate below 1 averages over rounds: V is then less of the last round's noise, and later
/// at what it is to be. Source: Liang et al. 2019 (VRL-SGD); at full participation this is
/// SCAFFOLD, option II (Karimireddy et al. 2020, section 3).
template <class Scalar>
void correct(std::span<Scalar> v, std::span<const Scalar> full, std::span<const Scalar> own,
             const OwnSteps& steps) {
  const auto scale = static_cast<Scalar>(steps.rate / steps.full_eta);
  if (!std::isfinite(scale)) return;
  const auto stretch = static_cast<Scalar>(1 / steps.part);
  for (std::size_t i = 0; i < v.size(); ++i) {
    const Scalar mean = full.empty() ? Scalar{0} : full[i];
    v[i] += scale * (mean - stretch * own[i]);
  }
}

}  // namespace annulet::runtime
