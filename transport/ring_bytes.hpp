/// What an all-reduce sends, known before it begins.
#pragma once

#include <cstddef>
#include <cstdint>

#include "transport/ring.hpp"

namespace annulet::transport {

/// Bytes that the device at that place sends in one all-reduce of d elements and so many facts,
/// without headers and checksums: 2d - |segment r+1| - |segment r+2| elements, and the facts with
/// each sending of segment W-1. O(W).
[[nodiscard]] std::uint64_t all_reduce_bytes(std::size_t d, Ring::Place place, std::size_t facts);

/// The same of all W devices together: 2(W-1) (d + facts) float32 numbers, however the segments are
/// cut.
[[nodiscard]] std::uint64_t all_reduce_bytes_of_all(std::size_t d, std::size_t size,
                                                    std::size_t facts);

/// What every device sends beside them: one header, and a checksum behind each of 2(W-1) segments.
[[nodiscard]] std::uint64_t all_reduce_framing(std::size_t size);

}  // namespace annulet::transport
