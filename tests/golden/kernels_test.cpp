/// Known values of gradient descent and of Local SGD, in double to 1e-9, without any randomness.
#include <algorithm>
#include <cmath>
#include <functional>

#include <boost/test/unit_test.hpp>

#include "model/read_dataset.hpp"
#include "model/solver.hpp"
#include "runtime/control_variates.hpp"
#include "tests/model/samples.hpp"
#include "tests/support/data_folder.hpp"

namespace annulet::tests {
namespace {

using boost::test_tools::tolerance;
using boost::unit_test::precondition;
using model::LabelUse;
using model::ObjectiveOptions;
using model::Step;

template <class Scalar>
std::vector<double> norm_and_value(const ObjectiveOptions& options, const model::Shard& all,
                                   const std::vector<Scalar>& x) {
  const auto objective = model::make_objective<Scalar>(options);
  double square = 0;
  for (const Scalar v : x) {
    square += static_cast<double>(v) * static_cast<double>(v);
  }
  return {std::sqrt(square), value<Scalar>(*objective, x, all, options.l2)};
}

std::unique_ptr<model::StepSize> constant(double eta) {
  model::StepSizeOptions options;
  options.value = eta;
  return model::make_step_size(options, {});
}

/// lr0 / (1 + t/tau).
std::unique_ptr<model::StepSize> inverse(double lr0, double tau) {
  model::StepSizeOptions options;
  options.kind = model::StepSizeKind::inverse;
  options.lr0 = lr0;
  options.tau = tau;
  return model::make_step_size(options, {});
}

/// f after each of the counts of full-batch steps from 0.
template <class Scalar>
std::vector<double> gradient_descent(const ObjectiveOptions& options, const model::Shard& all,
                                     double eta, const std::vector<Step>& counts) {
  const auto objective = model::make_objective<Scalar>(options);
  const model::Sampler whole_set(model::Sampling::cyclic, all.size(), all.size(), 0);
  const auto solver = model::make_solver<Scalar>(options, {*objective, all}, whole_set);
  std::vector<Scalar> x(objective->dimension());
  std::vector<double> out;
  Step t = 0;
  for (const Step count : counts) {
    solver->take_steps(x, t, count - t, *constant(eta), {}, {});
    t = count;
    out.push_back(norm_and_value(options, all, x)[1]);
  }
  return out;
}

struct Cluster {
  ObjectiveOptions options;
  std::shared_ptr<const model::Dataset> data;
  std::size_t workers = 1;
  Step local_steps = 1;
  Step steps = 160;  // a multiple of local_steps
  bool corrected = false;
  bool sparse = true;
};

struct Outcome {
  double first_value = 0;  // after the first round
  double value = 0;
  double norm = 0;
  double largest_sum = 0;  // of the corrections of all workers, after any round
};

template <class Scalar>
struct Worker {
  model::Shard shard;
  std::unique_ptr<model::LocalSolver<Scalar>> solver;
  std::vector<Scalar> correction;
  std::vector<Scalar> change;
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
    runtime::correct<Scalar>(worker.correction, mean, worker.change, sum_eta);
    std::transform(sum.begin(), sum.end(), worker.correction.begin(), sum.begin(), std::plus<>());
  }
  return largest_difference(sum, std::vector<Scalar>(sum.size()));
}

/// Algorithm 1, one worker after the other: local steps from the same x, then the mean change.
template <class Scalar>
Outcome local_sgd(const Cluster& cluster, const model::StepSize& eta) {
  const auto objective = model::make_objective<Scalar>(cluster.options);
  const auto all = whole(cluster.data, LabelUse::binary);
  auto workers = make_workers<Scalar>(cluster, *objective);
  std::vector<Scalar> x(objective->dimension());
  Outcome out;
  for (Step t = 0; t < cluster.steps; t += cluster.local_steps) {
    std::vector<Scalar> mean(x.size());
    double sum_eta = 0;
    for (auto& worker : workers) {
      worker.change = x;
      const std::span<const Scalar> correction(worker.correction.data(),
                                               cluster.corrected ? x.size() : 0);
      sum_eta =
          worker.solver->take_steps(worker.change, t, cluster.local_steps, eta, correction, {})
              .sum_eta;
      for (std::size_t j = 0; j < x.size(); ++j) {
        worker.change[j] -= x[j];
        mean[j] += worker.change[j] / static_cast<Scalar>(workers.size());
      }
    }
    std::transform(x.begin(), x.end(), mean.begin(), x.begin(), std::plus<>());
    out.largest_sum = std::max(out.largest_sum, correct(workers, mean, sum_eta));
    if (t == 0) {
      out.first_value = norm_and_value(cluster.options, all, x)[1];
    }
  }
  const auto end = norm_and_value(cluster.options, all, x);
  out.norm = end[0];
  out.value = end[1];
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
    BOOST_TEST(exact.largest_sum < 1e-10);
    const auto rounded = local_sgd<float>(either, eta);
    BOOST_TEST(rounded.first_value == expected.first_value, tolerance(1e-4));
    BOOST_TEST(rounded.value == expected.value, tolerance(1e-4));
    BOOST_TEST(rounded.norm == expected.norm, tolerance(1e-4));
  }
}

