/// What an all-reduce sends, known before it begins.
#pragma once

#include <cstddef>
#include <cstdint>

#include "devices/units.hpp"
#include "transport/codec.hpp"
#include "transport/ring.hpp"

namespace annulet::transport {

/// What is summed: so many elements, as the codec sends them (null: float32), and so many facts.
struct Summed {
  std::size_t elements = 0;
  std::size_t facts = 0;
  const Codec* codec = nullptr;
};

/// Bytes that the device at that place sends in one all-reduce, without headers and checksums: all
/// segments but r+1, all but r+2, and the facts with each sending of segment W-1. O(W).
[[nodiscard]] std::uint64_t all_reduce_bytes(const Summed& summed, Ring::Place place);

/// The same of all devices of a ring of that size together: 2(W-1) times all segments and the
/// facts. O(W).
[[nodiscard]] std::uint64_t all_reduce_bytes_of_all(const Summed& summed, std::size_t size);

/// What every device sends beside them: one header, and a checksum behind each of 2(W-1) segments.
[[nodiscard]] std::uint64_t all_reduce_framing(std::size_t size);

/// The same two over a mesh (transport/mesh.hpp), which has no codec: all elements and facts, a
/// header and a checksum to each of the W-1 others.
[[nodiscard]] std::uint64_t mesh_bytes(const Summed& summed, std::size_t size);
[[nodiscard]] std::uint64_t mesh_framing(std::size_t size);

/// What one all-reduce of this ring sends by the way that it takes.
[[nodiscard]] std::uint64_t bytes_of(const Ring& ring, const Summed& summed);

/// Is a mesh the faster of the two for vectors of so many bytes? `link`: what a hop of the ring was
/// seen to take. A worker's W-1 messages share its line. No where they do not fit (fits_mesh).
[[nodiscard]] bool is_mesh_faster(std::size_t size, std::uint64_t bytes,
                                  const devices::LinkSpeed& link);

}  // namespace annulet::transport
