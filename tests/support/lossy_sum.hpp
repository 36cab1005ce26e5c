/// What a ring with a codec must come to, computed by one device, block by block.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "transport/codec.hpp"
#include "transport/ring.hpp"

namespace annulet::tests {

/// What all ranks have afterwards. x[r], residuals[r]: of rank r; residuals become what they are
/// after the round. Segment s starts at rank s; each rank adds its own and its residual, quantises,
/// and keeps what that left out; the last one's values are everybody's.
inline std::vector<float> lossy_sum(const transport::Codec& codec,
                                    const std::vector<std::vector<float>>& x,
                                    std::vector<std::vector<float>>& residuals) {
  using transport::kBlock;
  const std::size_t W = x.size(), d = x[0].size();
  std::vector<float> sum(d);
  for (std::size_t s = 0; s < W; ++s) {
    const auto part = transport::segment(d, W, s);
    for (std::size_t begin = part.begin; begin < part.end; begin += kBlock) {
      const std::size_t n = std::min(kBlock, part.end - begin);
      std::vector<float> incoming(n), p(n);
      for (std::size_t k = 0; k < W; ++k) {
        const std::size_t r = (s + k) % W;
        for (std::size_t i = 0; i < n; ++i) {
          const float own = x[r][begin + i];
          p[i] = (k == 0 ? own : incoming[i] + own) + residuals[r][begin + i];
        }
        std::vector<std::byte> block(codec.block_bytes(n));
        codec.encode(p, block);
        codec.decode(block, incoming);
        for (std::size_t i = 0; i < n; ++i) residuals[r][begin + i] = p[i] - incoming[i];
      }
      std::ranges::copy(incoming, sum.begin() + static_cast<std::ptrdiff_t>(begin));
    }
  }
  return sum;
}

}  // namespace annulet::tests
