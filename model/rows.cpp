/// What of the arithmetic on rows is no template.
#include "model/rows.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace annulet::model {

double norm2(ConstParams<float> x) {
  // One chain of additions would take longer than an average over a fast link.
  constexpr std::size_t kChains = 16;
  std::array<double, kChains> chains{};
  const std::size_t whole = x.size() - x.size() % kChains;
  for (std::size_t begin = 0; begin < whole; begin += kChains) {
    for (std::size_t c = 0; c < kChains; ++c) {
      const auto value = static_cast<double>(x[begin + c]);
      chains[c] += value * value;
    }
  }
  double sum = 0;
  for (const double chain : chains) sum += chain;
  for (const float value : x.subspan(whole)) {
    sum += static_cast<double>(value) * static_cast<double>(value);
  }
  return sum;
}

bool all_finite(ConstParams<float> x) {
  // Magnitudes of floats are in the order of their bits: a maximum of whole numbers, in vectors.
  std::int32_t most = 0;
  for (const float value : x) {
    const std::int32_t magnitude = std::bit_cast<std::int32_t>(value) & 0x7fff'ffff;
    most = magnitude > most ? magnitude : most;
  }
  return std::isfinite(std::bit_cast<float>(most));
}

bool all_finite(ConstParams<double> x) {
  return std::ranges::all_of(x, [](double value) { return std::isfinite(value); });
}

}  // namespace annulet::model
