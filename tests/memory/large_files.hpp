/// Text of data sets that are large beside all else that a program holds.
#pragma once

#include <cstddef>
#include <string>

namespace annulet::tests {

/// A few more numbers than 2^21, where a vector that doubles would take the most.
inline constexpr std::size_t kRows = 4200, kFeatures = 500;

[[nodiscard]] inline std::string libsvm_text() {
  std::string text;
  for (std::size_t i = 0; i < kRows; ++i) {
    text += i % 2 == 0 ? "+1" : "-1";
    for (std::size_t j = 1; j <= kFeatures; ++j) text += ' ' + std::to_string(j) + ":1";
    text += '\n';
  }
  return text;
}

[[nodiscard]] inline std::string numbers_text(const std::string& head, char separator) {
  std::string row;
  for (std::size_t j = 0; j < kFeatures; ++j) row += std::string("0.5") + separator;
  std::string text = head;
  for (std::size_t i = 0; i < kRows; ++i) text += row + (i % 2 == 0 ? "0\n" : "1\n");
  return text;
}

[[nodiscard]] inline std::string csv_text() { return numbers_text("", ','); }
[[nodiscard]] inline std::string fann_text() {
  return numbers_text(std::to_string(kRows) + " " + std::to_string(kFeatures) + " 1\n", ' ');
}

}  // namespace annulet::tests
