/// Names of columns: do those of two files agree?
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "model/dataset.hpp"

namespace annulet::runtime {

/// What devices tell each other of their columns' names: 64 bits of the features' names in their
/// order and the label's; 0 where the file has no names. Where the label stands is left out: it is
/// no feature.
[[nodiscard]] std::uint64_t columns_digest(const model::DataOrigin& origin);

/// `column 3 is "co2", the KNOWN "humidity" there`: the first of the file's features that has
/// another name than expected[i], counted as in the file; or "". Files without names, and none
/// expected, agree with all. Bytes that are not UTF-8 are all the same.
[[nodiscard]] std::string columns_differ(const model::DataOrigin& origin,
                                         std::span<const std::string> expected,
                                         const std::string& known);

}  // namespace annulet::runtime
