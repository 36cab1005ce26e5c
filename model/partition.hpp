/// Cuts a data set among W devices: all, iid, by label, Dirichlet, file order.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/dataset.hpp"

namespace annulet::model {

/// How data that devices share are cut: the kinds of data.partition.
enum class PartitionKind { all, iid, by_label, dirichlet, file_order };

/// A kind, and the constant that it needs.
struct Partition {
  PartitionKind kind = PartitionKind::iid;
  double alpha = 0.3;  // dirichlet(alpha) only, > 0

  bool operator==(const Partition&) const = default;
};

/// "all", "iid", "by-label", "dirichlet(0.3)", "file-order"; nullopt for anything else.
[[nodiscard]] std::optional<Partition> parse_partition(std::string_view text);
[[nodiscard]] std::string to_text(const Partition& partition);

/// The rows of share `index` of `count`, ascending except for iid's shuffled order.
///   all: every row. file_order: rows [floor(n i/W), floor(n (i+1)/W)).
///   iid: a seeded shuffle, then cut as file_order. by_label: rows sorted by label (stable), then
///   cut as file_order. dirichlet: for each label, shares drawn from Dirichlet(alpha, ..., alpha).
/// index: below count, count >= 1. O(n), by_label O(n log n).
/// All devices that pass the same seed get disjoint shares whose union is the whole set (but all).
[[nodiscard]] std::vector<Index> partition_rows(const Partition& partition, const Dataset& data,
                                                std::size_t index, std::size_t count,
                                                std::uint64_t seed);

}  // namespace annulet::model
