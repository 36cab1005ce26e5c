/// What kind of text a data file is, told by its content, whatever its name.
#pragma once

#include <string_view>

#include "model/dataset.hpp"

namespace annulet::model {

struct TextFormat {
  DataFormat format = DataFormat::libsvm;
  char separator = 0;  // CSV
};

/// head: the start of a text file. FANN: its first line is three whole numbers. LIBSVM: the first
/// line that has more than a label has an index:value after it. CSV: there is a tab, a semicolon or
/// a comma, taken for the separator in that order where all lines have the same number of them (a
/// comma may be a decimal point elsewhere). Else LIBSVM, whose reader says what is wrong.
/// has_labels: else LIBSVM's lines may begin with index:value.
[[nodiscard]] TextFormat text_format(std::string_view head, bool has_labels = true);

}  // namespace annulet::model
