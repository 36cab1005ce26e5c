/// --label, as the commands that read data outside a run take it.
#pragma once

#include <string>

#include "model/label_choice.hpp"

namespace annulet::runtime {

/// Digits are a column's or output's number, all else is a column's name: as in data.label, without
/// its quotes. Throws UsageError for 0.
void choose_label(model::LabelChoice& label, const std::string& text);

}  // namespace annulet::runtime
