/// The table of codecs.
#include "transport/codec.hpp"

#include "transport/codec_blocks.hpp"

namespace annulet::transport {

const Codec* codec_of(Compress compress) noexcept {
  switch (compress) {
    case Compress::none:
      return nullptr;
    case Compress::f16:
      return &f16_codec();
    case Compress::q8:
      return &q8_codec();
    case Compress::q4:
      return &q4_codec();
  }
  return nullptr;
}

std::size_t encoded_bytes(const Codec* codec, std::size_t values) noexcept {
  if (codec == nullptr) return values * sizeof(float);
  const std::size_t rest = values % kBlock;
  return values / kBlock * codec->block_bytes(kBlock) + (rest > 0 ? codec->block_bytes(rest) : 0);
}

}  // namespace annulet::transport
