/// Figures of a saved model, by hand and against those of a run.
#include "runtime/model_report.hpp"

#include <cmath>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "runtime/model_rows.hpp"
#include "tests/model/samples.hpp"
#include "tests/support/saved_models.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(model_report)

namespace {

using tests::complaint_of;
using tests::dense_rows;
using tests::saved_logistic;
using tests::saved_softmax;

ModelReport report_of(const SavedModel& model, std::shared_ptr<const model::Dataset> data) {
  return report_on(model, rows_for(model, std::move(data), "rows", Labels::compared));
}

}  // namespace

// The score is the first feature: 2, -1, 1, -3.
BOOST_AUTO_TEST_CASE(two_classes_are_counted) {
  const auto model = saved_logistic({1, 0});
  const auto report = report_of(model, dense_rows({2, 9, -1, 9, 1, 9, -3, 9}, {1, 1, -1, -1}));
  BOOST_TEST(report.rows == 4U);
  BOOST_TEST(report.accuracy.value() == 0.5);
  BOOST_TEST(report.auc.value() == 0.75);  // of four pairs one is in the wrong order
  const double loss = (std::log1p(std::exp(-2.0)) + std::log1p(std::exp(1.0)) +
                       std::log1p(std::exp(1.0)) + std::log1p(std::exp(-3.0))) /
                      4;
  BOOST_TEST(report.loss == loss, boost::test_tools::tolerance(1e-6));  // of float32 losses
  BOOST_TEST(report.classes[0].label == -1);
  BOOST_TEST((report.classes[0].predicted == std::vector<std::uint64_t>{1, 1}));
  BOOST_TEST((report.classes[1].predicted == std::vector<std::uint64_t>{1, 1}));
  BOOST_TEST(report.precision(1).value() == 0.5);
  BOOST_TEST(report.recall(0).value() == 0.5);
}

// Scores 2 - 1, -1 - 1, 1 - 2, -3 - 9: 1, -2, -1, -12.
BOOST_AUTO_TEST_CASE(two_classes_with_a_score_each_have_an_auc) {
  auto model = saved_softmax({0, 1, 1, 0});
  model.options.features = 2;
  model.options.classes = 2;
  model.labels = model::LabelMap({-1, 1});
  const auto report = report_of(model, dense_rows({2, 1, -1, 1, 1, 2, -3, 9}, {1, 1, -1, -1}));
  BOOST_TEST(report.accuracy.value() == 0.75);
  BOOST_TEST(report.auc.value() == 0.75);
}

// Class 2 is never predicted, class 1 never there.
BOOST_AUTO_TEST_CASE(what_cannot_be_said_of_a_class_is_not_said) {
  const auto model = saved_softmax({1, 0, 0, 1, -9, -9});
  const auto report = report_of(model, dense_rows({2, 1, 1, 2, 3, 1}, {0, 2, 0}));
  BOOST_TEST((report.classes[0].predicted == std::vector<std::uint64_t>{2, 0, 0}));
  BOOST_TEST((report.classes[2].predicted == std::vector<std::uint64_t>{0, 1, 0}));
  BOOST_TEST(!report.precision(2).has_value());
  BOOST_TEST(!report.recall(1).has_value());
  BOOST_TEST(report.precision(1).value() == 0);
  BOOST_TEST(!report.auc.has_value());
  BOOST_TEST(
      report_text(report).ends_with("label   rows   precision     recall\n"
                                    "0          2    100.00 %   100.00 %\n"
                                    "1          0      0.00 %          -\n"
                                    "2          1           -     0.00 %\n"
                                    "\n"
                                    "rows with a label (left) that were taken for another (above)\n"
                                    "label   0   1   2\n"
                                    "0       2   0   0\n"
                                    "1       0   0   0\n"
                                    "2       0   1   0\n"));
  JsonObject object;
  add_report(object, report);
  BOOST_TEST(object.text().ends_with(
      R"("classes":[{"label":0,"rows":2,"precision":1,"recall":1,"predicted":[2,0,0]},)"
      R"({"label":1,"rows":0,"precision":0,"recall":null,"predicted":[0,0,0]},)"
      R"({"label":2,"rows":1,"precision":null,"recall":0,"predicted":[0,1,0]}]})"));
}

BOOST_AUTO_TEST_CASE(classes_are_called_by_their_words) {
  auto model = saved_softmax({1, 0, 0, 1, -9, -9});
  model.words = {"no", "ye\ns", "per, haps"};
  const auto report = report_of(model, dense_rows({2, 1, 1, 2, 3, 1}, {0, 2, 0}));
  const auto text = report_text(report);
  BOOST_TEST(text.find("\nno             2    100.00 %   100.00 %\n") != text.npos, text);
  BOOST_TEST(text.find("\nper, haps      1 ") != text.npos, text);
  BOOST_TEST(text.find("\nye") != text.npos, text);
  BOOST_TEST(text.find("ye\ns") == text.npos, text);
  JsonObject object;
  add_report(object, report);
  BOOST_TEST(object.text().find(R"({"label":2,"word":"per, haps","rows":1,)") != std::string::npos,
             object.text());
}

BOOST_AUTO_TEST_CASE(with_one_class_alone_there_is_no_auc) {
  const auto report = report_of(saved_logistic({1, 0}), dense_rows({2, 9, -1, 9}, {1, 1}));
  BOOST_TEST(!report.auc.has_value());
  BOOST_TEST(report_text(report).starts_with("rows             2\nloss        "));
}

