/// LIBSVM text: `label index:value index:value ...`, one row a line.
#pragma once

#include <cstdint>

#include "model/dataset.hpp"
#include "model/label_choice.hpp"
#include "model/line_reader.hpp"
#include "model/row_choice.hpp"

namespace annulet::model {

inline constexpr std::uint64_t kMaxFeatureIndex = (std::uint64_t{1} << 31) - 2;

/// Indices are 1-based and increase strictly; numbers are decimal, finite and may have a leading +.
/// A row may have no feature. Blank lines and what follows a # are skipped; `qid:` is refused.
/// choice.none: a line is a row's features alone, a blank one a row of zeros. Throws DataError,
/// with line and column where the text is at fault.
[[nodiscard]] Dataset read_libsvm(LineReader lines, const LabelChoice& choice = {},
                                  RowChoice rows = {});

}  // namespace annulet::model
