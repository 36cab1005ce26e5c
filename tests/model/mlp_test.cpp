/// Networks: gradients, where they begin, sparse and dense rows, what their arithmetic must keep.
#include <cmath>
#include <limits>
#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/model/samples.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(mlp)

namespace {

using model::Activation;
using model::LabelUse;
using model::Loss;
using model::ObjectiveOptions;

ObjectiveOptions network(std::size_t features, std::vector<std::size_t> layers) {
  ObjectiveOptions out;
  out.kind = "mlp";
  out.features = features;
  out.classes = 4;
  out.layers = std::move(layers);
  return out;
}

const std::vector<model::Index> kBatch{0, 7, 14, 7, 39, 3};

std::vector<double> begun(const model::Objective<double>& objective, std::uint64_t seed) {
  model::Random random(seed);
  std::vector<double> x(objective.dimension(), 7);
  objective.start(random, x);
  return x;
}

}  // namespace

BOOST_AUTO_TEST_CASE(gradient_agrees_with_finite_differences) {
  const auto classes = whole(dense_sample(), LabelUse::classes);
  const auto values = whole(made_dense(*value_sample()), LabelUse::values);
  const auto sparse = whole(value_sample(), LabelUse::values);
  for (const auto& layers : std::vector<std::vector<std::size_t>>{{5}, {5, 4}, {7, 1, 3}}) {
    for (const auto activation : {Activation::tanh, Activation::relu}) {
      for (const double l2 : {0.0, 0.1}) {
        auto course = network(6, layers);
        course.activation = activation;
        course.l2 = l2;
        BOOST_TEST(gradient_error(course, classes, kBatch) < 1e-9);
        course.features = 12;
        course.loss = Loss::squared;
        // The loss is about 10 here, and with it the differences err by about 1e-9.
        BOOST_TEST(gradient_error(course, values, kBatch) < 1e-8);
        BOOST_TEST(gradient_error(course, sparse, kBatch) < 1e-8);
      }
    }
  }
}

