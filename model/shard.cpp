/// The rows that one device descends on, with their targets.
#include "model/shard.hpp"

#include <cmath>
#include <string>
#include <utility>

namespace annulet::model {

Shard make_shard(std::shared_ptr<const Dataset> data, std::vector<Index> rows, LabelUse use,
                 const LabelMap& map) {
  std::vector<float> targets(rows.size(), 0.0F);
  for (std::size_t i = 0; i < rows.size() && use != LabelUse::none; ++i) {
    const float label = data->label(rows[i]);
    if (!std::isfinite(label)) {
      throw DataError(ErrorCode::bad_row, "row " + std::to_string(rows[i] + std::size_t{1}) +
                                              " has the label " + label_text(label) +
                                              ", which is no finite number");
    }
    targets[i] = names_classes(use) ? map.target(label) : label;
  }
  return {std::move(data), std::move(rows), std::move(targets)};
}

}  // namespace annulet::model
