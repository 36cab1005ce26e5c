/// The rows of a data set as a saved model uses them.
#pragma once

#include <memory>
#include <string>

#include "model/dataset.hpp"
#include "model/shard.hpp"
#include "runtime/model_file_reader.hpp"

namespace annulet::runtime {

/// Are the rows' labels compared with what the model says of them?
enum class Labels { compared, ignored };

/// All rows of the set, in their order. `name` is what messages call the data. Throws
/// model::DataError, one line, where they do not fit the model: other columns than it was trained
/// on, or (compared) a label that it does not know, or no rows.
[[nodiscard]] model::Shard rows_for(const SavedModel& model,
                                    std::shared_ptr<const model::Dataset> data,
                                    const std::string& name, Labels labels);

}  // namespace annulet::runtime
