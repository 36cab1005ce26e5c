/// Columns of text that stand under each other.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace annulet::runtime {

/// The first column stands left, the others right; three blanks between them.
class TextTable {
 public:
  /// Rows may have different lengths; missing fields are blank.
  void add(std::vector<std::string> row);
  /// One line a row, each with its line feed, without blanks at its end.
  [[nodiscard]] std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
  std::vector<std::size_t> widths_;
};

}  // namespace annulet::runtime
