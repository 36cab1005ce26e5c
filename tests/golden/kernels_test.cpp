/// Known values of Local SGD, in double to 1e-9, without any randomness.
#include <algorithm>
#include <functional>

#include <boost/test/unit_test.hpp>

#include "model/solver.hpp"
#include "runtime/control_variates.hpp"
#include "runtime/outer_step.hpp"
#include "tests/golden/known_problems.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(kernels)

namespace {

using boost::test_tools::tolerance;
using boost::unit_test::precondition;
using model::LabelUse;
using model::ObjectiveOptions;
using model::Step;

struct Cluster {
  ObjectiveOptions options;
  std::shared_ptr<const model::Dataset> data;
  std::size_t workers = 1;
  Step local_steps = 1;
  Step steps = 160;  // a multiple of local_steps
  bool corrected = false;
  bool sparse = true;
  runtime::OuterOptions outer{};
};

struct Outcome {
  double first_value = 0;  // after the first round
  double value = 0;
  double norm = 0;
  double average_value = 0;  // at the quadratic average of the iterates, a = 1
  double largest_sum = 0;    // of the corrections of all workers, after any round
};

template <class Scalar>
struct Worker {
  model::Shard shard;
  std::unique_ptr<model::LocalSolver<Scalar>> solver;
  std::vector<Scalar> correction;
  std::vector<Scalar> change;
  std::vector<model::IterateAverage> averages{{.weights = {model::AverageKind::quadratic, 1}}};
};

/// Workers with file-order shards that take 4 consecutive rows a step.
template <class Scalar>
std::vector<Worker<Scalar>> make_workers(const Cluster& cluster,
                                         const model::Objective<Scalar>& objective) {
  const auto n = cluster.data->rows();
  std::vector<Worker<Scalar>> out(cluster.workers);  // solvers borrow the shards: no more growth
  for (std::size_t w = 0; w < out.size(); ++w) {
    out[w].shard =
        shard_of(cluster.data, LabelUse::binary, n * w / out.size(), n * (w + 1) / out.size());
    out[w].correction.resize(objective.dimension());
    const model::SolverInputs<Scalar> inputs{objective, out[w].shard};
    const model::Sampler sampler(model::Sampling::cyclic, out[w].shard.size(), 4, 0);
    out[w].solver = cluster.sparse ? model::make_solver<Scalar>(cluster.options, inputs, sampler)
                                   : model::make_dense_solver<Scalar>(inputs, sampler);
  }
  return out;
}

/// V_w += (D - D_w)/E on each worker; returns the largest entry of their sum.
template <class Scalar>
double correct(std::vector<Worker<Scalar>>& workers, const std::vector<Scalar>& mean,
               double sum_eta) {
  std::vector<Scalar> sum(mean.size());
  for (auto& worker : workers) {
    runtime::correct<Scalar>(worker.correction, mean, worker.change, {sum_eta});
    std::transform(sum.begin(), sum.end(), worker.correction.begin(), sum.begin(), std::plus<>());
  }
  return largest_difference(sum, std::vector<Scalar>(sum.size()));
}

/// f at the mean of the workers' averages.
template <class Scalar>
double average_value(const Cluster& cluster, const model::Shard& all,
                     const std::vector<Worker<Scalar>>& workers) {
  std::vector<double> mean(workers[0].averages[0].mean.size());
  for (const auto& worker : workers) {
    for (std::size_t j = 0; j < mean.size(); ++j) {
      mean[j] += worker.averages[0].mean[j] / static_cast<double>(workers.size());
    }
  }
  return norm_and_value(cluster.options, all, mean)[1];
}

/// Algorithm 1, one worker after the other: local steps from the same x, then the mean change.
template <class Scalar>
Outcome local_sgd(const Cluster& cluster, const model::StepSize& eta) {
  const auto objective = model::make_objective<Scalar>(cluster.options);
  const auto all = whole(cluster.data, LabelUse::binary);
  auto workers = make_workers<Scalar>(cluster, *objective);
  std::vector<Scalar> x(objective->dimension());
  std::vector<Scalar> momentum(cluster.outer.momentum > 0 ? x.size() : 0);
  Outcome out;
  for (Step t = 0; t < cluster.steps; t += cluster.local_steps) {
    std::vector<Scalar> mean(x.size());
    double sum_eta = 0;
    for (auto& worker : workers) {
      worker.change = x;
      const std::span<const Scalar> correction(worker.correction.data(),
                                               cluster.corrected ? x.size() : 0);
      sum_eta = worker.solver
                    ->take_steps(worker.change, t, cluster.local_steps, eta,
                                 {correction, worker.averages}, {})
                    .sum_eta;
      for (std::size_t j = 0; j < x.size(); ++j) {
        worker.change[j] -= x[j];
        mean[j] += worker.change[j] / static_cast<Scalar>(workers.size());
      }
    }
    std::vector<Scalar> next = mean;
    runtime::outer_step<Scalar>(cluster.outer, x, next, momentum);
    x.swap(next);
    out.largest_sum = std::max(out.largest_sum, correct(workers, mean, sum_eta));
    if (t == 0) {
      out.first_value = norm_and_value(cluster.options, all, x)[1];
    }
  }
  const auto end = norm_and_value(cluster.options, all, x);
  out.norm = end[0];
  out.value = end[1];
  out.average_value = average_value(cluster, all, workers);
  return out;
}

void check(const Cluster& cluster, const model::StepSize& eta, const Outcome& expected) {
  for (const bool sparse : {true, false}) {
    auto either = cluster;
    either.sparse = sparse;
    const auto exact = local_sgd<double>(either, eta);
    BOOST_TEST(exact.first_value == expected.first_value, tolerance(1e-9));
    BOOST_TEST(exact.value == expected.value, tolerance(1e-9));
    BOOST_TEST(exact.norm == expected.norm, tolerance(1e-9));
    BOOST_TEST(exact.average_value == expected.average_value, tolerance(1e-9));
    BOOST_TEST(exact.largest_sum < 1e-10);
    const auto rounded = local_sgd<float>(either, eta);
    BOOST_TEST(rounded.first_value == expected.first_value, tolerance(1e-4));
    BOOST_TEST(rounded.value == expected.value, tolerance(1e-4));
    BOOST_TEST(rounded.norm == expected.norm, tolerance(1e-4));
    BOOST_TEST(rounded.average_value == expected.average_value, tolerance(1e-4));
  }
}

Cluster on_w8a(std::size_t workers, Step local_steps, bool corrected = false) {
  return {.options = logistic(300, 1.0 / 49749),
          .data = w8a(),
          .workers = workers,
          .local_steps = local_steps,
          .corrected = corrected};
}

Cluster on_sample(std::size_t workers, Step local_steps, bool corrected = false,
                  bool bias = false) {
  return {.options = logistic(12, 1.0 / 60, bias),
          .data = sparse_sample(),
          .workers = workers,
          .local_steps = local_steps,
          .steps = 40,
          .corrected = corrected};
}

}  // namespace

