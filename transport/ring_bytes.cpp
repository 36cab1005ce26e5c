/// The plan of a ring, in bytes.
#include "transport/ring_bytes.hpp"

#include "transport/frame.hpp"

namespace annulet::transport {

std::uint64_t all_reduce_bytes(std::size_t d, Ring::Place place, std::size_t facts) {
  const std::size_t W = place.size;
  if (W == 1) return 0;
  std::uint64_t elements = 0;
  for (std::size_t k = 0; k < 2 * W - 2; ++k) {
    const std::size_t s = (place.rank + 2 * W - k) % W;
    elements += segment(d, W, s).length() + (s == W - 1 ? facts : 0);
  }
  return elements * sizeof(float);
}

std::uint64_t all_reduce_bytes_of_all(std::size_t d, std::size_t size, std::size_t facts) {
  return std::uint64_t{2} * (size - 1) * (d + facts) * sizeof(float);
}

std::uint64_t all_reduce_framing(std::size_t size) {
  constexpr std::size_t kChecksum = sizeof(std::uint64_t);
  return size == 1 ? 0 : kHeaderSize + 2 * (size - 1) * kChecksum;
}

}  // namespace annulet::transport
