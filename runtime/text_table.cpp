/// Columns of text that stand under each other.
#include "runtime/text_table.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace annulet::runtime {
namespace {

/// Characters on the screen; names are ASCII or counted by their code points.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned>(c) & 0xC0U) != 0x80; }));
}

}  // namespace

void TextTable::add(std::vector<std::string> row) {
  widths_.resize(std::max(widths_.size(), row.size()));
  for (std::size_t column = 0; column < row.size(); ++column) {
    widths_[column] = std::max(widths_[column], width(row[column]));
  }
  rows_.push_back(std::move(row));
}

std::string TextTable::text() const {
  std::string lines;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t column = 0; column < row.size(); ++column) {
      const std::string blanks(widths_[column] - width(row[column]), ' ');
      line += column == 0 ? row[column] + blanks : "   " + blanks + row[column];
    }
    lines += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
  }
  return lines;
}

}  // namespace annulet::runtime
