/// Predictions as lines of CSV.
#include "runtime/predictions.hpp"

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "runtime/model_rows.hpp"
#include "tests/support/saved_models.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(predictions)

namespace {

using tests::complaint_of;
using tests::dense_rows;
using tests::saved_logistic;
using tests::saved_softmax;

std::string csv_of(const SavedModel& model, std::shared_ptr<const model::Dataset> data) {
  std::string all;
  write_predictions(model, rows_for(model, std::move(data), "rows", Labels::ignored),
                    [&](std::string_view text) { all += text; });
  return all;
}

}  // namespace

// Scores 0, log 3 and -200: a score of 0 is class 0, as in accuracy.
BOOST_AUTO_TEST_CASE(two_classes_have_the_logistic_functions_values) {
  BOOST_TEST(
      csv_of(saved_logistic({1, 0}), dense_rows({0, 5, 1.0986123F, 5, -200, 5}, {7, 7, 7})) ==
      "predicted,p(-1),p(1)\n"
      "-1,0.5,0.5\n"
      "1,0.25,0.75\n"
      "-1,1,0\n");
}

BOOST_AUTO_TEST_CASE(classes_are_called_by_their_words) {
  auto model = saved_logistic({1, 0});
  model.labels = model::LabelMap({0, 1});
  model.words = {"no", "yes, \"sir\""};
  BOOST_TEST(csv_of(model, dense_rows({0, 5, 1.0986123F, 5}, {7, 7})) ==
             "predicted,p(no),\"p(yes, \"\"sir\"\")\"\n"
             "no,0.5,0.5\n"
             "\"yes, \"\"sir\"\"\",0.25,0.75\n");
}

BOOST_AUTO_TEST_CASE(more_classes_have_softmax) {
  BOOST_TEST(csv_of(saved_softmax({1, 0, 0, 1, 0, 0}), dense_rows({0, 0, 500, 0}, {7, 7})) ==
             "predicted,p(0),p(1),p(2)\n"
             "0,0.33333334,0.33333334,0.33333334\n"
             "0,1,0,0\n");
}

BOOST_AUTO_TEST_CASE(lines_come_in_the_order_of_rows_and_not_all_at_once) {
  constexpr int kRows = 5000;
  std::vector<float> values;
  for (int i = 0; i < kRows; ++i) {
    values.push_back(i % 3 == 0 ? 1.0F : -1.0F);
    values.push_back(0);
  }
  const auto model = saved_logistic({1, 0});
  const auto rows =
      rows_for(model, dense_rows(values, std::vector<float>(kRows)), "rows", Labels::ignored);
  std::string all;
  std::size_t longest = 0;
  write_predictions(model, rows, [&](std::string_view text) {
    all += text;
    longest = std::max(longest, text.size());
  });
  std::string expected = "predicted,p(-1),p(1)\n";
  for (int i = 0; i < kRows; ++i) {
    expected += i % 3 == 0 ? "1,0.26894143,0.7310586\n" : "-1,0.7310586,0.26894143\n";
  }
  BOOST_TEST((all == expected));
  BOOST_TEST(longest < all.size() / 4);
}

BOOST_AUTO_TEST_CASE(an_objective_without_predictions_says_so) {
  SavedModel model;
  model.kind = "quadratic";
  model.options.kind = "quadratic";
  model.options.features = 2;
  model.x = {0, 0};
  BOOST_TEST(complaint_of([&] {
               static_cast<void>(csv_of(model, dense_rows({3, 4}, {7})));
             }) ==
             "a model of the objective quadratic predicts nothing: annulet eval gives its loss");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
