/// Which number or word of a row is its label, where a file leaves that open.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace annulet::model {

struct LabelChoice {
  std::string name{};      // of a CSV column; "": not chosen by name
  std::size_t number = 0;  // 1-based: of a CSV column, or of one of FANN's outputs; 0: not chosen
  std::vector<std::string> classes{};  // labels that are words: which word is class 0, 1, ...
  // Words without `classes` are numbered in alphabetical order. Only for who looks at one file
  // alone: two devices with other words would number them differently.
  bool number_words = false;

  bool operator==(const LabelChoice&) const = default;
  [[nodiscard]] bool is_default() const noexcept { return name.empty() && number == 0; }
};

}  // namespace annulet::model
