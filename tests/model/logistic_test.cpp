/// Logistic loss: gradient, values, stability, sparse and dense rows alike.
#include <cmath>
#include <numeric>

#include <boost/test/unit_test.hpp>

#include "model/rows.hpp"
#include "tests/model/files.hpp"
#include "tests/model/samples.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(logistic)

namespace {

using model::LabelUse;
using model::ObjectiveOptions;

ObjectiveOptions options(bool bias, double l2) {
  return {.kind = "logistic", .features = 12, .classes = 2, .l2 = l2, .bias = bias};
}

const std::vector<model::Index> kBatch{0, 7, 14, 7, 59, 3};

}  // namespace

BOOST_AUTO_TEST_CASE(gradient_agrees_with_finite_differences) {
  const auto sparse = whole(sparse_sample(), LabelUse::binary);
  const auto dense = whole(made_dense(*sparse_sample()), LabelUse::binary);
  for (const bool bias : {false, true}) {
    for (const double l2 : {0.0, 0.1}) {
      BOOST_TEST(gradient_error(options(bias, l2), sparse, kBatch) < 1e-9);
      BOOST_TEST(gradient_error(options(bias, l2), dense, kBatch) < 1e-9);
    }
  }
}

BOOST_AUTO_TEST_CASE(at_zero_every_row_costs_log_two) {
  const auto shard = whole(sparse_sample(), LabelUse::binary);
  const auto objective = model::make_objective<float>(options(false, 0.1));
  const std::vector<float> x(12);
  const auto sums = objective->evaluate(x, shard, 0, shard.size());
  BOOST_TEST(sums.loss / sums.rows == std::log(2.0), boost::test_tools::tolerance(1e-7));
  BOOST_TEST(sums.rows == 60.0);
  BOOST_TEST(sums.correct == 41.0);  // a score of 0 counts as negative, and 41 rows are
}

BOOST_AUTO_TEST_CASE(sparse_and_dense_rows_give_the_same) {
  const auto sparse = whole(sparse_sample(), LabelUse::binary);
  const auto dense = whole(made_dense(*sparse_sample()), LabelUse::binary);
  for (const bool bias : {false, true}) {
    const auto objective = model::make_objective<double>(options(bias, 0.1));
    const auto x = some_parameters<double>(objective->dimension());
    std::vector<double> g(x.size());
    std::vector<double> other(x.size());
    const double loss = objective->gradient(x, {sparse, kBatch}, g);
    BOOST_TEST(loss == objective->gradient(x, {dense, kBatch}, other),
               boost::test_tools::tolerance(1e-14));
    BOOST_TEST(g == other, boost::test_tools::tolerance(1e-12) << boost::test_tools::per_element());
    const auto one = objective->evaluate(x, sparse, 3, 50);
    const auto two = objective->evaluate(x, dense, 3, 50);
    BOOST_TEST(one.loss == two.loss, boost::test_tools::tolerance(1e-14));
    BOOST_TEST(one.correct == two.correct);
    BOOST_TEST(one.rows == 47.0);
  }
}

