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

/// What comes out of a rank: of its own values from `begin` on, its residual there, which becomes
/// what is left out, and what has come in, which is nothing at the first rank.
inline std::vector<float> pass_on(const transport::Codec& codec, const std::vector<float>& own,
                                  std::vector<float>& residual, std::size_t begin,
                                  std::size_t length, const std::vector<float>& incoming) {
  std::vector<float> sum(length), sent(length);
  for (std::size_t i = 0; i < length; ++i) {
    const float value = own[begin + i];
    sum[i] = (incoming.empty() ? value : incoming[i] + value) + residual[begin + i];
  }
  std::vector<std::byte> block(codec.block_bytes(length));
  codec.encode(sum, block);
  codec.decode(block, sent);
  for (std::size_t i = 0; i < length; ++i) residual[begin + i] = sum[i] - sent[i];
  return sent;
}

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
      std::vector<float> incoming;
      for (std::size_t k = 0; k < W; ++k) {
        const std::size_t r = (s + k) % W;
        incoming = pass_on(codec, x[r], residuals[r], begin, n, incoming);
      }
      std::ranges::copy(incoming, sum.begin() + static_cast<std::ptrdiff_t>(begin));
    }
  }
  return sum;
}

}  // namespace annulet::tests
