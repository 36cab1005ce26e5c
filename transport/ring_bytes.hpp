/// What an all-reduce sends, known before it begins.
#pragma once

#include <cstddef>
#include <cstdint>

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

}  // namespace annulet::transport
