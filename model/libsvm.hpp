/// LIBSVM text: `label index:value index:value ...`, one row a line.
#pragma once

#include <filesystem>

#include "model/dataset.hpp"

namespace annulet::model {

inline constexpr std::uint64_t kMaxFeatureIndex = (std::uint64_t{1} << 31) - 2;

/// Indices are 1-based and increase strictly; numbers are decimal, finite and may have a leading +.
/// A row may have no feature. Blank lines and what follows a # are skipped; `qid:` is refused.
/// Throws DataError, with line and column where the text is at fault.
[[nodiscard]] Dataset read_libsvm(const std::filesystem::path& path);

}  // namespace annulet::model
