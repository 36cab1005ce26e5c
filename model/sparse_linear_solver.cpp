/// Losses of a score on sparse rows in O(nnz) a step, without touching the other parameters.
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>
#include <vector>

#include "model/rows.hpp"
#include "model/solver.hpp"

namespace annulet::model {
namespace {

/// Below this scale v is multiplied out, long before v = x/s could lose digits or overflow.
constexpr double kSmallestScale = 1e-4;
/// A step that keeps less of x than this is rare (eta l2 > 1/2) and is taken in O(d).
constexpr double kSmallestKeep = 0.5;

/// Holds x = s v + r V, V the drift correction. The step x' = (1 - eta l2) x - eta g + eta V is
/// then
///   s' = (1 - eta l2) s,   r' = (1 - eta l2) r + eta,   v' = v - (eta/s') g,
/// and g has entries only where the mini-batch has.
template <class Scalar, class Loss>
class SparseLinearSolver final : public LocalSolver<Scalar> {
 public:
  SparseLinearSolver(const ObjectiveOptions& options, const Shard& shard, Sampler sampler)
      : features_(options.features),
        bias_(options.bias),
        l2_(options.l2),
        shard_(shard),
        sampler_(std::move(sampler)),
        g_(features_ + (bias_ ? 1 : 0)) {
    check_columns(*shard.data, features_);
  }

  StepReport take_steps(Params<Scalar> x, Step t, Step h, const StepSize& eta,
                        const StepExtras<Scalar>& extras, const std::stop_token& stop) override {
    v_ = x;
    correction_ = extras.correction;
    averages_ = extras.averages;
    if (lazy_.size() != averages_.size()) lazy_.assign(averages_.size(), LazyAverage(x.size()));
    s_ = 1;
    r_ = 0;
    StepReport report;
    const double begin = extras.now();
    for (; report.steps < h && !stop.stop_requested(); ++report.steps) {
      average_in(t + report.steps);
      const auto batch = sampler_.next();
      report.sum_loss += find_slopes(batch);
      const double step = eta(t + report.steps);
      descend(batch, step);
      report.sum_eta += step;
      report.samples += batch.size();
    }
    report.seconds = extras.now() - begin;
    multiply_out();
    report.finite = std::all_of(x.begin(), x.end(), [](Scalar p) { return std::isfinite(p); });
    return report;
  }

  [[nodiscard]] Sampler& sampler() noexcept override { return sampler_; }

 private:
  SparseRow row(Index position) const { return shard_.data->sparse_row(shard_.rows[position]); }

  /// a.z + bias: the score of a row for any z of the shape of x.
  double product(const SparseRow& row, ConstParams<Scalar> z) const {
    return static_cast<double>(dot(row, z) + (bias_ ? z[features_] : Scalar(0)));
  }

  /// Before step t.
  void average_in(Step t) {
    for (std::size_t i = 0; i < lazy_.size(); ++i) {
      lazy_[i].before_step(averages_[i].weights(t), s_, r_);
    }
  }

  /// The mini-batch's mean loss; leaves the slope of each of its rows in slopes_.
  double find_slopes(std::span<const Index> batch) {
    slopes_.resize(batch.size());
    double sum = 0;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const auto entries = row(batch[i]);
      double score = s_ * product(entries, v_);
      if (!correction_.empty()) {
        score += r_ * product(entries, correction_);
      }
      const auto at = Loss::at(static_cast<Scalar>(score), shard_.targets[batch[i]]);
      slopes_[i] = at.slope;
      sum += static_cast<double>(at.loss);
    }
    return sum / static_cast<double>(batch.size());
  }

  void descend(std::span<const Index> batch, double eta) {
    shrink(1 - eta * l2_);
    r_ += eta;
    const double factor = eta / s_;
    collect_gradient(batch);
    for (const Index position : batch) {
      for (const Index j : row(position).index) move(j, factor);
    }
    if (bias_) move(features_, factor);
  }

  /// g, whole before x moves: in float, the small parts of many rows would vanish one by one in x.
  void collect_gradient(std::span<const Index> batch) {
    const auto size = static_cast<Scalar>(batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const Scalar part = slopes_[i] / size;
      add_scaled<Scalar>(part, row(batch[i]), g_);
      if (bias_) g_[features_] += part;
    }
  }

  /// v_j -= factor g_j, once: a column can be in many rows.
  void move(std::size_t j, double factor) {
    const Scalar before = v_[j];
    v_[j] -= static_cast<Scalar>(factor * static_cast<double>(std::exchange(g_[j], Scalar(0))));
    for (auto& average : lazy_) {
      average.moved(j, static_cast<double>(v_[j]) - static_cast<double>(before));
    }
  }

  /// x *= keep, by the scales alone where that is safe.
  void shrink(double keep) {
    if (keep < kSmallestKeep || s_ < kSmallestScale) {
      multiply_out();
    }
    if (keep < kSmallestKeep) {
      for (auto& v : v_) {
        v = static_cast<Scalar>(keep * static_cast<double>(v));
      }
      return;
    }
    s_ *= keep;
    r_ *= keep;
  }

  /// v = x, so that s = 1 and r = 0.
  void multiply_out() {
    for (std::size_t i = 0; i < lazy_.size(); ++i) {
      lazy_[i].template settle<Scalar>(v_, correction_, averages_[i]);
    }
    for (std::size_t j = 0; j < v_.size(); ++j) {
      const double drift = correction_.empty() ? 0 : r_ * static_cast<double>(correction_[j]);
      v_[j] = static_cast<Scalar>(s_ * static_cast<double>(v_[j]) + drift);
    }
    s_ = 1;
    r_ = 0;
  }

  std::size_t features_;
  bool bias_;
  double l2_;
  const Shard& shard_;
  Sampler sampler_;
  std::vector<Scalar> g_;  // of the mini-batch; zeros between steps
  Params<Scalar> v_;       // the caller's x, for the time of one call
  ConstParams<Scalar> correction_;
  std::span<IterateAverage> averages_;  // the caller's, like x
  std::vector<LazyAverage> lazy_;       // what is not in them yet
  double s_ = 1;
  double r_ = 0;
  std::vector<Scalar> slopes_;
};

}  // namespace

template <class Scalar>
std::unique_ptr<LocalSolver<Scalar>> make_sparse_linear_solver(const ObjectiveOptions& options,
                                                               SolverInputs<Scalar> inputs,
                                                               Sampler sampler) {
  switch (inputs.objective.score_loss()) {
    case ScoreLoss::logistic:
      return std::make_unique<SparseLinearSolver<Scalar, LogisticLoss>>(options, inputs.shard,
                                                                        std::move(sampler));
    case ScoreLoss::squared:
      return std::make_unique<SparseLinearSolver<Scalar, SquaredLoss>>(options, inputs.shard,
                                                                       std::move(sampler));
    case ScoreLoss::none:
      break;
  }
  throw std::invalid_argument(options.kind + " is no loss of one score");
}

template std::unique_ptr<LocalSolver<float>> make_sparse_linear_solver(const ObjectiveOptions&,
                                                                       SolverInputs<float>,
                                                                       Sampler);
template std::unique_ptr<LocalSolver<double>> make_sparse_linear_solver(const ObjectiveOptions&,
                                                                        SolverInputs<double>,
                                                                        Sampler);

}  // namespace annulet::model
