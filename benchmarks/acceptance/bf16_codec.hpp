/// Two bytes a value, the upper half of a float32: what a codec of models would be.
#pragma once

#include "transport/codec.hpp"

namespace annulet::benchmarks {

/// For comparison only. The nearest bf16, ties to even; a scale of 1, so that blocks are as long as
/// those of f16.
[[nodiscard]] const transport::Codec& bf16_codec() noexcept;

}  // namespace annulet::benchmarks
