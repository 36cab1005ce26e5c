/// Damages frames at random, and repairs their checksums so that the damage gets further.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "transport/bytes.hpp"
#include "transport/checksum.hpp"
#include "transport/frame.hpp"

namespace annulet::tests {

using Frame = std::vector<std::byte>;

/// Makes the frame honest about its length and checksums, so that the damage reaches the decoder.
inline void seal(Frame& frame) {
  using transport::checksum;
  if (frame.size() < transport::kHeaderSize) return;
  const auto payload = std::span(frame).subspan(transport::kHeaderSize);
  transport::store_le(frame.data() + 8, static_cast<std::uint32_t>(payload.size()));
  transport::store_le(frame.data() + 32, checksum(payload));
  transport::store_le(frame.data() + 40, checksum(std::span(frame).first(40)));
}

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  [[nodiscard]] std::size_t below(std::size_t bound) {
    return static_cast<std::size_t>(random_() % bound);
  }

  /// The frame with one to three wounds; sealed every second time.
  [[nodiscard]] Frame mutated(Frame frame) {
    const std::size_t times = 1 + below(3);
    for (std::size_t k = 0; k < times && !frame.empty(); ++k) damage(frame);
    if (below(2) == 0) seal(frame);
    return frame;
  }

  void damage(Frame& frame) {
    const std::size_t from = below(frame.size());
    const std::size_t length = 1 + below(std::min<std::size_t>(16, frame.size() - from));
    const auto at = frame.begin() + static_cast<std::ptrdiff_t>(from);
    const auto end = at + static_cast<std::ptrdiff_t>(length);
    switch (below(7)) {
      case 0:  // a bit
        *at ^= static_cast<std::byte>(1U << below(8));
        break;
      case 1:  // a byte
        *at = static_cast<std::byte>(below(256));
        break;
      case 2:  // cut off
        frame.erase(at, frame.end());
        break;
      case 3:  // gone from the middle
        frame.erase(at, end);
        break;
      case 4:  // more at the end
        frame.insert(frame.end(), length, static_cast<std::byte>(below(256)));
        break;
      case 5: {  // twice
        const Frame field(at, end);
        frame.insert(at, field.begin(), field.end());
        break;
      }
      default:  // a size
        if (frame.size() >= 4) change_size(frame);
    }
  }

 private:
  void change_size(Frame& frame) {
    constexpr std::array<std::uint32_t, 8> kSizes{0, 1, 64, 65, 1024, 1025, 1U << 28, 0xffff'ffff};
    transport::store_le(frame.data() + below(frame.size() - 3), kSizes.at(below(kSizes.size())));
  }

  std::mt19937_64 random_;
};

}  // namespace annulet::tests
