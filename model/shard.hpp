/// The rows that one device descends on, with their targets.
#pragma once

#include <memory>
#include <vector>

#include "model/dataset.hpp"
#include "model/label_map.hpp"

namespace annulet::model {

/// rows: indices into data; targets: (rows.size()), what the label map made of each row's label, or
/// the label itself.
struct Shard {
  std::shared_ptr<const Dataset> data;
  std::vector<Index> rows;
  std::vector<float> targets;

  [[nodiscard]] std::size_t size() const noexcept { return rows.size(); }
};

/// rows: below data->rows(). Values: targets are the labels as they are, which must be finite, else
/// DataError. None: targets are all 0. The map is asked for classes only; DataError for a label
/// that is not in it. O(rows).
[[nodiscard]] Shard make_shard(std::shared_ptr<const Dataset> data, std::vector<Index> rows,
                               LabelUse use, const LabelMap& map);

/// A mini-batch: positions into a shard.
struct Batch {
  const Shard& shard;
  std::span<const Index> positions;
};

}  // namespace annulet::model
