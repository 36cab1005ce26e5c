/// One byte a value: scale, then the numbers -127 .. 127 as signed bytes.
#include "transport/codec_blocks.hpp"

namespace annulet::transport {
namespace {

class Q8 final : public Codec {
 public:
  [[nodiscard]] Compress kind() const noexcept override { return Compress::q8; }
  [[nodiscard]] std::size_t block_bytes(std::size_t values) const noexcept override {
    return kScaleBytes + values;
  }

  void encode(std::span<const float> values, Bytes block) const noexcept override {
    const auto [scale, inverse] = scaling_of(values, 127);
    store_scale(block, scale);
    if (inverse == 0) return zero_numbers(block);
    const float* __restrict from = values.data();
    std::byte* __restrict to = block.data() + kScaleBytes;
    for (std::size_t i = 0; i < values.size(); ++i) {
      to[i] = static_cast<std::byte>(rounded(from[i] * inverse));
    }
  }

  void decode(ConstBytes block, std::span<float> values) const noexcept override {
    const float scale = load_scale(block);
    const std::byte* __restrict from = block.data() + kScaleBytes;
    float* __restrict to = values.data();
    for (std::size_t i = 0; i < values.size(); ++i) {
      to[i] = static_cast<float>(static_cast<std::int8_t>(from[i])) * scale;
    }
  }
};

}  // namespace

const Codec& q8_codec() noexcept {
  static const Q8 codec;
  return codec;
}

}  // namespace annulet::transport
