/// Least squares: gradient, the normal equations, sparse and dense alike, R2.
#include <cmath>
#include <limits>

#include <boost/test/unit_test.hpp>

#include "model/solver.hpp"
#include "tests/model/samples.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(linear)

namespace {

using model::LabelUse;
using model::ObjectiveOptions;
using model::Sampler;
using model::Sampling;

ObjectiveOptions options(bool bias, double l2) {
  return {.kind = "linear", .features = 12, .l2 = l2, .bias = bias};
}

/// The row from k on whose entry in column k is largest.
std::size_t pivot_of(const std::vector<double>& S, std::size_t d, std::size_t k) {
  std::size_t pivot = k;
  for (std::size_t i = k; i < d; ++i) {
    if (std::abs(S[i * d + k]) > std::abs(S[pivot * d + k])) pivot = i;
  }
  return pivot;
}

/// Solves S x = r by elimination with pivots; S: row-major (d, d).
std::vector<double> solve(std::vector<double> S, std::vector<double> r) {
  const std::size_t d = r.size();
  for (std::size_t k = 0; k < d; ++k) {
    const auto pivot = pivot_of(S, d, k);
    for (std::size_t j = 0; j < d; ++j) std::swap(S[k * d + j], S[pivot * d + j]);
    std::swap(r[k], r[pivot]);
    for (std::size_t i = 0; i < d; ++i) {
      if (i == k) continue;
      const double factor = S[i * d + k] / S[k * d + k];
      for (std::size_t j = k; j < d; ++j) S[i * d + j] -= factor * S[k * d + j];
      r[i] -= factor * r[k];
    }
  }
  for (std::size_t k = 0; k < d; ++k) r[k] /= S[k * d + k];
  return r;
}

/// (A'A/n + l2 I) x = A'y/n, with a column of ones where there is a bias.
std::vector<double> normal_equations(const model::Shard& shard, bool bias, double l2) {
  const std::size_t d = bias ? 13 : 12;
  const auto n = static_cast<double>(shard.size());
  std::vector<double> S(d * d);
  std::vector<double> r(d);
  std::vector<double> row(d);
  for (std::size_t i = 0; i < shard.size(); ++i) {
    shard.data->copy_row(i, std::span(row).first(12));
    if (bias) row[12] = 1;
    for (std::size_t j = 0; j < d; ++j) {
      for (std::size_t k = 0; k < d; ++k) S[j * d + k] += row[j] * row[k] / n;
      r[j] += row[j] * static_cast<double>(shard.targets[i]) / n;
    }
  }
  for (std::size_t j = 0; j < d; ++j) S[j * d + j] += l2;
  return solve(std::move(S), std::move(r));
}

template <class Scalar>
std::vector<Scalar> descend(const model::Shard& shard, const ObjectiveOptions& course, bool sparse,
                            const Sampler& sampler, model::Step steps, double* sum_loss = nullptr) {
  const auto objective = model::make_objective<Scalar>(course);
  const auto solver =
      sparse ? model::make_sparse_linear_solver<Scalar>(course, {*objective, shard}, sampler)
             : model::make_dense_solver<Scalar>({*objective, shard}, sampler);
  model::StepSizeOptions constant;
  constant.value = 0.1;
  std::vector<Scalar> x(objective->dimension());
  const auto report = solver->take_steps(x, 0, steps, *model::make_step_size(constant, {}), {}, {});
  if (sum_loss != nullptr) *sum_loss = report.sum_loss;
  return x;
}

}  // namespace

BOOST_AUTO_TEST_CASE(gradient_agrees_with_finite_differences) {
  const auto sparse = whole(value_sample(), LabelUse::values);
  const auto dense = whole(made_dense(*value_sample()), LabelUse::values);
  const std::vector<model::Index> batch{0, 7, 14, 7, 59, 3};
  for (const bool bias : {false, true}) {
    for (const double l2 : {0.0, 0.1}) {
      // The loss is about 10 here, and with it the differences err by about 1e-9.
      BOOST_TEST(gradient_error(options(bias, l2), sparse, batch) < 1e-8);
      BOOST_TEST(gradient_error(options(bias, l2), dense, batch) < 1e-8);
    }
  }
}

