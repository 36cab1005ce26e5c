/// Small data sets by formula, the same in every test, and ways to look at objectives on them.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "model/catalogue.hpp"
#include "model/dataset.hpp"
#include "model/label_map.hpp"
#include "model/shard.hpp"

namespace annulet::tests {

/// 60 rows, 12 sparse features, labels -1 and +1; every fifth row has no feature. Row i holds
/// ((7i + 3j) mod 8 + 1)/4 in column (3i + 5j) mod 12 for j < i mod 5.
[[nodiscard]] inline std::shared_ptr<const model::Dataset> sparse_sample() {
  std::vector<std::size_t> offset{0};
  std::vector<model::Index> index;
  std::vector<float> value;
  std::vector<float> label;
  for (std::uint32_t i = 0; i < 60; ++i) {
    std::vector<std::pair<model::Index, float>> row;
    for (std::uint32_t j = 0; j < i % 5; ++j) {
      row.emplace_back((3 * i + 5 * j) % 12, static_cast<float>((7 * i + 3 * j) % 8 + 1) / 4.0F);
    }
    std::sort(row.begin(), row.end());
    for (const auto& [column, number] : row) {
      index.push_back(column);
      value.push_back(number);
    }
    offset.push_back(index.size());
    label.push_back((i * i + i / 3) % 3 == 0 ? 1.0F : -1.0F);
  }
  return std::make_shared<const model::Dataset>(model::Dataset::sparse(
      std::move(offset), std::move(index), std::move(value), std::move(label), 12));
}

/// Other labels for the same sparse rows.
[[nodiscard]] inline std::shared_ptr<const model::Dataset> with_labels(const model::Dataset& rows,
                                                                       std::vector<float> label) {
  std::vector<std::size_t> offset{0};
  std::vector<model::Index> index;
  std::vector<float> value;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const auto row = rows.sparse_row(i);
    index.insert(index.end(), row.index.begin(), row.index.end());
    value.insert(value.end(), row.value.begin(), row.value.end());
    offset.push_back(index.size());
  }
  return std::make_shared<const model::Dataset>(model::Dataset::sparse(
      std::move(offset), std::move(index), std::move(value), std::move(label), rows.features()));
}

/// sparse_sample() with values to predict: y = sin(i) + the row's first two columns weighed.
[[nodiscard]] inline std::shared_ptr<const model::Dataset> value_sample() {
  const auto rows = sparse_sample();
  std::vector<float> label(rows->rows());
  std::vector<float> row(rows->features());
  for (std::size_t i = 0; i < label.size(); ++i) {
    rows->copy_row(i, std::span(row));
    label[i] = std::sin(static_cast<float>(i)) / 4 + 2 * row[0] - row[5] + 3;
  }
  return with_labels(*rows, std::move(label));
}

/// 40 rows, 6 dense features, labels 0 to 3: ((5i + 3j + ij) mod 9 - 4)/4 in column j of row i.
[[nodiscard]] inline std::shared_ptr<const model::Dataset> dense_sample() {
  std::vector<float> values;
  std::vector<float> label;
  for (int i = 0; i < 40; ++i) {
    for (int j = 0; j < 6; ++j) {
      values.push_back(static_cast<float>((5 * i + 3 * j + i * j) % 9 - 4) / 4.0F);
    }
    label.push_back(static_cast<float>((i + i / 4) % 4));
  }
  return std::make_shared<const model::Dataset>(
      model::Dataset::dense(std::move(values), std::move(label), 6));
}

/// The same rows, dense.
[[nodiscard]] inline std::shared_ptr<const model::Dataset> made_dense(const model::Dataset& data) {
  std::vector<float> values(data.rows() * data.features());
  for (std::size_t i = 0; i < data.rows(); ++i) {
    data.copy_row(i, std::span(values).subspan(i * data.features(), data.features()));
  }
  return std::make_shared<const model::Dataset>(model::Dataset::dense(
      std::move(values), {data.labels().begin(), data.labels().end()}, data.features()));
}

[[nodiscard]] inline std::vector<model::Index> counting(std::size_t begin, std::size_t end) {
  std::vector<model::Index> out(end - begin);
  std::iota(out.begin(), out.end(), static_cast<model::Index>(begin));
  return out;
}

/// Rows [begin, end) as a shard, with the labels of the whole set mapped.
[[nodiscard]] inline model::Shard shard_of(std::shared_ptr<const model::Dataset> data,
                                           model::LabelUse use, std::size_t begin,
                                           std::size_t end) {
  const std::vector<std::vector<float>> sets{
      model::survey(*data, model::names_classes(use)).labels};
  const std::vector<std::string> names{"device 0"};
  const auto map = model::make_label_map(use, sets, names);
  return model::make_shard(std::move(data), counting(begin, end), use, map);
}

[[nodiscard]] inline model::Shard whole(std::shared_ptr<const model::Dataset> data,
                                        model::LabelUse use) {
  const auto rows = data->rows();
  return shard_of(std::move(data), use, 0, rows);
}

/// The largest |a[j] - b[j]|; infinite when one of them is not a number.
template <class A, class B>
[[nodiscard]] double largest_difference(const std::vector<A>& a, const std::vector<B>& b) {
  double out = 0;
  for (std::size_t j = 0; j < a.size(); ++j) {
    const double difference = std::abs(static_cast<double>(a[j]) - static_cast<double>(b[j]));
    out = std::max(out,
                   std::isnan(difference) ? std::numeric_limits<double>::infinity() : difference);
  }
  return out;
}

/// Parameters that are neither equal nor symmetric.
template <class Scalar>
[[nodiscard]] std::vector<Scalar> some_parameters(std::size_t d) {
  std::vector<Scalar> x(d);
  for (std::size_t j = 0; j < d; ++j) {
    x[j] = static_cast<Scalar>(std::sin(1.0 + 2.0 * static_cast<double>(j)));
  }
  return x;
}

/// f(x) over the whole shard, l2 included.
template <class Scalar>
[[nodiscard]] double value(const model::Objective<Scalar>& objective, std::span<const Scalar> x,
                           const model::Shard& shard, double l2) {
  const auto sums = objective.evaluate(x, shard, 0, shard.size());
  double square = 0;
  for (const Scalar v : x) {
    square += static_cast<double>(v) * static_cast<double>(v);
  }
  return sums.loss / sums.rows + l2 / 2 * square;
}

/// The largest difference between the gradient on the batch and central differences of
/// mean loss + l2/2 |x|^2. With steps of 1e-5 the differences err by about 1e-10.
[[nodiscard]] inline double gradient_error(const model::ObjectiveOptions& options,
                                           const model::Shard& shard,
                                           std::span<const model::Index> positions) {
  constexpr double kStep = 1e-5;
  const auto objective = model::make_objective<double>(options);
  auto x = some_parameters<double>(objective->dimension());
  std::vector<double> g(x.size());
  std::vector<double> unused(x.size());
  const model::Batch batch{shard, positions};
  objective->gradient(x, batch, g);
  const auto f = [&](std::size_t j, double v) {
    const double kept = std::exchange(x[j], v);
    double square = 0;
    for (const double p : x) {
      square += p * p;
    }
    const double out = objective->gradient(x, batch, unused) + options.l2 / 2 * square;
    x[j] = kept;
    return out;
  };
  std::vector<double> slopes;
  for (std::size_t j = 0; j < x.size(); ++j) {
    slopes.push_back((f(j, x[j] + kStep) - f(j, x[j] - kStep)) / (2 * kStep));
  }
  return largest_difference(slopes, g);
}

}  // namespace annulet::tests
