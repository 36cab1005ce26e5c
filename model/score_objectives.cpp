/// Objectives that are a loss of one score a.x (+ bias): logistic regression, the paper's, and
/// least squares, on sparse or dense rows.
#include <vector>

#include <Eigen/Core>

#include "model/convex_losses.hpp"
#include "model/objectives.hpp"
#include "model/rows.hpp"

namespace annulet::model {
namespace {

template <class Scalar, class Loss>
class ScoreObjective final : public Objective<Scalar> {
 public:
  explicit ScoreObjective(const ObjectiveOptions& options)
      : features_(options.features), bias_(options.bias), l2_(static_cast<Scalar>(options.l2)) {}

  std::size_t dimension() const noexcept override { return features_ + (bias_ ? 1 : 0); }
  double curvature_factor() const noexcept override { return Loss::kCurvature; }
  ScoreLoss score_loss() const noexcept override { return Loss::kName; }
  double step_flops(std::size_t batch) const noexcept override {
    return 4.0 * static_cast<double>((batch + 1) * dimension());
  }

  double gradient(ConstParams<Scalar> x, const Batch& batch, Params<Scalar> g) const override {
    check_columns(*batch.shard.data, features_);
    std::fill(g.begin(), g.end(), Scalar(0));
    const auto size = static_cast<Scalar>(batch.positions.size());
    double sum = 0;
    for (const Index position : batch.positions) {
      const auto row = batch.shard.rows[position];
      const auto at = Loss::at(score(x, *batch.shard.data, row), batch.shard.targets[position]);
      sum += static_cast<double>(at.loss);
      add_row(at.slope / size, *batch.shard.data, row, g);
    }
    add_scaled(l2_, x, g);
    return sum / static_cast<double>(batch.positions.size());
  }

  Evaluation evaluate(ConstParams<Scalar> x, const Shard& shard, std::size_t begin,
                      std::size_t end) const override {
    check_columns(*shard.data, features_);
    Evaluation sums;
    for (auto i = begin; i < end; ++i) {
      const auto s = score(x, *shard.data, shard.rows[i]);
      sums.loss += static_cast<double>(Loss::at(s, shard.targets[i]).loss);
      sums.correct += Loss::is_right(s, shard.targets[i]) ? 1 : 0;
      sums.rows += 1;
    }
    return sums;
  }

  std::size_t outputs() const noexcept override { return 1; }
  void predict(ConstParams<Scalar> x, const Shard& shard, std::size_t begin, std::size_t end,
               std::span<double> out) const override {
    check_columns(*shard.data, features_);
    for (auto i = begin; i < end; ++i) {
      out[i - begin] = static_cast<double>(score(x, *shard.data, shard.rows[i]));
    }
  }

 private:
  using Vector = Eigen::Map<Eigen::Matrix<Scalar, Eigen::Dynamic, 1>>;
  using ConstVector = Eigen::Map<const Eigen::Matrix<Scalar, Eigen::Dynamic, 1>>;

  Scalar score(ConstParams<Scalar> x, const Dataset& data, std::size_t row) const {
    const auto bias = bias_ ? x[features_] : Scalar(0);
    if (data.is_sparse()) {
      return dot(data.sparse_row(row), x) + bias;
    }
    const auto a = dense_row(data, row);
    return a.dot(ConstVector(x.data(), a.size())) + bias;
  }

  void add_row(Scalar factor, const Dataset& data, std::size_t row, Params<Scalar> g) const {
    if (bias_) {
      g[features_] += factor;
    }
    if (data.is_sparse()) {
      add_scaled(factor, data.sparse_row(row), g);
      return;
    }
    const auto a = dense_row(data, row);
    Vector(g.data(), a.size()) += factor * a;
  }

  /// The row as (data.features()) numbers in scratch memory.
  ConstVector dense_row(const Dataset& data, std::size_t row) const {
    scratch_.resize(data.features());
    data.copy_row(row, std::span(scratch_));
    return ConstVector(scratch_.data(), static_cast<Eigen::Index>(scratch_.size()));
  }

  std::size_t features_;
  bool bias_;
  Scalar l2_;
  mutable std::vector<Scalar> scratch_;
};

template <class Scalar>
using Logistic = ScoreObjective<Scalar, LogisticLoss>;
template <class Scalar>
using Linear = ScoreObjective<Scalar, SquaredLoss>;

}  // namespace

CatalogueEntry logistic_entry() {
  return {.name = "logistic",
          .labels = LabelUse::binary,
          .make_float = make<Logistic, float>,
          .make_problem = convex_logistic};
}

CatalogueEntry linear_entry() {
  return {.name = "linear",
          .labels = LabelUse::values,
          .make_float = make<Linear, float>,
          .make_problem = convex_linear};
}

std::unique_ptr<Objective<double>> logistic_in_double(const ObjectiveOptions& options) {
  return make<Logistic, double>(options);
}
std::unique_ptr<Objective<double>> linear_in_double(const ObjectiveOptions& options) {
  return make<Linear, double>(options);
}

}  // namespace annulet::model
