/// What the codecs share: scales, and rounding in loops that compilers can turn into vector code.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "transport/bytes.hpp"
#include "transport/codec.hpp"

namespace annulet::transport {

[[nodiscard]] const Codec& f16_codec() noexcept;
[[nodiscard]] const Codec& q8_codec() noexcept;
[[nodiscard]] const Codec& q4_codec() noexcept;

inline constexpr std::size_t kScaleBytes = sizeof(float);

/// max|p|; infinity or NaN when a value is not finite. Magnitudes of floats are in the order of
/// their bits, and only a maximum of whole numbers may be taken in any order.
[[nodiscard]] inline float largest(std::span<const float> values) noexcept {
  std::int32_t most = 0;
  for (const float value : values) {
    const std::int32_t bits = std::bit_cast<std::int32_t>(value) & 0x7fff'ffff;
    most = bits > most ? bits : most;
  }
  return std::bit_cast<float>(most);
}

/// The whole number nearest to |value| <= 2^21, ties to even, in the low bits in two's complement:
/// at 1.5 * 2^23 the floats lie one apart, and the addition rounds.
[[nodiscard]] inline std::uint32_t rounded(float value) noexcept {
  constexpr float kOneApart = 12'582'912.0F;
  return std::bit_cast<std::uint32_t>(value + kOneApart);
}

inline void store_scale(Bytes block, float scale) noexcept {
  store_le(block.data(), std::bit_cast<std::uint32_t>(scale));
}

/// The scale of a block; NaN, one and the same on every CPU, for any that is not finite.
[[nodiscard]] inline float load_scale(ConstBytes block) noexcept {
  const auto scale = std::bit_cast<float>(load_le<std::uint32_t>(block.data()));
  return std::isfinite(scale) ? scale : std::numeric_limits<float>::quiet_NaN();
}

/// All numbers 0, behind a scale that is 0 or NaN.
inline void zero_numbers(Bytes block) noexcept {
  std::ranges::fill(block.subspan(kScaleBytes), std::byte{0});
}

/// A scale, and what values are multiplied by to be numbers of it.
struct Scaling {
  float scale, inverse;
};

/// For numbers up to `most`. 1/scale instead of a division for each value: vector units divide
/// slowly. With a scale that is 0 or NaN all numbers are to be 0, so that a block has one form.
[[nodiscard]] inline Scaling scaling_of(std::span<const float> values, float most) noexcept {
  const float scale = largest(values) / most;
  // Also where most * scale would be infinite: max/most has been rounded.
  if (!std::isfinite(most * scale)) return {std::numeric_limits<float>::quiet_NaN(), 0};
  if (scale < std::numeric_limits<float>::min()) return {0, 0};
  return {scale, 1 / scale};
}

}  // namespace annulet::transport
