/// Quantising with a memory: what a codec leaves out of a round is sent with the next.
#pragma once

#include <span>

#include "transport/codec.hpp"

namespace annulet::transport {

/// p = sum + residual; block = Q(p); decoded = what the block says; residual = p - decoded, or 0
/// where the block is NaN: what follows shall not be worse than the sum. All spans: (n) of one
/// block, `decoded` may be `sum`. Source: Karimireddy et al. 2019, error feedback; Seide et al.
/// 2014.
void quantise(const Codec& codec, std::span<const float> sum, std::span<float> residual,
              Bytes block, std::span<float> decoded) noexcept;

}  // namespace annulet::transport