BOOST_AUTO_TEST_CASE(many_classes_have_no_table_of_mistakes) {
  SavedModel model = saved_softmax(std::vector<float>(26));
  std::vector<float> labels(13);
  std::iota(labels.begin(), labels.end(), 0.0F);
  model.options.classes = 13;
  model.options.features = 2;
  model.labels = model::LabelMap(labels);
  const auto text = report_text(report_of(model, dense_rows({1, 2}, {12})));
  BOOST_TEST(text.find("taken for another") == text.npos);
}

BOOST_AUTO_TEST_CASE(a_quadratic_has_a_loss_alone) {
  SavedModel model;
  model.kind = "quadratic";
  model.options.kind = "quadratic";
  model.options.features = 2;
  model.x = {0, 0};
  const auto report = report_of(model, dense_rows({3, 4, 0, 2}, {7, 8}));
  BOOST_TEST(report.loss == (12.5 + 2) / 2);
  BOOST_TEST(report_text(report) == "rows        2\nloss   7.2500\n");
}

// The value is the first feature: 2, -1, 1 against 3, -1, -2. Their mean is 0, their squares 14.
BOOST_AUTO_TEST_CASE(values_have_errors_and_the_part_that_is_explained) {
  SavedModel model;
  model.kind = model.options.kind = "linear";
  model.options.features = 2;
  model.x = {1, 0};
  const auto report = report_of(model, dense_rows({2, 9, -1, 9, 1, 9}, {3, -1, -2}));
  BOOST_TEST(report.mse.value() == 10.0 / 3);
  BOOST_TEST(report.r2.value() == 1 - 10.0 / 14);
  BOOST_TEST(!report.accuracy.has_value());
  BOOST_TEST(report_text(report).ends_with("MSE    3.3333\nRMSE   1.8257\nR2     0.2857\n"));
  const auto same = report_of(model, dense_rows({2, 9, -1, 9}, {3, 3}));
  BOOST_TEST(same.mse.value() == 8.5);
  BOOST_TEST(!same.r2.has_value());
}

// Blocks: the sums of 5,000 rows are those of all at once.
BOOST_AUTO_TEST_CASE(the_loss_is_the_objectives) {
  const auto few = tests::dense_sample();
  std::vector<float> values, labels;
  for (std::size_t i = 0; i < 5000; ++i) {
    std::vector<float> row(6);
    few->copy_row(i % 40, std::span(row));
    values.insert(values.end(), row.begin(), row.end());
    labels.push_back(few->label(i % 40));
  }
  SavedModel model = saved_softmax(tests::some_parameters<float>(24));
  model.options.features = 6;
  model.options.classes = 4;
  model.labels = model::LabelMap({0, 1, 2, 3});
  const auto rows = rows_for(model, dense_rows(values, labels), "rows", Labels::compared);
  const auto all = model::make_objective<float>(model.options)->evaluate(model.x, rows, 0, 5000);
  const auto report = report_on(model, rows);
  BOOST_TEST(report.accuracy.value() == all.correct / all.rows);
  // The sums are in double, in another order: 5,000 roundings at most.
  BOOST_TEST(report.loss == all.loss / all.rows, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(rows_have_the_columns_that_the_model_was_trained_with) {
  auto model = saved_logistic({1, 0});
  model.columns = {"temp", "humidity"};
  model.words = {"dry", "wet"};
  model.labels = model::LabelMap({0, 1});
  const auto refusal = [&](const std::vector<std::string>& names, float label) {
    auto data = model::Dataset::dense({1, 2}, {label}, 2);
    data.set_origin({.format = model::DataFormat::csv, .columns = names});
    const auto shared = std::make_shared<const model::Dataset>(std::move(data));
    return complaint_of(
        [&] { static_cast<void>(rows_for(model, shared, "rows.csv", Labels::compared)); });
  };
  BOOST_TEST(refusal({"temp", "humidity"}, 0) == "");
  BOOST_TEST(refusal({}, 0) == "");
  BOOST_TEST(
      refusal({"temp", "co2"}, 0) ==
      "rows.csv: column 2 is \"co2\", the model was trained with \"humidity\" there: give its "
      "columns in their order. Is another one the label? --label names it.");
  BOOST_TEST(refusal({}, 3) ==
             "rows.csv: row 1 has the label 3, which the model does not know; it knows dry, wet.");
}

BOOST_AUTO_TEST_CASE(data_that_do_not_fit_are_refused_in_one_line) {
  const auto model = saved_logistic({1, 0});
  const auto refusal = [&](std::shared_ptr<const model::Dataset> data, Labels labels) {
    return complaint_of([&] { static_cast<void>(rows_for(model, data, "rows.csv", labels)); });
  };
  const std::string trained_on =
      ", the model was trained on 2. Give data of the kind that it was trained on.";
  BOOST_TEST(refusal(dense_rows({1, 2, 3}, {1}), Labels::compared) ==
             "rows.csv: its rows have 3 features" + trained_on);
  BOOST_TEST(refusal(dense_rows({1}, {1}), Labels::ignored) ==
             "rows.csv: its rows have 1 feature" + trained_on);
  BOOST_TEST(refusal(dense_rows({1, 2, 3, 4}, {1, 0}), Labels::compared) ==
             "rows.csv: row 2 has the label 0, which the model does not know; it knows -1, 1.");
  BOOST_TEST(refusal(dense_rows({1, 2, 3, 4}, {1, 0}), Labels::ignored).empty());
  const auto none = std::make_shared<const model::Dataset>(model::Dataset::dense({}, {}, 2));
  BOOST_TEST(refusal(none, Labels::ignored) == "rows.csv: there are no rows in it.");
  // A sparse set of fewer columns has zeros in the others.
  const auto narrow =
      std::make_shared<const model::Dataset>(model::Dataset::sparse({0, 1}, {0}, {1}, {1}, 1));
  BOOST_TEST(refusal(narrow, Labels::compared).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
