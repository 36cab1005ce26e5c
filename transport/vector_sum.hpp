/// The addition of an all-reduce, compiled for vector units.
#pragma once

#include <span>

namespace annulet::transport {

/// sum[i] = incoming[i] + sum[i]. Both have the same length and do not overlap.
void add_to(std::span<const float> incoming, std::span<float> sum);

}  // namespace annulet::transport
