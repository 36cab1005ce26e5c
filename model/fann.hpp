/// FANN's text format: `rows inputs outputs`, then for each row a line of inputs and one of
/// outputs.
#pragma once

#include "model/dataset.hpp"
#include "model/label_choice.hpp"
#include "model/line_reader.hpp"
#include "model/row_choice.hpp"

namespace annulet::model {

/// Numbers may be cut into lines in any way, as FANN reads them. The label is the one output there
/// is, or output choice.number; without a choice, outputs of which in every row one is 1 and the
/// others 0 (or -1) are classes 0, 1, ... The sizes in the first line are only believed as far as
/// numbers arrive. Gives a dense set. Throws DataError, with the line where there is one.
[[nodiscard]] Dataset read_fann(LineReader lines, const LabelChoice& choice, RowChoice rows = {});

}  // namespace annulet::model
