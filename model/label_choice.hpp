/// Which number or word of a row is its label, where a file leaves that open.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace annulet::model {

/// Where the label of a row stands, and what its words mean.
struct LabelChoice {
  std::string name{};      // of a CSV column; "": not chosen by name
  std::size_t number = 0;  // 1-based: of a CSV column, or of one of FANN's outputs; 0: not chosen
  // What the number counts, where a model file says so.
  enum class Counts { either, columns, outputs } counts = Counts::either;
  std::vector<std::string> classes{};  // labels that are words: which word is class 0, 1, ...
  // For who looks at one file alone, before anything is chosen: words without `classes` are
  // numbered in alphabetical order (two devices with other words would do so differently), and of
  // several outputs that are no classes the first is taken. All outputs are kept in the origin.
  bool first_look = false;
  bool none = false;     // rows have no label: all labels are 0
  bool ignored = false;  // labels are not looked at: all are 0, whatever stands there
  // For who reads rows for a model that is there: how many features it has, and whether name,
  // number and classes come from its file. Formats without such a choice then have no use for them.
  std::size_t model_features = 0;
  bool from_model = false;
  std::string_view option = "data.label";  // where the choice can be made, for messages

  bool operator==(const LabelChoice&) const = default;
  [[nodiscard]] bool is_default() const noexcept { return name.empty() && number == 0; }
};

/// ["edible", "poisonous"]: as a run file (TOML) has them.
[[nodiscard]] std::string words_text(std::span<const std::string> words);

}  // namespace annulet::model
