/// The rows that one device descends on, with their targets.
#include "model/shard.hpp"

#include <utility>

namespace annulet::model {

Shard make_shard(std::shared_ptr<const Dataset> data, std::vector<Index> rows, LabelUse use,
                 const LabelMap& map) {
  std::vector<float> targets(rows.size(), 0.0F);
  if (use != LabelUse::none) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      targets[i] = map.target(data->label(rows[i]));
    }
  }
  return {std::move(data), std::move(rows), std::move(targets)};
}

}  // namespace annulet::model
