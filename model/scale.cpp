/// How features are brought to one scale: (row - shift) * factor, the same on all devices.
#include "model/scale.hpp"

#include <cmath>
#include <limits>

#include "model/rows.hpp"

namespace annulet::model {
namespace {

/// Calls visit(column, value) for the entries of a row, of a sparse one only those it has.
template <class Visit>
void for_entries(const Dataset& data, Index row, std::vector<double>& scratch, Visit visit) {
  if (data.is_sparse()) {
    const auto entries = data.sparse_row(row);
    for (std::size_t k = 0; k < entries.index.size(); ++k) {
      visit(entries.index[k], static_cast<double>(entries.value[k]));
    }
    return;
  }
  data.copy_row(row, std::span(scratch));
  for (std::size_t j = 0; j < scratch.size(); ++j) visit(j, scratch[j]);
}

/// Float32 keeps 24 bits: a mean's own values can be this far from it and mean nothing.
bool varies(double mean, double deviation) {
  return deviation > std::abs(mean) * static_cast<double>(std::numeric_limits<float>::epsilon());
}

}  // namespace

Moments moments_of(const Dataset& data, std::span<const Index> rows, std::size_t features) {
  check_columns(data, features);
  Moments out{static_cast<double>(rows.size()), std::vector<double>(features),
              std::vector<double>(features)};
  if (rows.empty()) return out;
  std::vector<double> scratch(data.is_sparse() ? 0 : data.features());
  std::vector<double> seen(data.is_sparse() ? features : 0);
  for (const Index row : rows) {
    for_entries(data, row, scratch, [&](std::size_t j, double value) { out.mean[j] += value; });
  }
  for (auto& mean : out.mean) mean /= out.rows;
  for (const Index row : rows) {
    for_entries(data, row, scratch, [&](std::size_t j, double value) {
      const double distance = value - out.mean[j];
      out.deviation[j] += distance * distance;
      if (!seen.empty()) ++seen[j];
    });
  }
  for (std::size_t j = 0; j < features; ++j) {
    // The zeros that sparse rows leave out.
    if (!seen.empty()) out.deviation[j] += (out.rows - seen[j]) * out.mean[j] * out.mean[j];
    out.deviation[j] = std::sqrt(out.deviation[j] / out.rows);
  }
  return out;
}

Moments pooled(std::span<const Moments> parts) {
  Moments out;
  for (const auto& part : parts) {
    if (part.rows == 0) continue;
    if (out.rows == 0) {
      out = part;
      continue;
    }
    const double rows = out.rows + part.rows;
    const double mine = out.rows / rows, theirs = part.rows / rows;
    for (std::size_t j = 0; j < out.mean.size(); ++j) {
      const double apart = part.mean[j] - out.mean[j];
      const double variance = mine * out.deviation[j] * out.deviation[j] +
                              theirs * part.deviation[j] * part.deviation[j] +
                              mine * theirs * apart * apart;
      out.mean[j] += theirs * apart;
      out.deviation[j] = std::sqrt(variance);
    }
    out.rows = rows;
  }
  return out;
}

Scale standard_scale(const Moments& moments, bool sparse) {
  const std::size_t features = moments.mean.size();
  Scale scale{std::vector<float>(features, 0.0F), std::vector<float>(features, 1.0F)};
  for (std::size_t j = 0; j < features; ++j) {
    if (!sparse) scale.shift[j] = static_cast<float>(moments.mean[j]);
    if (!varies(moments.mean[j], moments.deviation[j])) continue;
    const auto factor = static_cast<float>(1 / moments.deviation[j]);
    if (std::isnormal(factor)) scale.factor[j] = factor;
  }
  return scale;
}

}  // namespace annulet::model
