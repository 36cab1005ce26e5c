/// Lengths in 16 chains, magnitudes in vectors.
#include "model/lengths.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace annulet::model {

namespace {

// One chain of additions would take longer than an average over a fast link.
constexpr std::size_t kChains = 16;
using Stretch = std::array<float, kChains>;

double add_square(double sum, float value) {
  const auto wide = static_cast<double>(value);
#ifdef FP_FAST_FMA
  return std::fma(wide, wide, sum);  // the same bits: a double holds the square of any float
#else
  return sum + wide * wide;
#endif
}

/// take(begin, count): the next `count` of all `size` values, in order.
template <class Take>
double sum_of_squares(std::size_t size, Take take) {
  std::array<double, kChains> chains{};
  const std::size_t whole = size - size % kChains;
  for (std::size_t begin = 0; begin < whole; begin += kChains) {
    const Stretch values = take(begin, kChains);
    for (std::size_t c = 0; c < kChains; ++c) chains[c] = add_square(chains[c], values[c]);
  }
  double sum = 0;
  for (const double chain : chains) sum += chain;
  const Stretch rest = take(whole, size - whole);
  for (std::size_t c = 0; c < size - whole; ++c) sum = add_square(sum, rest[c]);
  return sum;
}

}  // namespace

double norm2(ConstParams<float> x) {
  return sum_of_squares(x.size(), [x](std::size_t begin, std::size_t count) {
    Stretch values{};
    for (std::size_t c = 0; c < count; ++c) values[c] = x[begin + c];
    return values;
  });
}

double subtract(ConstParams<float> y, Params<float> x) {
  return sum_of_squares(x.size(), [x, y](std::size_t begin, std::size_t count) {
    Stretch values{};
    // Apart: the compiler would have to assume that a difference becomes a part of y.
    for (std::size_t c = 0; c < count; ++c) values[c] = x[begin + c] - y[begin + c];
    for (std::size_t c = 0; c < count; ++c) x[begin + c] = values[c];
    return values;
  });
}

double step_along(ConstParams<float> x, float factor, Params<float> change) {
  return sum_of_squares(x.size(), [=](std::size_t begin, std::size_t count) {
    Stretch values{};
    Stretch next{};
    for (std::size_t c = 0; c < count; ++c) values[c] = change[begin + c];
    for (std::size_t c = 0; c < count; ++c) next[c] = x[begin + c] + factor * values[c];
    for (std::size_t c = 0; c < count; ++c) change[begin + c] = next[c];
    return values;
  });
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
