/// The mean square distance to the rows: an objective whose every step has a closed form.
#include <vector>

#include "model/convex_losses.hpp"
#include "model/objectives.hpp"
#include "model/rows.hpp"

namespace annulet::model {
namespace {

template <class Scalar>
class Quadratic final : public Objective<Scalar> {
 public:
  explicit Quadratic(const ObjectiveOptions& options)
      : features_(options.features), l2_(static_cast<Scalar>(options.l2)), row_(features_) {}

  std::size_t dimension() const noexcept override { return features_; }
  double curvature_factor() const noexcept override { return 0; }
  double step_flops(std::size_t batch) const noexcept override {
    return 3.0 * static_cast<double>((batch + 1) * features_);
  }

  double gradient(ConstParams<Scalar> x, const Batch& batch, Params<Scalar> g) const override {
    check_columns(*batch.shard.data, features_);
    std::fill(g.begin(), g.end(), Scalar(0));
    const auto size = static_cast<Scalar>(batch.positions.size());
    double sum = 0;
    for (const Index position : batch.positions) {
      sum += find_difference(x, batch.shard, position);
      for (std::size_t j = 0; j < features_; ++j) {
        g[j] += row_[j] / size;
      }
    }
    add_scaled(l2_, x, g);
    return sum / static_cast<double>(batch.positions.size());
  }

  Evaluation evaluate(ConstParams<Scalar> x, const Shard& shard, std::size_t begin,
                      std::size_t end) const override {
    check_columns(*shard.data, features_);
    Evaluation sums;
    for (auto i = begin; i < end; ++i) {
      sums.loss += find_difference(x, shard, i);
      sums.rows += 1;
    }
    return sums;
  }

 private:
  /// row_ = x - a; returns 1/2 |x - a|^2.
  double find_difference(ConstParams<Scalar> x, const Shard& shard, std::size_t position) const {
    shard.data->copy_row(shard.rows[position], std::span(row_));
    double sum = 0;
    for (std::size_t j = 0; j < features_; ++j) {
      row_[j] = x[j] - row_[j];
      sum += static_cast<double>(row_[j]) * static_cast<double>(row_[j]);
    }
    return sum / 2;
  }

  std::size_t features_;
  Scalar l2_;
  mutable std::vector<Scalar> row_;
};

}  // namespace

CatalogueEntry quadratic_entry() {
  return {.name = "quadratic",
          .labels = LabelUse::none,
          .no_bias = "has no bias",
          .make_float = make<Quadratic, float>,
          .make_problem = convex_quadratic};
}

std::unique_ptr<Objective<double>> quadratic_in_double(const ObjectiveOptions& options) {
  return make<Quadratic, double>(options);
}

}  // namespace annulet::model
