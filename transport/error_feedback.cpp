/// One block, quantised with what was left out before.
#include "transport/error_feedback.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace annulet::transport {

void quantise(const Codec& codec, std::span<const float> sum, std::span<float> residual,
              Bytes block, std::span<float> decoded) noexcept {
  std::array<float, kBlock> memory;  // NOLINT(cppcoreguidelines-pro-type-member-init): all is set
  const std::span<float> p = std::span(memory).first(sum.size());
  for (std::size_t i = 0; i < p.size(); ++i) p[i] = sum[i] + residual[i];
  codec.encode(p, block);
  codec.decode(block, decoded);
  if (std::isnan(decoded[0])) {
    std::ranges::fill(residual, 0.0F);
    return;
  }
  for (std::size_t i = 0; i < p.size(); ++i) residual[i] = p[i] - decoded[i];
}

}  // namespace annulet::transport
