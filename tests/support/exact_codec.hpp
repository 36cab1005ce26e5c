/// The rule of a ring with a codec in double: what float32 rounds, it does not.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "transport/codec.hpp"
#include "transport/ring.hpp"

namespace annulet::tests {

/// Sums weighted changes as a ring does whose blocks have numbers up to `most` (127: q8, 7: q4).
/// parts[w]: what w puts in; residuals[w] becomes what its quantising leaves out.
inline std::vector<double> exact_lossy_sum(double most,
                                           const std::vector<std::vector<double>>& parts,
                                           std::vector<std::vector<double>>& residuals) {
  using transport::kBlock;
  const std::size_t W = parts.size(), d = parts[0].size();
  std::vector<double> sum(d);
  for (std::size_t s = 0; s < W; ++s) {
    const auto segment = transport::segment(d, W, s);
    for (std::size_t begin = segment.begin; begin < segment.end; begin += kBlock) {
      const std::size_t end = std::min(segment.end, begin + kBlock);
      for (std::size_t k = 0; k < W; ++k) {
        const std::size_t w = (s + k) % W;
        double largest = 0;
        for (std::size_t i = begin; i < end; ++i) {
          sum[i] += parts[w][i] + residuals[w][i];
          largest = std::max(largest, std::abs(sum[i]));
        }
        const double scale = largest / most;
        for (std::size_t i = begin; i < end; ++i) {
          const double sent = scale > 0 ? std::nearbyint(sum[i] / scale) * scale : 0;
          residuals[w][i] = sum[i] - sent;
          sum[i] = sent;
        }
      }
    }
  }
  return sum;
}

}  // namespace annulet::tests
