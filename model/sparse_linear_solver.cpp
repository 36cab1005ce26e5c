/// Losses of a score on sparse rows in O(nnz) a step, without touching the other parameters.
#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include "model/lengths.hpp"
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
    rows_ = shard_.data->sparse_rows();
    StepReport report;
    const double begin = extras.now();
    auto next = draw(h > 0, stop), later = draw(h > 1, stop);
    while (!next.empty()) {
      const auto batch = next;
      next = later;
      for (const Index position : next) prefetch(rows_.offset[shard_.rows[position]]);
      later = draw(report.steps + 2 < h, stop);
      average_in(t + report.steps);
      const double step = eta(t + report.steps);
      if (batch.size() == 1) {
        step_alone(batch.front(), step);
      } else {
        report.sum_loss += step_on(batch, step);
      }
      report.sum_eta += step;
      report.samples += batch.size();
      ++report.steps;
    }
    report.sum_loss += alone_.take();
    report.seconds = extras.now() - begin;
    report.finite = multiply_out();
    return report;
  }

  [[nodiscard]] Sampler& sampler() noexcept override { return sampler_; }

 private:
  /// A mini-batch ahead, if there is to be one. While a step is taken, the rows of the next one are
  /// on their way into the cache, and where those after them lie.
  std::span<const Index> draw(bool wanted, const std::stop_token& stop) {
    if (!wanted || stop.stop_requested()) return {};
    const auto batch = sampler_.next();
    for (const Index position : batch) __builtin_prefetch(rows_.offset + shard_.rows[position]);
    return batch;
  }

  /// Two lines of indices and of values: a loop over what a row has would wait for its length.
  void prefetch(std::size_t begin) const {
    constexpr std::size_t kLine = 64 / sizeof(float);
    __builtin_prefetch(rows_.index + begin);
    __builtin_prefetch(rows_.value + begin);
    const std::size_t next = std::min(begin + kLine, rows_.entries);
    __builtin_prefetch(rows_.index + next);
    __builtin_prefetch(rows_.value + next);
  }

  SparseRow row(Index position) const { return rows_[shard_.rows[position]]; }

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

  Scalar score(const SparseRow& entries) const {
    double score = s_ * product(entries, v_);
    if (!correction_.empty()) score += r_ * product(entries, correction_);
    return static_cast<Scalar>(score);
  }

  /// With a mini-batch of one row: each column is in it once, so that its g need not be collected.
  void step_alone(Index position, double eta) {
    const auto entries = row(position);
    const Scalar slope = alone_.add(score(entries), shard_.targets[position]);
    const auto part = static_cast<Scalar>(shrink(eta) * static_cast<double>(slope));
    if (lazy_.empty()) {
      add_scaled<Scalar>(-part, entries, v_);
    } else {
      for (std::size_t k = 0; k < entries.index.size(); ++k) {
        move(entries.index[k], -part * static_cast<Scalar>(entries.value[k]));
      }
    }
    if (bias_) move(features_, -part);
  }

  /// Takes a step; the mini-batch's mean loss before it.
  double step_on(std::span<const Index> batch, double eta) {
    const double mean_loss = find_slopes(batch);
    const double factor = shrink(eta);
    collect_gradient(batch);
    for (const Index position : batch) {
      for (const Index j : row(position).index) move(j, descent(j, factor));
    }
    if (bias_) move(features_, descent(features_, factor));
    return mean_loss;
  }

  /// The mini-batch's mean loss; leaves the slope of each of its rows in slopes_.
  double find_slopes(std::span<const Index> batch) {
    slopes_.resize(batch.size());
    double sum = 0;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const auto at = Loss::at(score(row(batch[i])), shard_.targets[batch[i]]);
      slopes_[i] = at.slope;
      sum += static_cast<double>(at.loss);
    }
    return sum / static_cast<double>(batch.size());
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

  /// -factor g_j, and g_j is 0 then: a column can be in many rows, and moves once.
  Scalar descent(std::size_t j, double factor) {
    return -static_cast<Scalar>(factor * static_cast<double>(std::exchange(g_[j], Scalar(0))));
  }

  /// v_j += change, and the averages hear of what has come of it.
  void move(std::size_t j, Scalar change) {
    const Scalar before = v_[j];
    v_[j] += change;
    for (auto& average : lazy_) {
      average.moved(j, static_cast<double>(v_[j]) - static_cast<double>(before));
    }
  }

  /// x *= 1 - eta l2, by the scales alone where that is safe, and x += eta V. What a gradient is to
  /// be multiplied by in v: eta/s.
  double shrink(double eta) {
    const double keep = 1 - eta * l2_;
    if (keep >= kSmallestKeep && s_ >= kSmallestScale) {
      s_ *= keep;
      r_ *= keep;
    } else {
      multiply_out();
      scale(keep);
    }
    r_ += eta;
    return eta / s_;
  }

  /// Of x = v.
  void scale(double keep) {
    if (keep >= kSmallestKeep) {
      s_ = keep;
      return;
    }
    for (auto& v : v_) v = static_cast<Scalar>(keep * static_cast<double>(v));
  }

  /// v = x, so that s = 1 and r = 0. Is all of it finite?
  bool multiply_out() {
    for (std::size_t i = 0; i < lazy_.size(); ++i) {
      lazy_[i].template settle<Scalar>(v_, correction_, averages_[i]);
    }
    bool finite = true;
    in_stretches(v_.size(), [&](std::size_t begin, std::size_t end) {
      const auto part = v_.subspan(begin, end - begin);
      const auto drift =
          correction_.empty() ? correction_ : correction_.subspan(begin, part.size());
      scale_and_add(s_, part, r_, drift);
      finite = all_finite(ConstParams<Scalar>(part)) && finite;
    });
    s_ = 1;
    r_ = 0;
    return finite;
  }

  std::size_t features_;
  bool bias_;
  double l2_;
  const Shard& shard_;
  SparseRows rows_{};  // of the shard's data
  Sampler sampler_;
  std::vector<Scalar> g_;  // of the mini-batch; zeros between steps
  Params<Scalar> v_;       // the caller's x, for the time of one call
  ConstParams<Scalar> correction_;
  std::span<IterateAverage> averages_;  // the caller's, like x
  std::vector<LazyAverage> lazy_;       // what is not in them yet
  double s_ = 1;
  double r_ = 0;
  typename Loss::Sum alone_;  // losses of mini-batches of one row
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
