/// Half a byte a value: scale, then byte j has number j of the block's first half in its low four
/// bits and number j of its second half in its high ones, -7 .. 7 in two's complement. With an odd
/// n the first half is the longer one.
#include "transport/codec_blocks.hpp"

namespace annulet::transport {
namespace {

/// Four bits in two's complement.
[[nodiscard]] float number(std::uint32_t bits) noexcept {
  return static_cast<float>(static_cast<std::int32_t>((bits & 15U) ^ 8U) - 8);
}

class Q4 final : public Codec {
 public:
  [[nodiscard]] Compress kind() const noexcept override { return Compress::q4; }
  [[nodiscard]] std::size_t block_bytes(std::size_t values) const noexcept override {
    return kScaleBytes + (values + 1) / 2;
  }

  void encode(std::span<const float> values, Bytes block) const noexcept override {
    const auto [scale, inverse] = scaling_of(values, 7);
    store_scale(block, scale);
    if (inverse == 0) return zero_numbers(block);
    const std::size_t half = (values.size() + 1) / 2, pairs = values.size() / 2;
    const float* __restrict low = values.data();
    const float* __restrict high = low + half;
    std::byte* __restrict to = block.data() + kScaleBytes;
    for (std::size_t j = 0; j < pairs; ++j) {
      const std::uint32_t both =
          (rounded(low[j] * inverse) & 15U) | (rounded(high[j] * inverse) & 15U) << 4U;
      to[j] = static_cast<std::byte>(both);
    }
    if (half > pairs) to[pairs] = static_cast<std::byte>(rounded(low[pairs] * inverse) & 15U);
  }

  void decode(ConstBytes block, std::span<float> values) const noexcept override {
    const float scale = load_scale(block);
    const std::size_t half = (values.size() + 1) / 2, pairs = values.size() / 2;
    const std::byte* __restrict from = block.data() + kScaleBytes;
    float* __restrict low = values.data();
    float* __restrict high = low + half;
    for (std::size_t j = 0; j < pairs; ++j) {
      const auto both = std::to_integer<std::uint32_t>(from[j]);
      low[j] = number(both) * scale;
      high[j] = number(both >> 4U) * scale;
    }
    if (half > pairs) low[pairs] = number(std::to_integer<std::uint32_t>(from[pairs])) * scale;
  }
};

}  // namespace

const Codec& q4_codec() noexcept {
  static const Q4 codec;
  return codec;
}

}  // namespace annulet::transport
