/// Losses with their second derivatives, in double.
#include "model/convex_losses.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "model/rows.hpp"
#include "model/score_loss.hpp"
#include "model/softmax_loss.hpp"

namespace annulet::model {
namespace {

/// log(1 + exp(-b s)). Leaves sigma(s) sigma(-s), its second derivative.
class ConvexLogistic final : public ScoredLoss {
 public:
  std::size_t scores() const noexcept override { return 1; }
  bool has_minimum() const noexcept override { return false; }
  double at(std::span<double> scores, float target, std::span<double> slopes) const override {
    const auto [loss, slope] = logistic_loss(scores[0], target);
    slopes[0] = slope;
    scores[0] = std::abs(slope) * (1 - std::abs(slope));
    return loss;
  }
  void curve(std::span<const double> state, std::span<double> v) const override {
    v[0] *= state[0];
  }
  void diagonal(std::span<const double> state, std::span<double> out) const override {
    out[0] = state[0];
  }
};

/// 1/2 (s - y)^2, whose second derivative is 1 everywhere.
class ConvexSquare final : public ScoredLoss {
 public:
  std::size_t scores() const noexcept override { return 1; }
  bool has_minimum() const noexcept override { return true; }
  double at(std::span<double> scores, float target, std::span<double> slopes) const override {
    const auto [loss, slope] = squared_loss(scores[0], target);
    slopes[0] = slope;
    return loss;
  }
  void curve(std::span<const double> /*state*/, std::span<double> /*v*/) const override {}
  void diagonal(std::span<const double> /*state*/, std::span<double> out) const override {
    out[0] = 1;
  }
};

/// log(sum_c exp(s_c)) - s_y. Leaves the probabilities p; S = diag(p) - p p'.
class ConvexSoftmax final : public ScoredLoss {
 public:
  explicit ConvexSoftmax(std::size_t classes) : classes_(classes) {}
  std::size_t scores() const noexcept override { return classes_; }
  bool has_minimum() const noexcept override { return false; }
  double at(std::span<double> scores, float target, std::span<double> slopes) const override {
    const auto y = static_cast<std::size_t>(target);
    const double loss = to_probabilities(scores, y);
    std::copy(scores.begin(), scores.end(), slopes.begin());
    slopes[y] -= 1;
    return loss;
  }
  void curve(std::span<const double> state, std::span<double> v) const override {
    double mean = 0;
    for (std::size_t c = 0; c < v.size(); ++c) mean += state[c] * v[c];
    for (std::size_t c = 0; c < v.size(); ++c) v[c] = state[c] * (v[c] - mean);
  }
  void diagonal(std::span<const double> state, std::span<double> out) const override {
    for (std::size_t c = 0; c < out.size(); ++c) out[c] = state[c] * (1 - state[c]);
  }

 private:
  std::size_t classes_;
};

/// mean of 1/2 |x - a|^2 + l2/2 |x|^2, whose Hessian is 1 + l2 times the identity.
class QuadraticProblem final : public ConvexProblem {
 public:
  QuadraticProblem(const ObjectiveOptions& options, const Shard& shard)
      : shard_(shard), l2_(options.l2), row_(options.features) {
    check_columns(*shard.data, options.features);
  }
  std::size_t dimension() const noexcept override { return row_.size(); }
  bool has_minimum() const noexcept override { return true; }

  double move_to(ConstParams<double> x, Params<double> g) override {
    const auto n = static_cast<double>(shard_.size());
    std::fill(g.begin(), g.end(), 0);
    double sum = 0, norm2 = 0;
    for (const Index row : shard_.rows) {
      shard_.data->copy_row(row, std::span(row_));
      for (std::size_t j = 0; j < row_.size(); ++j) {
        const double difference = x[j] - row_[j];
        sum += difference * difference;
        g[j] += difference / n;
      }
    }
    for (std::size_t j = 0; j < g.size(); ++j) {
      g[j] += l2_ * x[j];
      norm2 += x[j] * x[j];
    }
    return sum / n / 2 + l2_ / 2 * norm2;
  }
  void multiply(ConstParams<double> v, Params<double> out) override {
    for (std::size_t j = 0; j < out.size(); ++j) out[j] = (1 + l2_) * v[j];
  }
  void diagonal(Params<double> out) override { std::fill(out.begin(), out.end(), 1 + l2_); }

 private:
  const Shard& shard_;
  double l2_;
  std::vector<double> row_;
};

}  // namespace

std::unique_ptr<ConvexProblem> convex_logistic(const ObjectiveOptions& options,
                                               const Shard& shard) {
  return make_score_problem(options, shard, std::make_unique<ConvexLogistic>());
}

std::unique_ptr<ConvexProblem> convex_linear(const ObjectiveOptions& options, const Shard& shard) {
  return make_score_problem(options, shard, std::make_unique<ConvexSquare>());
}

std::unique_ptr<ConvexProblem> convex_softmax(const ObjectiveOptions& options, const Shard& shard) {
  return make_score_problem(options, shard, std::make_unique<ConvexSoftmax>(options.classes));
}

std::unique_ptr<ConvexProblem> convex_quadratic(const ObjectiveOptions& options,
                                                const Shard& shard) {
  return std::make_unique<QuadraticProblem>(options, shard);
}

}  // namespace annulet::model
