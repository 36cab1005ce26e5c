/// Parts of bytes that lie in several places.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

namespace annulet::transport {

/// Of `pieces` behind their first `skip` bytes the next `most`; returns how many stretches. out: as
/// many as there are pieces.
template <class Span>
std::size_t stretches_of(std::span<const Span> pieces, std::size_t skip, std::size_t most,
                         std::span<Span> out) {
  std::size_t count = 0;
  for (const Span piece : pieces) {
    const auto skipped = std::min(skip, piece.size());
    skip -= skipped;
    const auto part = piece.subspan(skipped, std::min(most, piece.size() - skipped));
    most -= part.size();
    if (!part.empty()) out[count++] = part;
  }
  return count;
}

}  // namespace annulet::transport
