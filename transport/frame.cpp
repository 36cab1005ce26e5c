/// The header byte by byte, and what is checked before anyone believes it.
#include "transport/frame.hpp"

#include <system_error>

#include "transport/bytes.hpp"
#include "transport/checksum.hpp"
#include "transport/errors.hpp"

namespace annulet::transport {
namespace {

constexpr std::uint32_t kMagic = 0x314c'4e41;  // "ANL1", read from its first byte on
constexpr std::size_t kChecked = 40;           // the bytes that the header's own checksum covers

[[nodiscard]] constexpr bool known(std::uint16_t type) {
  return type >= static_cast<std::uint16_t>(FrameType::hello) &&
         type <= static_cast<std::uint16_t>(FrameType::trial);
}

void require_frame(bool kept, errc otherwise) {
  if (!kept) throw std::system_error(otherwise);
}

}  // namespace

std::array<std::byte, kHeaderSize> encode(const FrameHeader& header) {
  std::array<std::byte, kHeaderSize> bytes{};
  std::byte* const at = bytes.data();
  store_le(at, kMagic);
  store_le(at + 4, kProtocolVersion);
  store_le(at + 5, header.codec);
  store_le(at + 6, static_cast<std::uint16_t>(header.type));
  store_le(at + 8, header.payload_length);
  store_le(at + 12, std::uint32_t{0});
  store_le(at + 16, header.epoch);
  store_le(at + 20, header.elements);
  store_le(at + 24, header.round);
  store_le(at + 32, header.digest);
  store_le(at + kChecked, checksum({at, kChecked}));
  return bytes;
}

FrameHeader decode(std::span<const std::byte, kHeaderSize> bytes) {
  const std::byte* const at = bytes.data();
  require_frame(load_le<std::uint32_t>(at) == kMagic, errc::bad_frame);
  // Before the checksum: another version may compute it in another way, and its user should read
  // "another version" rather than "damaged".
  require_frame(load_le<std::uint8_t>(at + 4) == kProtocolVersion, errc::version_mismatch);
  require_frame(load_le<std::uint64_t>(at + kChecked) == checksum({at, kChecked}), errc::bad_frame);
  const auto codec = load_le<std::uint8_t>(at + 5);
  const auto flags = load_le<std::uint32_t>(at + 12);
  const auto number = load_le<std::uint16_t>(at + 6);
  require_frame(known(number) && flags == 0, errc::bad_frame);
  // Any codec of a ring operation passes: the ring says that it is another one than its own.
  const auto type = static_cast<FrameType>(number);
  require_frame(codec == 0 || type == FrameType::all_reduce, errc::bad_frame);

  const FrameHeader header{.type = type,
                           .codec = codec,
                           .payload_length = load_le<std::uint32_t>(at + 8),
                           .epoch = load_le<std::uint32_t>(at + 16),
                           .elements = load_le<std::uint32_t>(at + 20),
                           .round = load_le<std::uint64_t>(at + 24),
                           .digest = load_le<std::uint64_t>(at + 32)};
  require_frame(header.payload_length <= max_payload(header.type), errc::too_large);
  return header;
}

void FrameHeader::require_same(const FrameHeader& theirs) const {
  require_frame(theirs.type == type, errc::unexpected_message);
  require_frame(theirs.codec == codec, errc::codec_mismatch);
  require_frame(theirs.epoch == epoch && theirs.round == round && theirs.elements == elements,
                errc::out_of_step);
  require_frame(theirs.digest == digest, errc::model_mismatch);
}

std::uint32_t max_payload(FrameType type) noexcept {
  switch (type) {
    case FrameType::hello:
      return 1024;
    case FrameType::run_file:
      return 65'536 + 256;
    case FrameType::survey:
      return 8 * 1024;
    case FrameType::view:
      return 160 * 1024;  // 1,024 members of at most 139 bytes, and 1,024 labels
    case FrameType::go:
      return 16 * 1024;
    case FrameType::refused:
    case FrameType::broken:
    case FrameType::lost:
    case FrameType::bye:
      return 2 * 1024;
    case FrameType::ready:
    case FrameType::heartbeat:
    case FrameType::data_hello:
      return 64;
    case FrameType::all_reduce:
    case FrameType::exchange:
    case FrameType::trial:
      return 0;
  }
  return 0;
}

}  // namespace annulet::transport
