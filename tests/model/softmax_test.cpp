/// Softmax: gradient, values, stability, sparse and dense rows alike.
#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/model/files.hpp"
#include "tests/model/samples.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(softmax)

namespace {

using model::LabelUse;
using model::ObjectiveOptions;

ObjectiveOptions options(std::size_t features, std::size_t classes, bool bias, double l2) {
  return {.kind = "softmax", .features = features, .classes = classes, .l2 = l2, .bias = bias};
}

const std::vector<model::Index> kBatch{0, 7, 14, 7, 39, 3};

}  // namespace

BOOST_AUTO_TEST_CASE(gradient_agrees_with_finite_differences) {
  const auto dense = whole(dense_sample(), LabelUse::classes);
  const auto sparse = whole(sparse_sample(), LabelUse::classes);
  for (const bool bias : {false, true}) {
    for (const double l2 : {0.0, 0.1}) {
      BOOST_TEST(gradient_error(options(6, 4, bias, l2), dense, kBatch) < 1e-9);
      BOOST_TEST(gradient_error(options(12, 2, bias, l2), sparse, kBatch) < 1e-9);
    }
  }
}

BOOST_AUTO_TEST_CASE(dimension_is_classes_times_columns) {
  BOOST_TEST(model::make_objective<float>(options(6, 4, false, 0))->dimension() == 24U);
  BOOST_TEST(model::make_objective<float>(options(6, 4, true, 0))->dimension() == 28U);
}

BOOST_AUTO_TEST_CASE(at_zero_every_row_costs_the_log_of_the_classes) {
  const auto shard = whole(dense_sample(), LabelUse::classes);
  const auto objective = model::make_objective<float>(options(6, 4, true, 0.1));
  const std::vector<float> x(28);
  const auto sums = objective->evaluate(x, shard, 0, shard.size());
  BOOST_TEST(sums.loss / sums.rows == std::log(4.0), boost::test_tools::tolerance(1e-6));
  BOOST_TEST(sums.correct == 10.0);  // all scores tie, the first class is guessed
}

BOOST_AUTO_TEST_CASE(sparse_and_dense_rows_give_the_same) {
  const auto sparse = whole(sparse_sample(), LabelUse::classes);
  const auto dense = whole(made_dense(*sparse_sample()), LabelUse::classes);
  for (const bool bias : {false, true}) {
    const auto objective = model::make_objective<double>(options(12, 2, bias, 0.1));
    const auto x = some_parameters<double>(objective->dimension());
    std::vector<double> g(x.size());
    std::vector<double> other(x.size());
    const double loss = objective->gradient(x, {sparse, kBatch}, g);
    BOOST_TEST(loss == objective->gradient(x, {dense, kBatch}, other),
               boost::test_tools::tolerance(1e-14));
    BOOST_TEST(g == other, boost::test_tools::tolerance(1e-12) << boost::test_tools::per_element());
    const auto one = objective->evaluate(x, sparse, 0, 60);
    const auto two = objective->evaluate(x, dense, 0, 60);
    BOOST_TEST(one.loss == two.loss, boost::test_tools::tolerance(1e-13));
    BOOST_TEST(one.correct == two.correct);
  }
}

BOOST_AUTO_TEST_CASE(two_classes_are_logistic_regression_on_the_difference) {
  const auto shard = whole(sparse_sample(), LabelUse::binary);
  const auto soft = model::make_objective<double>(options(12, 2, false, 0));
  auto binary = options(12, 2, false, 0);
  binary.kind = "logistic";
  const auto logistic = model::make_objective<double>(binary);
  const auto x = some_parameters<double>(24);
  std::vector<double> difference(12);
  for (std::size_t j = 0; j < 12; ++j) {
    difference[j] = x[12 + j] - x[j];
  }
  const auto one = soft->evaluate(x, shard, 0, 60);
  const auto two = logistic->evaluate(difference, shard, 0, 60);
  BOOST_TEST(one.loss == two.loss, boost::test_tools::tolerance(1e-13));
  BOOST_TEST(one.correct == two.correct);
}

BOOST_AUTO_TEST_CASE(blocks_of_rows_add_up) {
  // 600 rows, so that evaluation takes more than two of its blocks.
  std::vector<float> values;
  std::vector<float> labels;
  for (int i = 0; i < 600; ++i) {
    values.push_back(static_cast<float>(i % 7) - 3);
    labels.push_back(static_cast<float>(i % 3));
  }
  const auto shard =
      whole(std::make_shared<const model::Dataset>(model::Dataset::dense(values, labels, 1)),
            LabelUse::classes);
  const auto objective = model::make_objective<double>(options(1, 3, true, 0));
  const auto x = some_parameters<double>(6);
  model::Evaluation sum;
  for (std::size_t i = 0; i < 600; ++i) {
    const auto one = objective->evaluate(x, shard, i, i + 1);
    sum.loss += one.loss;
    sum.correct += one.correct;
  }
  const auto all = objective->evaluate(x, shard, 0, 600);
  BOOST_TEST(all.loss == sum.loss, boost::test_tools::tolerance(1e-13));
  BOOST_TEST(all.correct == sum.correct);
  BOOST_TEST(all.rows == 600.0);
}

BOOST_AUTO_TEST_CASE(huge_scores_stay_finite) {
  const auto shard = whole(dense_sample(), LabelUse::classes);
  const auto objective = model::make_objective<float>(options(6, 4, false, 0));
  auto x = some_parameters<float>(24);
  for (auto& v : x) {
    v *= 1e4F;
  }
  std::vector<float> g(24);
  BOOST_TEST(std::isfinite(objective->gradient(x, {shard, kBatch}, g)));
  for (const float v : g) {
    BOOST_TEST(std::isfinite(v));
  }
}

// Over 256 rows, which are taken a block at a time; without targets, which are not asked for.
BOOST_AUTO_TEST_CASE(predictions_are_those_that_are_counted) {
  const auto few = whole(dense_sample(), LabelUse::classes);
  model::Shard shard{few.data, {}, {}};
  std::vector<float> targets;
  for (std::size_t i = 0; i < 600; ++i) {
    shard.rows.push_back(static_cast<model::Index>(i * 7 % 40));
    targets.push_back(few.targets[i * 7 % 40]);
  }
  const auto objective = model::make_objective<float>(options(6, 4, true, 0));
  const auto x = some_parameters<float>(28);
  BOOST_TEST(objective->outputs() == 4U);
  std::vector<double> scores(590 * 4);
  objective->predict(x, shard, 3, 593, scores);
  double correct = 0;
  for (std::size_t i = 0; i < 590; ++i) {
    const auto row = std::span(scores).subspan(4 * i, 4);
    const auto best = std::max_element(row.begin(), row.end()) - row.begin();
    correct += static_cast<float>(best) == targets[3 + i] ? 1 : 0;
  }
  shard.targets = targets;
  BOOST_TEST(correct == objective->evaluate(x, shard, 3, 593).correct);
}

BOOST_AUTO_TEST_CASE(data_with_more_columns_than_the_model_are_refused) {
  const auto shard = whole(dense_sample(), LabelUse::classes);
  const auto objective = model::make_objective<double>(options(5, 4, false, 0));
  BOOST_CHECK_THROW(
      static_cast<void>(objective->evaluate(some_parameters<double>(20), shard, 0, 1)),
      model::DataError);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
