/// The 48-byte header in front of every control message and every ring operation.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace annulet::transport {

inline constexpr std::size_t kHeaderSize = 48;
inline constexpr std::uint8_t kProtocolVersion = 1;

/// Control messages, the greeting of a data connection, and ring operations.
enum class FrameType : std::uint16_t {
  hello = 1,   // joiner -> starter
  refused,     // starter -> joiner
  run_file,    // starter -> joiner
  survey,      // joiner -> starter
  view,        // starter -> joiner
  ready,       // joiner -> starter
  go,          // starter -> joiner
  heartbeat,   // both ways
  broken,      // joiner -> starter: my data link broke
  lost,        // starter -> joiner: that device is lost
  bye,         // both ways: leaving, and why
  data_hello,  // first frame of a data connection
  all_reduce,  // one ring operation; bulk data follows, its layout known to both sides
  exchange,    // the same over a mesh: a worker's whole vector
  trial,       // bytes that are only timed follow, or it answers them (Ring::try_next)
};

/// Little-endian on the wire, by hand:
///   0 u32 magic "ANL1" | 4 u8 version | 5 u8 codec | 6 u16 type | 8 u32 payload length
///   12 u32 flags (0) | 16 u32 epoch | 20 u32 elements | 24 u64 round
///   32 u64 digest | 40 u64 XXH3-64 of bytes 0..39
/// The version comes so early that any version can read it.
struct FrameHeader {
  FrameType type = FrameType::heartbeat;
  std::uint8_t codec = 0;            // all_reduce: a Compress (transport/codec.hpp); else 0
  std::uint32_t payload_length = 0;  // control: bytes that follow; else 0
  std::uint32_t epoch = 0;
  std::uint32_t elements = 0;  // all_reduce, exchange: d; trial: bytes that follow
  std::uint64_t round = 0;     // all_reduce, exchange, trial: number of the operation
  std::uint64_t digest = 0;    // control: checksum of the payload; else of the model

  /// Of an operation: throws std::system_error where the other worker speaks of another one.
  /// errc::unexpected_message (another type), codec_mismatch, out_of_step (epoch, round, elements),
  /// model_mismatch (digest).
  void require_same(const FrameHeader& theirs) const;

  bool operator==(const FrameHeader&) const = default;
};

[[nodiscard]] std::array<std::byte, kHeaderSize> encode(const FrameHeader& header);

/// Throws std::system_error: errc::bad_frame (magic, checksum, flags, unknown type,
/// a control message with a codec),
/// errc::version_mismatch, errc::too_large (payload beyond what the type allows).
[[nodiscard]] FrameHeader decode(std::span<const std::byte, kHeaderSize> bytes);

/// The longest payload a type may have, in bytes: checked before anything is allocated.
[[nodiscard]] std::uint32_t max_payload(FrameType type) noexcept;

}  // namespace annulet::transport
