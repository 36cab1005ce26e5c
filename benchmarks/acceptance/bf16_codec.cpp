/// bf16, one value after the other.
#include "benchmarks/acceptance/bf16_codec.hpp"

#include <bit>
#include <cstdint>

#include "transport/bytes.hpp"

namespace annulet::benchmarks {
namespace {

class Bf16 final : public transport::Codec {
 public:
  [[nodiscard]] transport::Compress kind() const noexcept override {
    return transport::Compress::f16;  // it never meets a ring that would ask
  }
  [[nodiscard]] std::size_t block_bytes(std::size_t values) const noexcept override {
    return sizeof(float) + 2 * values;
  }
  void encode(std::span<const float> values, transport::Bytes block) const noexcept override {
    transport::store_le(block.data(), std::bit_cast<std::uint32_t>(1.0F));
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto bits = std::bit_cast<std::uint32_t>(values[i]);
      const std::uint32_t odd = (bits >> 16U) & 1U;
      const auto upper = static_cast<std::uint16_t>((bits + 0x7fffU + odd) >> 16U);
      transport::store_le(block.data() + sizeof(float) + 2 * i, upper);
    }
  }
  void decode(transport::ConstBytes block, std::span<float> values) const noexcept override {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto* const at = block.data() + sizeof(float) + 2 * i;
      const std::uint32_t upper = transport::load_le<std::uint16_t>(at);
      values[i] = std::bit_cast<float>(upper << 16U);
    }
  }
};

}  // namespace

const transport::Codec& bf16_codec() noexcept {
  static const Bf16 codec;
  return codec;
}

}  // namespace annulet::benchmarks
