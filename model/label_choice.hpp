/// Which number or word of a row is its label, where a file leaves that open.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace annulet::model {

struct LabelChoice {
  std::string name{};      // of a CSV column; "": not chosen by name
  std::size_t number = 0;  // 1-based: of a CSV column, or of one of FANN's outputs; 0: not chosen
  std::vector<std::string> classes{};  // labels that are words: which word is class 0, 1, ...
  // For who looks at one file alone, before anything is chosen: words without `classes` are
  // numbered in alphabetical order (two devices with other words would do so differently), and of
  // several outputs that are no classes the first is taken.
  bool first_look = false;
  bool none = false;  // of CSV: every column is a feature, and all labels are 0

  bool operator==(const LabelChoice&) const = default;
  [[nodiscard]] bool is_default() const noexcept { return name.empty() && number == 0; }
};

/// ["edible", "poisonous"]: as a run file (TOML) has them.
[[nodiscard]] std::string words_text(std::span<const std::string> words);

}  // namespace annulet::model