// Gradient descent in 4,000 steps of 0.1: what is left of the error is (1 - 0.1 mu)^4000 of it, mu
// the least eigenvalue of A'A/n + l2, which is at least 0.1.
BOOST_AUTO_TEST_CASE(descent_ends_in_the_normal_equations) {
  const auto sparse = whole(value_sample(), LabelUse::values);
  const auto dense = whole(made_dense(*value_sample()), LabelUse::values);
  const Sampler all(Sampling::cyclic, 60, 60, 0);
  for (const bool bias : {false, true}) {
    const auto expected = normal_equations(sparse, bias, 0.1);
    const auto course = options(bias, 0.1);
    BOOST_TEST(largest_difference(descend<double>(sparse, course, true, all, 4000), expected) <
               1e-12);
    BOOST_TEST(largest_difference(descend<double>(sparse, course, false, all, 4000), expected) <
               1e-12);
    BOOST_TEST(largest_difference(descend<double>(dense, course, false, all, 4000), expected) <
               1e-12);
    // |x| is at most 2: a few roundings of float.
    BOOST_TEST(largest_difference(descend<float>(sparse, course, true, all, 4000), expected) <
               2e-6);
  }
}

BOOST_AUTO_TEST_CASE(sparse_steps_equal_dense_ones) {
  const auto shard = whole(value_sample(), LabelUse::values);
  for (const std::size_t batch : {4U, 1U}) {
    const Sampler few(Sampling::replacement, 60, batch, 9);
    for (const bool bias : {false, true}) {
      for (const double l2 : {0.0, 0.7}) {
        const auto course = options(bias, l2);
        double dense_loss = 0, sparse_loss = 0;
        const auto dense = descend<double>(shard, course, false, few, 200, &dense_loss);
        const auto sparse = descend<double>(shard, course, true, few, 200, &sparse_loss);
        BOOST_TEST(largest_difference(sparse, dense) < 1e-12);
        BOOST_TEST(sparse_loss == dense_loss, boost::test_tools::tolerance(1e-12));
        BOOST_TEST(std::abs(dense[0]) > 0.1);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(the_solver_for_sparse_rows_is_taken_and_has_its_limits) {
  const auto shard = whole(value_sample(), LabelUse::values);
  const auto course = options(true, 0.1);
  const auto objective = model::make_objective<float>(course);
  const Sampler few(Sampling::replacement, 60, 4, 9);
  std::vector<float> x(13);
  model::StepSizeOptions constant;
  constant.value = 0.1;
  model::make_solver<float>(course, {*objective, shard}, few)
      ->take_steps(x, 0, 200, *model::make_step_size(constant, {}), {}, {});
  BOOST_TEST(x == descend<float>(shard, course, true, few, 200));
  const auto soft = model::make_objective<float>({.kind = "softmax", .features = 12});
  BOOST_CHECK_THROW(static_cast<void>(model::make_sparse_linear_solver<float>(
                        {.kind = "softmax", .features = 12}, {*soft, shard}, few)),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(it_predicts_the_value_and_knows_no_right_or_wrong) {
  const auto shard = whole(value_sample(), LabelUse::values);
  const auto objective = model::make_objective<double>(options(true, 0));
  BOOST_TEST(objective->outputs() == 1U);
  BOOST_TEST(objective->curvature_factor() == 1.0);
  std::vector<double> x(13);
  x[12] = 2.5;
  std::vector<double> out(60);
  objective->predict(x, shard, 0, 60, out);
  BOOST_TEST(out == std::vector<double>(60, 2.5));
  const auto sums = objective->evaluate(x, shard, 0, 60);
  double expected = 0;
  for (const float y : shard.targets) expected += (2.5 - y) * (2.5 - y) / 2;
  BOOST_TEST(sums.loss == expected, boost::test_tools::tolerance(1e-13));
  BOOST_TEST(sums.correct == 0.0);
  BOOST_TEST(sums.rows == 60.0);
}

BOOST_AUTO_TEST_CASE(r2_is_the_part_of_the_spread_that_is_explained) {
  const std::vector<float> y{1, 2, 3, 6};
  const auto of = [&](std::vector<double> said) { return model::r2(said, y); };
  BOOST_TEST(of({1, 2, 3, 6}) == 1.0);
  BOOST_TEST(of({3, 3, 3, 3}) == 0.0);
  BOOST_TEST(of({1, 2, 3, 4}) == 1 - 4.0 / 14);
  BOOST_TEST(of({6, 3, 2, 1}) < 0);
  BOOST_TEST(std::isnan(model::r2(std::vector<double>{1, 2}, std::vector<float>{5, 5})));
}

BOOST_AUTO_TEST_CASE(labels_are_taken_as_they_are_and_must_be_finite) {
  const auto shard = whole(value_sample(), LabelUse::values);
  for (std::size_t i = 0; i < 60; ++i) BOOST_TEST(shard.targets[i] == shard.data->label(i));
  std::vector<float> label(60, 0.5F);
  label[4] = std::numeric_limits<float>::infinity();
  const auto is_said = [](const model::DataError& error) {
    return std::string(error.what()) == "row 5 has the label inf, which is no finite number";
  };
  BOOST_CHECK_EXCEPTION(
      static_cast<void>(whole(with_labels(*sparse_sample(), label), LabelUse::values)),
      model::DataError, is_said);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