ObjectiveOptions logistic(std::size_t features, double l2, bool bias = false) {
  ObjectiveOptions options;
  options.features = features;
  options.l2 = l2;
  options.bias = bias;
  return options;
}

const std::shared_ptr<const model::Dataset>& w8a() {
  static const auto data = std::make_shared<const model::Dataset>(
      model::read_dataset({.file = data_folder() / "w8a.xz"}));
  return data;
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

void check_values(const std::vector<double>& found, const std::vector<double>& expected,
                  double relative) {
  BOOST_REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    BOOST_TEST(found[i] == expected[i], tolerance(relative));
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(kernels)

// The values on the samples were found by an independent program in double precision.

BOOST_AUTO_TEST_CASE(gradient_descent_on_the_sample) {
  const auto all = whole(sparse_sample(), LabelUse::binary);
  const std::vector<Step> counts{1, 10, 100};
  const std::vector<double> plain{0.6777108569294045, 0.6465442268332049, 0.6368205367097095};
  const std::vector<double> biased{0.6526078770690428, 0.6196582659697111, 0.6095916295173359};
  for (const bool bias : {false, true}) {
    const auto options = logistic(12, 1.0 / 60, bias);
    const auto& expected = bias ? biased : plain;
    check_values(gradient_descent<double>(options, all, 1, counts), expected, 1e-9);
    check_values(gradient_descent<float>(options, all, 1, counts), expected, 1e-4);
  }
}

BOOST_AUTO_TEST_CASE(softmax_descent_on_the_sample) {
  const auto all = whole(dense_sample(), LabelUse::classes);
  const std::vector<Step> counts{1, 10, 50};
  const std::vector<double> plain{1.379714566229322, 1.350831479313069, 1.3350241464505945};
  const std::vector<double> biased{1.379714566229322, 1.3506386557006616, 1.334281191263429};
  for (const bool bias : {false, true}) {
    const ObjectiveOptions options{.kind = model::ObjectiveKind::softmax,
                                   .features = 6,
                                   .classes = 4,
                                   .l2 = 0.01,
                                   .bias = bias};
    const auto& expected = bias ? biased : plain;
    check_values(gradient_descent<double>(options, all, 0.5, counts), expected, 1e-9);
    check_values(gradient_descent<float>(options, all, 0.5, counts), expected, 1e-4);
  }
}

BOOST_AUTO_TEST_CASE(local_sgd_on_the_sample) {
  check(on_sample(1, 1), *constant(0.5),
        {0.6753156803083874, 0.6448580899080065, 0.9880244472513635});
  check(on_sample(3, 5), *constant(0.5),
        {0.6651187517702294, 0.6414671858405049, 0.8054013352908299});
  check(on_sample(3, 8), *inverse(1, 10),
        {0.6520170582499228, 0.6427700136260299, 0.7576034975059536});
  check(on_sample(3, 5, true, true), *constant(0.5),
        {0.6363234951397189, 0.6138245544283871, 0.8393414927992024});
}

BOOST_AUTO_TEST_CASE(gradient_descent_on_w8a, *precondition(have_data("w8a.xz"))) {
  constexpr double kSmoothness = 0.66121948540;  // L
  const auto all = whole(w8a(), LabelUse::binary);
  const auto options = logistic(300, 1.0 / 49749);
  const std::vector<double> expected{0.400883904465, 0.253565332879, 0.184105074572,
                                     0.145600468909};
  const std::vector<Step> counts{1, 10, 100, 1000};
  check_values(gradient_descent<double>(options, all, 1 / kSmoothness, counts), expected, 1e-9);
  check_values(gradient_descent<float>(options, all, 1 / kSmoothness, counts), expected, 1e-4);
}

BOOST_AUTO_TEST_CASE(plain_sgd_on_w8a, *precondition(have_data("w8a.xz"))) {
  check(on_w8a(1, 1), *constant(1), {0.638918098114, 0.304784975390, 4.738506948});
}

BOOST_AUTO_TEST_CASE(local_sgd_on_w8a, *precondition(have_data("w8a.xz"))) {
  check(on_w8a(4, 1), *constant(1), {0.505639274984, 0.278844739973, 5.330187361});
  check(on_w8a(4, 16), *constant(1), {0.333141361092, 0.275082720589, 4.940208146});
  check(on_w8a(4, 16), *inverse(4, 40), {0.277858772840, 0.280780856882, 6.009041622});
}

BOOST_AUTO_TEST_CASE(one_shot_averaging_on_w8a, *precondition(have_data("w8a.xz"))) {
  check(on_w8a(4, 160), *constant(1), {0.272650811071, 0.272650811071, 4.614240092});
}

BOOST_AUTO_TEST_CASE(drift_correction_on_w8a, *precondition(have_data("w8a.xz"))) {
  check(on_w8a(4, 16, true), *constant(1), {0.333141361092, 0.275937115572, 5.021125536});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
