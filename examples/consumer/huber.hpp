/// Huber regression: squares near the data, absolute values far from them, so that a broken sensor
/// pulls no harder than a wrong one.
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <vector>

#include <annulet/model/catalogue.hpp>
#include <annulet/model/objective.hpp>
#include <annulet/model/rows.hpp>

namespace consumer {

namespace model = annulet::model;

/// f(x) = mean of h(a.x - b) + l2/2 |x|^2, h(r) = r^2/2 where |r| <= 1, else |r| - 1/2. x:
/// (features).
class Huber final : public model::Objective<float> {
 public:
  explicit Huber(const model::ObjectiveOptions& options)
      : l2_(static_cast<float>(options.l2)), row_(options.features) {}

  std::size_t dimension() const noexcept override { return row_.size(); }
  double step_flops(std::size_t batch) const noexcept override {
    return 4.0 * static_cast<double>(batch * row_.size());
  }
  double curvature_factor() const noexcept override { return 1; }

  double gradient(model::ConstParams<float> x, const model::Batch& batch,
                  model::Params<float> g) const override {
    const auto size = static_cast<float>(batch.positions.size());
    double loss = 0;
    for (std::size_t j = 0; j < x.size(); ++j) g[j] = l2_ * x[j];
    for (const model::Index position : batch.positions) {
      const float r = residual(x, batch.shard, position);
      const float slope = std::clamp(r, -1.0F, 1.0F);
      for (std::size_t j = 0; j < x.size(); ++j) g[j] += slope / size * row_[j];
      loss += huber(r);
    }
    return loss / size;
  }

  model::Evaluation evaluate(model::ConstParams<float> x, const model::Shard& shard,
                             std::size_t begin, std::size_t end) const override {
    model::Evaluation sums;
    for (std::size_t i = begin; i < end; ++i) sums.loss += huber(residual(x, shard, i));
    sums.rows = static_cast<double>(end - begin);
    return sums;
  }

 private:
  static double huber(double r) { return std::abs(r) <= 1 ? r * r / 2 : std::abs(r) - 0.5; }

  /// a.x - b of a row, which is then in row_. Throws DataError where it is too long for the model.
  float residual(model::ConstParams<float> x, const model::Shard& shard, std::size_t i) const {
    model::check_columns(*shard.data, row_.size());
    shard.data->copy_row(shard.rows[i], std::span(row_));
    float sum = -shard.targets[i];
    for (std::size_t j = 0; j < x.size(); ++j) sum += row_[j] * x[j];
    return sum;
  }

  float l2_;
  mutable std::vector<float> row_;  // scratch: an objective belongs to one device
};

/// The line that makes `model.kind = "huber"` known.
inline model::CatalogueEntry huber_entry() {
  return {.name = "huber",
          .labels = model::LabelUse::values,
          .no_bias = "has no bias",
          .make_float = [](const model::ObjectiveOptions& options) {
            return std::make_unique<Huber>(options);
          }};
}

}  // namespace consumer
