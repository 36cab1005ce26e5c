/// Two bytes a value: scale, a power of two, then IEEE half floats. The scale brings the largest
/// value to 2^14 .. 2^15: no block is too large or too small for half floats, and scaling is exact.
#include <array>
#include <cstring>

#include "transport/codec_blocks.hpp"

namespace annulet::transport {
namespace {

constexpr std::uint32_t kMagnitude = 0x7fff'ffff;
constexpr std::uint32_t kLostBits = 13;  // of a float's 23, that a half does not have
constexpr std::uint32_t kRebias = 112U
                                  << 23;  // exponents of floats are biased by 127, halves by 15
constexpr std::uint32_t kSmallestNormal = 113U << 23;  // 2^-14 as a float, halves' smallest normal

/// One of two results by a mask: with a branch or ?: the loop would not become vector code.
[[nodiscard]] std::uint32_t choose(bool first, std::uint32_t a, std::uint32_t b) noexcept {
  const std::uint32_t mask = 0U - static_cast<std::uint32_t>(first);
  return (a & mask) | (b & ~mask);
}

/// The nearest half, ties to even, for |value| <= 2^15.
[[nodiscard]] std::uint32_t half_of(float value) noexcept {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t magnitude = bits & kMagnitude, sign = (bits >> 16U) & 0x8000U;
  const std::uint32_t odd = (magnitude >> kLostBits) & 1U;
  const std::uint32_t normal = (magnitude - kRebias + 0xfffU + odd) >> kLostBits;
  // At 0.5 floats lie 2^-24 apart, as subnormal halves do: the addition rounds.
  constexpr float kHalf = 0.5F;
  const std::uint32_t subnormal =
      std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) + kHalf) -
      std::bit_cast<std::uint32_t>(kHalf);
  return sign | choose(magnitude < kSmallestNormal, subnormal, normal);
}

/// Exact. Infinities and NaNs, which are never sent, are taken for numbers of 2^16 and above.
[[nodiscard]] float value_of(std::uint32_t half) noexcept {
  const std::uint32_t magnitude = (half & 0x7fffU) << kLostBits, sign = (half & 0x8000U) << 16U;
  // A subnormal half is a fraction without the leading one: that is added and taken away.
  const float subnormal =
      std::bit_cast<float>(magnitude + kSmallestNormal) - std::bit_cast<float>(kSmallestNormal);
  const std::uint32_t value =
      choose(magnitude < 1U << 23, std::bit_cast<std::uint32_t>(subnormal), magnitude + kRebias);
  return std::bit_cast<float>(value | sign);
}

/// The power of two that brings max|p| to 2^14 .. 2^15.
[[nodiscard]] Scaling power_of_two(std::span<const float> values) noexcept {
  const float max = largest(values);
  constexpr float kRoundsToInfinity = 0x1.ffep127F;
  if (!(max < kRoundsToInfinity)) return {std::numeric_limits<float>::quiet_NaN(), 0};
  if (max == 0) return {0, 0};
  constexpr std::uint32_t kFourteen = 14U << 23, kOne = 127U << 23;
  const std::uint32_t power = std::bit_cast<std::uint32_t>(max) & ~((1U << 23) - 1);  // 2^e <= max
  // The smallest scale is the smallest normal float: what is below it keeps all of its bits.
  const std::uint32_t scale = power > kFourteen ? power - kFourteen : 1U << 23;
  return {std::bit_cast<float>(scale), std::bit_cast<float>(2 * kOne - scale)};
}

class F16 final : public Codec {
 public:
  [[nodiscard]] Compress kind() const noexcept override { return Compress::f16; }
  [[nodiscard]] std::size_t block_bytes(std::size_t values) const noexcept override {
    return kScaleBytes + 2 * values;
  }

  void encode(std::span<const float> values, Bytes block) const noexcept override {
    const auto [scale, inverse] = power_of_two(values);
    store_scale(block, scale);
    if (inverse == 0) return zero_numbers(block);
    std::array<std::uint16_t, kBlock> halves;  // NOLINT(cppcoreguidelines-pro-type-member-init)
    for (std::size_t i = 0; i < values.size(); ++i) {
      halves[i] = static_cast<std::uint16_t>(half_of(values[i] * inverse));
    }
    std::memcpy(block.data() + kScaleBytes, halves.data(), 2 * values.size());
  }

  void decode(ConstBytes block, std::span<float> values) const noexcept override {
    const float scale = load_scale(block);
    std::array<std::uint16_t, kBlock> halves;  // NOLINT(cppcoreguidelines-pro-type-member-init)
    std::memcpy(halves.data(), block.data() + kScaleBytes, 2 * values.size());
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = value_of(halves[i]) * scale;
  }
};

}  // namespace

const Codec& f16_codec() noexcept {
  static const F16 codec;
  return codec;
}

}  // namespace annulet::transport