BOOST_AUTO_TEST_CASE(parts_add_up_to_the_whole) {
  const auto shard = whole(sparse_sample(), LabelUse::binary);
  const auto objective = model::make_objective<double>(options(true, 0));
  const auto x = some_parameters<double>(13);
  const auto all = objective->evaluate(x, shard, 0, 60);
  const auto first = objective->evaluate(x, shard, 0, 17);
  const auto second = objective->evaluate(x, shard, 17, 60);
  BOOST_TEST(all.loss == first.loss + second.loss, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(all.correct == first.correct + second.correct);
}

BOOST_AUTO_TEST_CASE(the_loss_is_exact_for_scores_of_any_size) {
  for (const double score : {-800.0, -40.0, -3.0, -1e-9, 0.0, 1e-9, 0.5, 17.0, 40.0, 800.0}) {
    for (const float target : {0.0F, 1.0F}) {
      const double margin = target > 0 ? score : -score;
      const double expected =
          margin < -700 ? -margin : static_cast<double>(std::log1p(std::exp(-margin)));
      const auto wide = model::logistic_loss(score, target);
      BOOST_TEST(wide.loss == expected, boost::test_tools::tolerance(4e-15));
      const auto narrow = model::logistic_loss(static_cast<float>(score), target);
      BOOST_TEST(narrow.loss == static_cast<float>(expected), boost::test_tools::tolerance(1e-6F));
      BOOST_TEST(std::isfinite(narrow.slope));
      BOOST_TEST(narrow.slope == static_cast<float>(wide.slope),
                 boost::test_tools::tolerance(1e-6F));
      BOOST_TEST(wide.slope * (target > 0 ? -1 : 1) >= 0);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_loss_of_a_float_sum_keeps_small_terms) {
  // Above a margin of 17 the sum 1 + e^-m is 1 in float; the loss must not be 0 there.
  const auto at = model::logistic_loss(20.0F, 1.0F);
  BOOST_TEST(at.loss == std::exp(-20.0F), boost::test_tools::tolerance(1e-6F));
}

BOOST_AUTO_TEST_CASE(losses_of_many_rows_are_summed_by_few_logs) {
  constexpr std::size_t kRows = 2000;  // more than one log is for
  model::LogisticSum sum;
  for (const double nearest : {0.0, 37.0, -3.0, -1200.0}) {  // 37: each 1 + u is 1, even in double
    double expected = 0;
    for (std::size_t i = 0; i < kRows; ++i) {
      const double score = nearest + 0.01 * static_cast<double>(i % 100);
      const auto at = model::logistic_loss(score, 1.0F);
      expected += at.loss;
      BOOST_TEST(sum.add(score, 1.0F) == at.slope);
    }
    BOOST_TEST(sum.take() == expected, boost::test_tools::tolerance(1e-13));
    BOOST_TEST(sum.take() == 0.0);
  }
  sum.add(std::nan(""), 1.0F);
  sum.add(1.0, 1.0F);
  BOOST_TEST(std::isnan(sum.take()));
}

BOOST_AUTO_TEST_CASE(predictions_are_those_that_are_counted) {
  const auto shard = whole(sparse_sample(), LabelUse::binary);
  const auto objective = model::make_objective<float>(options(true, 0));
  const auto x = some_parameters<float>(13);
  BOOST_TEST(objective->outputs() == 1U);
  std::vector<double> scores(shard.size());
  objective->predict(x, shard, 0, 60, scores);
  double correct = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    correct += (scores[i] > 0) == (shard.targets[i] > 0) ? 1 : 0;
  }
  BOOST_TEST(correct == objective->evaluate(x, shard, 0, 60).correct);
  BOOST_TEST(scores[0] == static_cast<double>(x[12]));  // row 0 has no feature
  std::vector<double> some(3);
  objective->predict(x, shard, 7, 10, some);
  BOOST_TEST(some == std::vector<double>(scores.begin() + 7, scores.begin() + 10));
}

BOOST_AUTO_TEST_CASE(data_with_fewer_columns_than_the_model_are_fine) {
  const auto narrow =
      std::make_shared<const model::Dataset>(model::Dataset::sparse({0, 1}, {2}, {1}, {1}, 3));
  const model::Shard shard{narrow, {0}, {1}};
  const auto objective = model::make_objective<double>(options(true, 0));
  const auto x = some_parameters<double>(13);
  std::vector<double> scores(1);
  objective->predict(x, shard, 0, 1, scores);
  BOOST_TEST(scores[0] == x[2] + x[12]);
}

BOOST_AUTO_TEST_CASE(data_with_more_columns_than_the_model_are_refused) {
  auto narrow = options(false, 0);
  narrow.features = 11;
  const auto shard = whole(sparse_sample(), LabelUse::binary);
  const auto objective = model::make_objective<double>(narrow);
  std::vector<double> x(11);
  BOOST_TEST(complaint([&] { static_cast<void>(objective->evaluate(x, shard, 0, 1)); }) ==
             "the data have 12 columns, the model only 11");
  BOOST_CHECK_THROW(objective->gradient(x, {shard, kBatch}, x), model::DataError);
}

BOOST_AUTO_TEST_CASE(curvature_bounds_the_hessian_by_a_quarter) {
  BOOST_TEST(model::make_objective<float>(options(false, 1))->curvature_factor() == 0.25);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