// The values on the samples were found by an independent program in double precision.

BOOST_AUTO_TEST_CASE(local_sgd_on_the_sample) {
  check(on_sample(1, 1), *constant(0.5),
        {0.6753156803083874, 0.6448580899080065, 0.9880244472513635, 0.6434302796409583});
  check(on_sample(3, 5), *constant(0.5),
        {0.6651187517702294, 0.6414671858405049, 0.8054013352908299, 0.64370527584433});
  check(on_sample(3, 8), *inverse(1, 10),
        {0.6520170582499228, 0.6427700136260299, 0.7576034975059536, 0.6441912699416459});
  check(on_sample(3, 5, true, true), *constant(0.5),
        {0.6363234951397189, 0.6138245544283871, 0.8393414927992024, 0.6161011675884248});
}

BOOST_AUTO_TEST_CASE(plain_sgd_on_w8a, *precondition(have_data("w8a.xz"))) {
  check(on_w8a(1, 1), *constant(1), {0.638918098114, 0.304784975390, 4.738506948, 0.305929008037});
}

BOOST_AUTO_TEST_CASE(local_sgd_on_w8a, *precondition(have_data("w8a.xz"))) {
  check(on_w8a(4, 1), *constant(1), {0.505639274984, 0.278844739973, 5.330187361, 0.274902581969});
  check(on_w8a(4, 16), *constant(1), {0.333141361092, 0.275082720589, 4.940208146, 0.272084681538});
  check(on_w8a(4, 16), *inverse(4, 40),
        {0.277858772840, 0.280780856882, 6.009041622, 0.276858140310});
}

BOOST_AUTO_TEST_CASE(one_shot_averaging_on_w8a, *precondition(have_data("w8a.xz"))) {
  check(on_w8a(4, 160), *constant(1),
        {0.272650811071, 0.272650811071, 4.614240092, 0.270788568333});
}

BOOST_AUTO_TEST_CASE(drift_correction_on_w8a, *precondition(have_data("w8a.xz"))) {
  check(on_w8a(4, 16, true), *constant(1),
        {0.333141361092, 0.275937115572, 5.021125536, 0.272649849609});
}

BOOST_AUTO_TEST_CASE(momentum_over_rounds_on_w8a, *precondition(have_data("w8a.xz"))) {
  auto cluster = on_w8a(4, 16);
  cluster.outer.momentum = 0.5;
  check(cluster, *constant(1), {0.292213248056, 0.294000968850, 6.938116407, 0.283992126});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
