/// Workers that average their iterates, and twins that write each iterate down.
#pragma once

#include <memory>
#include <ostream>
#include <vector>

#include "model/iterate_average.hpp"
#include "model/solver.hpp"
#include "runtime/control_variates.hpp"
#include "tests/model/samples.hpp"

namespace annulet::tests {

inline constexpr std::size_t kWorkers = 3;
/// The paper's a is far from 0: its weights are nearly equal, and large.
inline constexpr model::AverageWeights kWeights[] = {{model::AverageKind::uniform},
                                                     {model::AverageKind::linear, 1},
                                                     {model::AverageKind::quadratic, 1},
                                                     {model::AverageKind::quadratic, 526320.13}};

struct AveragedCourse {
  model::ObjectiveOptions options;
  double eta = 0.5;
  bool corrected = false;
  bool sparse = true;
  std::size_t batch = 4;
  model::Step steps = 96;
  model::Step round = 16;
};

inline std::ostream& operator<<(std::ostream& out, const AveragedCourse& course) {
  return out << (course.sparse ? "sparse" : "dense") << ", bias " << course.options.bias << ", l2 "
             << course.options.l2 << ", eta " << course.eta << ", corrected " << course.corrected
             << ", batch " << course.batch;
}

inline model::ObjectiveOptions averaged_options(bool bias, double l2) {
  model::ObjectiveOptions out;
  out.features = 12;
  out.bias = bias;
  out.l2 = l2;
  return out;
}

inline std::unique_ptr<model::StepSize> decaying_step(double scale) {
  model::StepSizeOptions out;
  out.kind = model::StepSizeKind::inverse;
  out.lr0 = scale;
  out.tau = 50;
  return model::make_step_size(out, {});
}

/// The iterates of one step after the other, summed as the definition says.
class NaiveSum {
 public:
  explicit NaiveSum(model::AverageWeights weights) : weights_(weights) {}

  template <class Scalar>
  void add(model::Step t, const std::vector<Scalar>& x) {
    sum_.resize(x.size());
    total_ += weights_(t);
    for (std::size_t j = 0; j < x.size(); ++j) {
      sum_[j] += weights_(t) * static_cast<double>(x[j]);
    }
  }
  [[nodiscard]] std::vector<double> mean() const {
    auto out = sum_;
    for (double& v : out) v /= total_;
    return out;
  }
  [[nodiscard]] double total() const { return total_; }

 private:
  model::AverageWeights weights_;
  double total_ = 0;
  std::vector<double> sum_;
};

template <class Scalar>
struct AveragedWorker {
  model::Shard shard;
  std::unique_ptr<model::LocalSolver<Scalar>> solver;
  std::vector<Scalar> correction;
  std::vector<Scalar> x;
  std::vector<model::IterateAverage> averages;
  std::vector<NaiveSum> sums;
};

template <class Scalar>
std::vector<AveragedWorker<Scalar>> make_workers(const AveragedCourse& course,
                                                 const model::Objective<Scalar>& objective) {
  const auto data = sparse_sample();
  std::vector<AveragedWorker<Scalar>> out(kWorkers);  // solvers borrow the shards: no more growth
  for (std::size_t w = 0; w < kWorkers; ++w) {
    AveragedWorker<Scalar>& worker = out[w];
    worker.shard = shard_of(data, model::LabelUse::binary, 20 * w, 20 * (w + 1));
    const model::Sampler sampler(model::Sampling::replacement, worker.shard.size(), course.batch,
                                 w);
    worker.solver = course.sparse
                        ? model::make_sparse_linear_solver<Scalar>(
                              course.options, {objective, worker.shard}, sampler)
                        : model::make_dense_solver<Scalar>({objective, worker.shard}, sampler);
    worker.correction.resize(course.corrected ? objective.dimension() : 0);
    worker.x = some_parameters<Scalar>(objective.dimension());
    for (const auto& weights : kWeights) {
      worker.averages.push_back({.weights = weights});
      worker.sums.emplace_back(weights);
    }
  }
  return out;
}

/// h steps of one worker: at once with averages, or one by one, each iterate written down.
template <class Scalar>
double take(AveragedWorker<Scalar>& worker, model::Step t, model::Step h,
            const model::StepSize& eta, bool naive) {
  if (!naive) {
    return worker.solver->take_steps(worker.x, t, h, eta, {worker.correction, worker.averages}, {})
        .sum_eta;
  }
  double sum_eta = 0;
  for (model::Step s = t; s < t + h; ++s) {
    for (auto& sum : worker.sums) sum.add(s, worker.x);
    sum_eta += worker.solver->take_steps(worker.x, s, 1, eta, {worker.correction}, {}).sum_eta;
  }
  return sum_eta;
}

/// The outer step: everybody gets the mean, and each its new correction.
template <class Scalar>
void average_models(std::vector<AveragedWorker<Scalar>>& workers, const std::vector<Scalar>& before,
                    double sum_eta) {
  std::vector<Scalar> mean(before.size());
  for (auto& worker : workers) {
    for (std::size_t j = 0; j < mean.size(); ++j) {
      worker.x[j] -= before[j];
      mean[j] += worker.x[j] / static_cast<Scalar>(kWorkers);
    }
  }
  for (auto& worker : workers) {
    runtime::correct<Scalar>(worker.correction, mean, worker.x, {sum_eta});
    for (std::size_t j = 0; j < mean.size(); ++j) worker.x[j] = before[j] + mean[j];
  }
}

template <class Scalar>
std::vector<AveragedWorker<Scalar>> train_averaged(const AveragedCourse& course, bool naive) {
  const auto objective = model::make_objective<Scalar>(course.options);
  auto workers = make_workers<Scalar>(course, *objective);
  const auto eta = decaying_step(course.eta);
  for (model::Step t = 0; t < course.steps; t += course.round) {
    const auto before = workers[0].x;
    double sum_eta = 0;
    for (auto& worker : workers) sum_eta = take(worker, t, course.round, *eta, naive);
    average_models(workers, before, sum_eta);
  }
  for (auto& worker : workers) worker.solver.reset();  // it borrows the objective
  return workers;
}

}  // namespace annulet::tests
