/// What elements may travel as: a codec makes fewer bytes of a block of values, and values of
/// those.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "transport/link.hpp"

namespace annulet::transport {

/// How many values share a scale: all blocks of a segment but the last have as many.
inline constexpr std::size_t kBlock = 256;

/// The most bytes a block has, with any codec.
inline constexpr std::size_t kMaxBlockBytes = sizeof(float) + 2 * kBlock;

/// net.compress, and the number in a frame's header.
enum class Compress : std::uint8_t {
  none,  // float32 as it is
  f16,   // 2 bytes a value: half floats times a power of two, 11 bits of the value itself
  q8,    // 1 byte: whole numbers -127 .. 127 times max|p|/127
  q4,    // half a byte: -7 .. 7 times max|p|/7
};

/// A block is one float32 scale and n numbers, and stands for number times scale. Pure functions,
/// the same on every CPU to the bit: float32 additions, multiplications and integer arithmetic in
/// one order, nothing fused.
///
/// - Rounding is to the nearest number, ties to even. No value is off by more than half a scale
///   (q8, q4), or by 2^-11 of itself or 2^-39 of the block's largest (f16), and some float32
///   rounding.
/// - A block of zeros has scale 0. With q8 and q4 so has one whose scale would be below the
///   smallest normal float, 1.2e-38, and so without all of its precision.
/// - A block with a value that is not finite, or that would decode into infinity, is NaN as a
///   whole. So a sum that has left the floats does so on all devices, as it does uncompressed.
/// - Any bytes decode, into something.
class Codec {
 public:
  virtual ~Codec() = default;

  [[nodiscard]] virtual Compress kind() const noexcept = 0;
  /// Of a block of so many values, 1 .. kBlock.
  [[nodiscard]] virtual std::size_t block_bytes(std::size_t values) const noexcept = 0;
  /// values: (n), 1 <= n <= kBlock; block: (block_bytes(n)).
  virtual void encode(std::span<const float> values, Bytes block) const noexcept = 0;
  virtual void decode(ConstBytes block, std::span<float> values) const noexcept = 0;
};

/// Null: none. Valid for ever.
[[nodiscard]] const Codec* codec_of(Compress compress) noexcept;

/// What so many values take, cut into blocks; a null codec sends them as they are.
[[nodiscard]] std::size_t encoded_bytes(const Codec* codec, std::size_t values) noexcept;

}  // namespace annulet::transport
