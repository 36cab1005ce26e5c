/// Rows to measure steps on where nobody has named data: their shape is what counts.
#pragma once

#include <string>

#include "model/dataset.hpp"
#include "model/label_map.hpp"

namespace annulet::runtime {

/// A set, and its shape in words.
struct MadeRows {
  model::Dataset data;
  std::string shape;  // "rows made here: 20,000 of 16 numbers"
};

/// The same rows every time. Two classes: sparse, about as the w8a of the LIBSVM pages. More
/// classes: ten of pictures of 28 x 28 bytes. Else: dense rows of 16 numbers.
[[nodiscard]] MadeRows make_rows(model::LabelUse use);

}  // namespace annulet::runtime
