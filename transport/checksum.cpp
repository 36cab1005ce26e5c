/// The one file that knows xxHash.
#include "transport/checksum.hpp"

#include <xxhash.h>

namespace annulet::transport {

std::uint64_t checksum(std::span<const std::byte> bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

struct RunningChecksum::State {
  XXH3_state_t xxh;
};

RunningChecksum::RunningChecksum() : state_(std::make_unique<State>()) { restart(0); }
RunningChecksum::~RunningChecksum() = default;

void RunningChecksum::restart(std::uint64_t seed) {
  XXH3_64bits_reset_withSeed(&state_->xxh, seed);
}

void RunningChecksum::add(std::span<const std::byte> bytes) {
  XXH3_64bits_update(&state_->xxh, bytes.data(), bytes.size());
}

std::uint64_t RunningChecksum::value() const { return XXH3_64bits_digest(&state_->xxh); }

}  // namespace annulet::transport
