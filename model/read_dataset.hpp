/// Reads a data set from disk: LIBSVM text, CSV, FANN's text or an IDX pair, plain, gzip or xz,
/// told apart by content.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "model/dataset.hpp"
#include "model/label_choice.hpp"

namespace annulet::model {

/// Where a data set is: one text file, or an IDX pair (then `file` is empty).
struct DataPath {
  std::filesystem::path file{};
  std::filesystem::path images{};
  std::filesystem::path labels{};
  LabelChoice label{};  // in a file that leaves it open

  bool operator==(const DataPath&) const = default;
  [[nodiscard]] bool empty() const { return file.empty() && images.empty(); }
  [[nodiscard]] std::string text() const;  // for messages
};

/// Throws DataError. A folder as `file` with the four usual IDX names in it is not a data set: say
/// so.
[[nodiscard]] Dataset read_dataset(const DataPath& path);
/// Its labels and how wide it is (Dataset::outline).
[[nodiscard]] Dataset read_outline(const DataPath& path);
/// Those rows of a set whose outline was read, ascending; at least one. features() and origin() are
/// those of all rows. Throws DataError, also where it has become another set since.
[[nodiscard]] Dataset read_rows(const DataPath& path, const Dataset& outline,
                                std::span<const Index> rows);

}  // namespace annulet::model
