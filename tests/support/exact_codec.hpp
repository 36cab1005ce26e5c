/// The rule of a ring with a codec in double: what float32 rounds, it does not.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "transport/codec.hpp"
#include "transport/ring.hpp"

namespace annulet::tests {

/// What w's quantising makes of sum[begin, end) with its part and its residual.
struct ExactBlock {
  std::size_t begin, end;
  double most;
};
inline void add_exactly(const ExactBlock& block, const std::vector<double>& part,
                        std::vector<double>& residual, std::vector<double>& sum) {
  double largest = 0;
  for (std::size_t i = block.begin; i < block.end; ++i) {
    sum[i] += part[i] + residual[i];
    largest = std::max(largest, std::abs(sum[i]));
  }
  const double scale = largest / block.most;
  for (std::size_t i = block.begin; i < block.end; ++i) {
    const double sent = scale > 0 ? std::nearbyint(sum[i] / scale) * scale : 0;
    residual[i] = sum[i] - sent;
    sum[i] = sent;
  }
}

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
        add_exactly({begin, end, most}, parts[w], residuals[w], sum);
      }
    }
  }
  return sum;
}

}  // namespace annulet::tests
