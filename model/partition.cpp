/// Cuts a data set among W devices: all, iid, by label, Dirichlet, file order.
#include "model/partition.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <numeric>
#include <span>

#include "model/decimal.hpp"
#include "model/random.hpp"

namespace annulet::model {
namespace {

constexpr std::string_view kDirichlet = "dirichlet(";

using Shares = std::vector<std::vector<Index>>;

std::vector<Index> all_rows(const Dataset& data) {
  std::vector<Index> rows(data.rows());
  std::iota(rows.begin(), rows.end(), Index{0});
  return rows;
}

/// Part `index` of `count` of the rows, in their order: [floor(n i/W), floor(n (i+1)/W)).
std::vector<Index> cut(std::span<const Index> rows, std::size_t index, std::size_t count) {
  const auto bound = [&](std::size_t i) {
    const std::uint64_t n = rows.size();
    return static_cast<std::size_t>(n * i / count);
  };
  const auto part = rows.subspan(bound(index), bound(index + 1) - bound(index));
  return {part.begin(), part.end()};
}

std::vector<Index> sorted_by_label(const Dataset& data) {
  auto rows = all_rows(data);
  std::stable_sort(rows.begin(), rows.end(),
                   [&](Index a, Index b) { return data.label(a) < data.label(b); });
  return rows;
}

/// Where to cut n rows by shares from Dirichlet(alpha, ..., alpha): (count + 1), from 0 to n.
std::vector<std::size_t> dirichlet_cuts(std::size_t n, std::size_t count, double alpha,
                                        Random& random) {
  std::vector<double> upto(count);
  double sum = 0;
  for (auto& bound : upto) {
    sum += random.gamma(alpha);
    bound = sum;
  }
  // With a tiny alpha every draw may be rounded to 0; the limit is that one device gets all.
  const auto winner = random.below(count);
  std::vector<std::size_t> cuts(count + 1, 0);
  for (std::size_t i = 0; i < count; ++i) {
    const double share = sum > 0 ? upto[i] / sum : (i >= winner ? 1.0 : 0.0);
    cuts[i + 1] = static_cast<std::size_t>(std::floor(static_cast<double>(n) * share));
  }
  cuts.back() = n;
  return cuts;
}

/// A device without a row could not take a step: each such one, in order, is given the last row of
/// the device that has most.
void fill_empty_shares(Shares& shares) {
  for (auto& share : shares) {
    auto& largest = *std::max_element(shares.begin(), shares.end(),
                                      [](auto& a, auto& b) { return a.size() < b.size(); });
    if (share.empty() && largest.size() > 1) {
      share.push_back(largest.back());
      largest.pop_back();
    }
  }
}

std::vector<Index> dirichlet(const Dataset& data, std::size_t index, std::size_t count,
                             double alpha, Random& random) {
  std::map<float, std::vector<Index>> classes;
  for (const Index row : all_rows(data)) {
    classes[data.label(row)].push_back(row);
  }
  Shares shares(count);
  for (auto& [label, rows] : classes) {
    random.shuffle(rows);
    const auto cuts = dirichlet_cuts(rows.size(), count, alpha, random);
    for (std::size_t i = 0; i < count; ++i) {
      const auto part = std::span(rows).subspan(cuts[i], cuts[i + 1] - cuts[i]);
      shares[i].insert(shares[i].end(), part.begin(), part.end());
    }
  }
  fill_empty_shares(shares);
  return shares[index];
}

}  // namespace

std::optional<Partition> parse_partition(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, PartitionKind>, 4> kNames = {
      {{"all", PartitionKind::all},
       {"iid", PartitionKind::iid},
       {"by-label", PartitionKind::by_label},
       {"file-order", PartitionKind::file_order}}};
  for (const auto& [name, kind] : kNames) {
    if (text == name) {
      return Partition{.kind = kind};
    }
  }
  if (!text.starts_with(kDirichlet) || !text.ends_with(')')) {
    return std::nullopt;
  }
  const auto number = text.substr(kDirichlet.size(), text.size() - kDirichlet.size() - 1);
  double alpha = 0;
  const auto* end = number.data() + number.size();
  const auto [stop, error] = std::from_chars(number.data(), end, alpha);
  if (error != std::errc{} || stop != end || !std::isfinite(alpha) || alpha <= 0) {
    return std::nullopt;
  }
  return Partition{.kind = PartitionKind::dirichlet, .alpha = alpha};
}

std::string to_text(const Partition& partition) {
  switch (partition.kind) {
    case PartitionKind::all:
      return "all";
    case PartitionKind::iid:
      return "iid";
    case PartitionKind::by_label:
      return "by-label";
    case PartitionKind::file_order:
      return "file-order";
    case PartitionKind::dirichlet:
      break;
  }
  return std::string(kDirichlet) + shortest_decimal(partition.alpha) + ")";
}

std::vector<Index> partition_rows(const Partition& partition, const Dataset& data,
                                  std::size_t index, std::size_t count, std::uint64_t seed) {
  Random random(seed);
  auto rows = all_rows(data);
  switch (partition.kind) {
    case PartitionKind::all:
      return rows;
    case PartitionKind::file_order:
      return cut(rows, index, count);
    case PartitionKind::iid:
      random.shuffle(rows);
      return cut(rows, index, count);
    case PartitionKind::by_label:
      rows = cut(sorted_by_label(data), index, count);
      break;
    case PartitionKind::dirichlet:
      rows = dirichlet(data, index, count, partition.alpha, random);
      break;
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

}  // namespace annulet::model