// By hand: one row (1, 2), one hidden unit, one output.
BOOST_AUTO_TEST_CASE(layers_lie_in_x_as_documented) {
  const auto shard =
      whole(std::make_shared<const model::Dataset>(model::Dataset::dense({1, 2}, {0.5F}, 2)),
            LabelUse::values);
  auto course = network(2, {1});
  course.loss = Loss::squared;
  const auto objective = model::make_objective<double>(course);
  const std::vector<double> x{0.25, -0.5, 0.125, 2, 0.0625};  // W_1 (2, 1), b_1, W_2 (1, 1), b_2
  std::vector<double> out(1);
  objective->predict(x, shard, 0, 1, out);
  const double z = 2 * std::tanh(0.25 - 1 + 0.125) + 0.0625;
  BOOST_TEST(out[0] == z, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(objective->evaluate(x, shard, 0, 1).loss == (z - 0.5) * (z - 0.5) / 2,
             boost::test_tools::tolerance(1e-13));
}

BOOST_AUTO_TEST_CASE(dimension_counts_weights_and_biases) {
  auto course = network(64, {32});
  course.classes = 10;
  BOOST_TEST(model::make_objective<float>(course)->dimension() == 2410U);
  BOOST_TEST(model::dimension(course) == 2410U);
  course = network(784, {64, 32});
  course.loss = Loss::squared;
  BOOST_TEST(model::make_objective<float>(course)->dimension() ==
             784U * 64 + 64 + 64 * 32 + 32 + 33);
  BOOST_TEST(model::dimension(course) == 784U * 64 + 64 + 64 * 32 + 32 + 33);
}

BOOST_AUTO_TEST_CASE(a_run_begins_at_glorots_weights_and_no_biases) {
  const auto objective = model::make_objective<double>(network(6, {50}));
  const auto x = begun(*objective, 5);
  BOOST_TEST(x == begun(*objective, 5));
  BOOST_TEST(x != begun(*objective, 6));
  const auto check = [&](std::size_t begin, std::size_t count, double reach) {
    double most = 0;
    double sum = 0;
    for (std::size_t j = begin; j < begin + count; ++j) {
      most = std::max(most, std::abs(x[j]));
      sum += x[j];
    }
    BOOST_TEST(most <= reach);
    BOOST_TEST(most > 0.9 * reach);
    // Four standard deviations of the mean of `count` draws.
    BOOST_TEST(std::abs(sum) < 4 * reach * std::sqrt(static_cast<double>(count) / 3));
  };
  check(0, 300, std::sqrt(6.0 / 56));
  check(350, 200, std::sqrt(6.0 / 54));
  for (std::size_t j = 300; j < 350; ++j) BOOST_TEST(x[j] == 0.0);
  for (std::size_t j = 550; j < 554; ++j) BOOST_TEST(x[j] == 0.0);
}

BOOST_AUTO_TEST_CASE(others_begin_at_zero) {
  const auto objective = model::make_objective<double>({.kind = "softmax", .features = 3});
  BOOST_TEST(begun(*objective, 1) == std::vector<double>(6));
}

BOOST_AUTO_TEST_CASE(sparse_and_dense_rows_give_the_same) {
  const auto sparse = whole(sparse_sample(), LabelUse::classes);
  const auto dense = whole(made_dense(*sparse_sample()), LabelUse::classes);
  auto course = network(12, {8, 5});
  course.classes = 2;
  const auto objective = model::make_objective<double>(course);
  const auto x = begun(*objective, 3);
  std::vector<double> g(x.size());
  std::vector<double> other(x.size());
  BOOST_TEST(
      objective->gradient(x, {sparse, kBatch}, g) == objective->gradient(x, {dense, kBatch}, other),
      boost::test_tools::tolerance(1e-14));
  BOOST_TEST(largest_difference(g, other) < 1e-15);
  BOOST_TEST(
      objective->evaluate(x, sparse, 0, 60).loss == objective->evaluate(x, dense, 0, 60).loss,
      boost::test_tools::tolerance(1e-14));
}

// A wide layer makes blocks of few rows: 2^20 / (6 + 2 * 40000 + 8) = 13 of the 40.
BOOST_AUTO_TEST_CASE(blocks_of_rows_add_up) {
  const auto shard = whole(dense_sample(), LabelUse::classes);
  const auto objective = model::make_objective<double>(network(6, {40'000}));
  const auto x = begun(*objective, 2);
  std::vector<double> g(x.size());
  std::vector<double> one(x.size());
  std::vector<double> sum(x.size());
  const auto all = counting(0, 40);
  const double loss = objective->gradient(x, {shard, all}, g);
  double losses = 0;
  for (const model::Index i : all) {
    const std::vector<model::Index> alone{i};
    losses += objective->gradient(x, {shard, alone}, one) / 40;
    for (std::size_t j = 0; j < sum.size(); ++j) sum[j] += one[j] / 40;
  }
  BOOST_TEST(loss == losses, boost::test_tools::tolerance(1e-13));
  BOOST_TEST(largest_difference(g, sum) < 1e-14);
  const auto sums = objective->evaluate(x, shard, 0, 40);
  BOOST_TEST(sums.loss / 40 == loss, boost::test_tools::tolerance(1e-13));
  BOOST_TEST(sums.rows == 40.0);
}

BOOST_AUTO_TEST_CASE(right_is_the_class_of_the_highest_output) {
  const auto shard = whole(dense_sample(), LabelUse::classes);
  const auto objective = model::make_objective<double>(network(6, {5}));
  const auto x = begun(*objective, 4);
  std::vector<double> out(40 * objective->outputs());
  objective->predict(x, shard, 0, 40, out);
  double right = 0;
  for (std::size_t i = 0; i < 40; ++i) {
    const auto row = std::span(out).subspan(4 * i, 4);
    const auto best = std::max_element(row.begin(), row.end()) - row.begin();
    right += static_cast<float>(best) == shard.targets[i] ? 1 : 0;
  }
  BOOST_TEST(right > 0);
  BOOST_TEST(objective->evaluate(x, shard, 0, 40).correct == right);
}

BOOST_AUTO_TEST_CASE(huge_numbers_stay_finite) {
  const auto shard = whole(dense_sample(), LabelUse::classes);
  for (const auto activation : {Activation::tanh, Activation::relu}) {
    auto course = network(6, {5, 4});
    course.activation = activation;
    const auto objective = model::make_objective<float>(course);
    auto x = some_parameters<float>(objective->dimension());
    for (auto& v : x) v *= 1e4F;
    std::vector<float> g(x.size());
    BOOST_TEST(std::isfinite(objective->gradient(x, {shard, kBatch}, g)));
    for (const float v : g) BOOST_TEST(std::isfinite(v));
  }
}

// What is no number must not look like one: a run that diverged has to end.
BOOST_AUTO_TEST_CASE(what_is_no_number_stays_none) {
  const auto shard = whole(dense_sample(), LabelUse::classes);
  const auto objective = model::make_objective<float>(network(6, {5}));
  std::vector<float> x(objective->dimension(), std::numeric_limits<float>::quiet_NaN());
  std::vector<float> g(x.size());
  BOOST_TEST(!std::isfinite(objective->gradient(x, {shard, kBatch}, g)));
}

BOOST_AUTO_TEST_CASE(data_with_more_columns_than_the_model_are_refused) {
  const auto shard = whole(dense_sample(), LabelUse::classes);
  const auto objective = model::make_objective<double>(network(5, {3}));
  const std::vector<double> x(objective->dimension());
  BOOST_CHECK_THROW(static_cast<void>(objective->evaluate(x, shard, 0, 1)), model::DataError);
}

BOOST_AUTO_TEST_CASE(labels_are_classes_or_values_by_the_loss) {
  auto course = network(6, {5});
  BOOST_TEST((model::label_use(course) == LabelUse::classes));
  course.loss = Loss::squared;
  BOOST_TEST((model::label_use(course) == LabelUse::values));
  BOOST_TEST(!model::Catalogue::builtin().at("mlp").convex);
  BOOST_TEST(model::make_objective<float>(course)->curvature_factor() < 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
