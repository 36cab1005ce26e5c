/// CSV: rows of numbers, with names of the columns above them or without, one column the label.
#pragma once

#include "model/dataset.hpp"
#include "model/label_choice.hpp"
#include "model/line_reader.hpp"
#include "model/row_choice.hpp"

namespace annulet::model {

/// Quoting is RFC 4180's, blank lines are skipped, numbers are decimal with a point. The first line
/// holds names when it has text where the second has a number. The label is the column chosen, or
/// the last one; all others are features, in their order. Gives a dense set.
/// Throws DataError with line and column, also by name, for a missing value, text among the
/// features and a record of another length; and for a choice of label that does not fit.
[[nodiscard]] Dataset read_csv(LineReader lines, char separator, const LabelChoice& choice,
                               RowChoice rows = {});

}  // namespace annulet::model
