/// The inner loop of Algorithm 1 as it stands in the paper: any objective, any data, O(d) a step.
#include <utility>
#include <vector>

#include "model/lengths.hpp"
#include "model/solver.hpp"
#include "model/team_work.hpp"

namespace annulet::model {
namespace {

template <class Scalar>
class DenseSolver final : public LocalSolver<Scalar> {
 public:
  DenseSolver(SolverInputs<Scalar> inputs, Sampler sampler)
      : objective_(inputs.objective),
        shard_(inputs.shard),
        sampler_(std::move(sampler)),
        team_(inputs.team),
        g_(inputs.objective.dimension()) {}

  StepReport take_steps(Params<Scalar> x, Step t, Step h, const StepSize& eta,
                        const StepExtras<Scalar>& extras, const std::stop_token& stop) override {
    x_ = x;
    correction_ = extras.correction;
    StepReport report;
    const double begin = extras.now();
    for (; report.steps < h && !stop.stop_requested(); ++report.steps) {
      for (auto& average : extras.averages) average.template add<Scalar>(t + report.steps, x);
      const auto batch = sampler_.next();
      report.sum_loss += objective_.gradient(x, {shard_, batch}, g_);
      const double step = eta(t + report.steps);
      eta_ = static_cast<Scalar>(step);
      share(team_, x.size(), x.size(),
            [this](std::size_t first, std::size_t end) { descend(first, end); });
      report.sum_eta += step;
      report.samples += batch.size();
    }
    report.seconds = extras.now() - begin;
    report.finite = all_finite(ConstParams<Scalar>(x));
    return report;
  }

  [[nodiscard]] Sampler& sampler() noexcept override { return sampler_; }

 private:
  /// x -= eta (g - V), from parameter `begin` to `end`.
  void descend(std::size_t begin, std::size_t end) const {
    const Scalar eta = eta_;
    const auto x = x_;
    if (correction_.empty()) {
      for (std::size_t j = begin; j < end; ++j) x[j] -= eta * g_[j];
      return;
    }
    for (std::size_t j = begin; j < end; ++j) x[j] -= eta * (g_[j] - correction_[j]);
  }

  const Objective<Scalar>& objective_;
  const Shard& shard_;
  Sampler sampler_;
  Team* team_;
  std::vector<Scalar> g_;
  // The caller's, for the time of one call; and what is to be taken of g.
  Params<Scalar> x_;
  ConstParams<Scalar> correction_;
  Scalar eta_ = 0;
};

}  // namespace

template <class Scalar>
std::unique_ptr<LocalSolver<Scalar>> make_dense_solver(SolverInputs<Scalar> inputs,
                                                       Sampler sampler) {
  return std::make_unique<DenseSolver<Scalar>>(inputs, std::move(sampler));
}

template std::unique_ptr<LocalSolver<float>> make_dense_solver(SolverInputs<float>, Sampler);
template std::unique_ptr<LocalSolver<double>> make_dense_solver(SolverInputs<double>, Sampler);

}  // namespace annulet::model
