/// The product A'A v over the rows of a shard, never forming A'A.
#include <vector>

#include "model/objective.hpp"
#include "model/rows.hpp"

namespace annulet::model {

void add_gram_product(const Shard& shard, std::size_t begin, std::size_t end, std::size_t features,
                      std::span<const double> v, std::span<double> out) {
  const auto& data = *shard.data;
  check_columns(data, features);
  const bool bias = v.size() > features;
  std::vector<double> row(data.is_sparse() ? 0 : features);
  for (auto i = begin; i < end; ++i) {
    double product = bias ? v[features] : 0;
    if (data.is_sparse()) {
      const auto entries = data.sparse_row(shard.rows[i]);
      product += dot(entries, v);
      add_scaled(product, entries, out);
    } else {
      data.copy_row(shard.rows[i], std::span(row));
      for (std::size_t j = 0; j < features; ++j) {
        product += row[j] * v[j];
      }
      for (std::size_t j = 0; j < features; ++j) {
        out[j] += product * row[j];
      }
    }
    if (bias) {
      out[features] += product;
    }
  }
}

}  // namespace annulet::model
