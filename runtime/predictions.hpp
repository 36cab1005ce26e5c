/// What a saved model says of rows, as lines of CSV.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>

#include "model/shard.hpp"
#include "runtime/model_file_reader.hpp"

namespace annulet::runtime {

/// The class that a row's outputs (model::Objective::predict) stand for: of one score, 1 where it
/// is above 0; of several, the first of the highest.
[[nodiscard]] std::size_t predicted_class(std::span<const double> outputs);

/// Passes the lines to `write`, many at a time, in the order of the rows; memory does not grow with
/// their number. Classes: the predicted label as the data call it (a word where they have words),
/// and each label's probability. Values: the value. Throws ModelFileError for an objective that
/// predicts nothing, and what `write` throws.
void write_predictions(const SavedModel& model, const model::Shard& shard,
                       const std::function<void(std::string_view)>& write);

}  // namespace annulet::runtime
