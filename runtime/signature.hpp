/// One number that changes when what annulet computes changes.
#pragma once

#include <cstdint>

namespace annulet::runtime {

/// Trains tiny rings in virtual time, on data made here: sparse and dense, fixed and doubling, with
/// and without drift correction; a hash of all their models. Takes well under a second. In the
/// golden preset it is the same on every CPU.
[[nodiscard]] std::uint64_t signature();

}  // namespace annulet::runtime
