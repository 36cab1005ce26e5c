/// XXH3-64 checksums: against damage, not against malice.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace annulet::transport {

inline constexpr std::size_t kChecksumSize = sizeof(std::uint64_t);  // on the wire, in bytes

/// XXH3-64 of all bytes. O(bytes).
[[nodiscard]] std::uint64_t checksum(std::span<const std::byte> bytes, std::uint64_t seed = 0);

/// The same over bytes that come piece by piece. Allocates only when made.
class RunningChecksum {
 public:
  RunningChecksum();
  ~RunningChecksum();
  RunningChecksum(const RunningChecksum&) = delete;
  RunningChecksum& operator=(const RunningChecksum&) = delete;

  /// Forgets what was added. New ones begin with seed 0.
  void restart(std::uint64_t seed);
  void add(std::span<const std::byte> bytes);
  /// checksum() of what was added since.
  [[nodiscard]] std::uint64_t value() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace annulet::transport
