/// Activations, made of what is the same on all processors.
#include "model/activation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include <Eigen/Core>

namespace annulet::model {
namespace {

/// tanh(z) in place, made of exp: the library's tanh is not the same on all processors, its expf
/// is. Errs by about one rounding of 1, also near 0.
template <class Scalar>
void apply_tanh(std::span<Scalar> z) {
  constexpr std::size_t kAtOnce = 256;
  std::array<Scalar, kAtOnce> room;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  while (!z.empty()) {
    const auto some = z.first(std::min(kAtOnce, z.size()));
    const auto size = static_cast<Eigen::Index>(some.size());
    Eigen::Map<Eigen::Array<Scalar, Eigen::Dynamic, 1>> u(room.data(), size);
    u = (Scalar(-2) * Eigen::Map<Eigen::Array<Scalar, Eigen::Dynamic, 1>>(some.data(), size).abs())
            .exp();
    for (std::size_t i = 0; i < some.size(); ++i) {
      some[i] = std::copysign((Scalar(1) - room[i]) / (Scalar(1) + room[i]), some[i]);
    }
    z = z.subspan(some.size());
  }
}

}  // namespace

template <class Scalar>
void activate(Activation activation, std::span<Scalar> z) {
  if (activation == Activation::tanh) return apply_tanh(z);
  for (auto& value : z) value = std::max(value, Scalar(0));
}

template <class Scalar>
void pass_back(Activation activation, std::span<const Scalar> a, std::span<Scalar> slope) {
  if (activation == Activation::tanh) {
    for (std::size_t i = 0; i < a.size(); ++i) slope[i] *= Scalar(1) - a[i] * a[i];
    return;
  }
  for (std::size_t i = 0; i < a.size(); ++i) slope[i] *= a[i] > Scalar(0) ? Scalar(1) : Scalar(0);
}

template void activate(Activation, std::span<float>);
template void activate(Activation, std::span<double>);
template void pass_back(Activation, std::span<const float>, std::span<float>);
template void pass_back(Activation, std::span<const double>, std::span<double>);

}  // namespace annulet::model
