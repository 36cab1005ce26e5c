/// Whose data fit together, and what a view may say of them.
#include "runtime/data_admission.hpp"

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "model/dataset.hpp"
#include "runtime/memory_check.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(data_admission)

namespace {

using transport::Candidate;
using transport::Survey;

Survey survey_of(std::uint64_t rows, std::uint64_t features, std::vector<float> labels) {
  Survey survey;
  survey.rows = rows;
  survey.features = features;
  survey.labels = std::move(labels);
  return survey;
}
Survey dense(Survey survey) {
  survey.sparse = false;
  return survey;
}
Survey own(Survey survey) {
  survey.own_data = true;
  return survey;
}

DataAdmission admission(const std::string& kind = "logistic",
                        std::optional<std::size_t> features = {}) {
  RunConfig config;
  config.model.kind = kind;
  config.data.features = features;
  return DataAdmission(config);
}

std::string refusal(const DataAdmission& rules, const Survey& first, const Survey& second) {
  const std::vector<Candidate> accepted{{"desk", first}};
  const auto cause = rules.refusal(accepted, {"pi", second});
  return cause ? cause->text : "";
}

/// A view of desk and pi that fits pi's survey.
transport::View view_for(const Survey& mine) {
  transport::View view;
  view.epoch = 1;
  view.rank = 1;
  view.members.resize(2);
  view.members[1].own_data = mine.own_data;
  view.features = mine.features;
  view.rows = mine.rows;
  view.labels = mine.labels;
  return view;
}

}  // namespace

BOOST_AUTO_TEST_CASE(data_that_fit_are_taken) {
  BOOST_TEST(refusal(admission(), survey_of(9, 5, {-1, 1}), own(survey_of(4, 7, {-1}))) == "");
  BOOST_TEST(refusal(admission("softmax"), dense(survey_of(9, 5, {0, 1})),
                     own(dense(survey_of(4, 5, {3})))) == "");
  BOOST_TEST(refusal(admission("logistic", 7), survey_of(9, 5, {-1, 1}),
                     own(survey_of(4, 7, {-1}))) == "");
  BOOST_TEST(refusal(admission(), survey_of(9, 5, {-1, 1}), survey_of(9, 5, {-1, 1})) == "");
}

BOOST_AUTO_TEST_CASE(shared_data_must_be_the_same_on_all_that_share_them) {
  BOOST_TEST(refusal(admission(), survey_of(9, 5, {-1, 1}), survey_of(8, 5, {-1, 1})) ==
             "pi reads 8 rows of 5 features from the run file's data, desk reads 9 rows of 5 "
             "features: copy the same file to both, or bring a device's own with --data PATH.");
}

BOOST_AUTO_TEST_CASE(columns_have_the_same_names_on_all_devices_that_have_names) {
  const auto named = [](std::uint64_t columns) {
    auto survey = own(dense(survey_of(9, 5, {-1, 1})));
    survey.columns = columns;
    return survey;
  };
  BOOST_TEST(refusal(admission(), named(7), named(7)) == "");
  BOOST_TEST(refusal(admission(), named(0), named(7)) == "");
  BOOST_TEST(refusal(admission(), named(7), named(0)) == "");
  BOOST_TEST(refusal(admission(), named(7), named(8)) ==
             "pi names its columns otherwise, or in another order, than desk: give both files the "
             "same columns, by the same names, in one order.");
  // One without names hides no other.
  const std::vector<Candidate> two{{"desk", named(7)}, {"bare", named(0)}};
  BOOST_TEST((admission().refusal(two, {"pi", named(8)})->error == ErrorCode::width_mismatch));
  BOOST_TEST(!admission().refusal(two, {"pi", named(7)}));
}

BOOST_AUTO_TEST_CASE(a_stray_index_is_refused_by_the_name_of_its_device) {
  BOOST_TEST(
      refusal(admission(), survey_of(9, 5, {-1, 1}), own(survey_of(9, 999'999'999, {-1, 1}))) ==
      "pi has 999,999,999 features and 2 labels; with it the model would have more parameters than "
      "the 268,435,456 it may have. Is a feature index in its data wrong? data.features sets a "
      "limit.");
}

// What only the whole ring comes to is the newcomer's fault, too: the others may go on without it.
BOOST_AUTO_TEST_CASE(who_would_make_the_model_too_large_is_sent_away) {
  const auto softmax = admission("softmax");
  const auto wide = own(survey_of(9, 200'000'000, {1}));
  BOOST_TEST(refusal(softmax, survey_of(9, 5, {1}), wide) == "");
  BOOST_TEST(refusal(softmax, survey_of(9, 5, {0, 1}), wide).starts_with("pi has 200,000,000 "));
  BOOST_TEST(refusal(softmax, wide, own(survey_of(9, 5, {0}))).starts_with("pi has 5 features"));
  std::vector<float> many, more;
  for (int i = 0; i < 1000; ++i) many.push_back(static_cast<float>(i));
  for (int i = 1000; i < 1025; ++i) more.push_back(static_cast<float>(i));
  BOOST_TEST(
      refusal(softmax, survey_of(9, 5, many), own(survey_of(9, 5, more))) ==
      "With pi there would be 1,025 different labels, more than 1,024: these are not classes. "
      "Is the label column of its data the right one?");
}

BOOST_AUTO_TEST_CASE(sums_larger_than_the_memory_are_refused) {
  BOOST_TEST(sums_refusal(16, 1'000'000, 32'000'000) == "");
  BOOST_TEST(sums_refusal(16, 1'000'000, 31'000'000) ==
             "adding up 1.0 MB in 16 processes needs 32.0 MB, this device has 31.0 MB of memory. "
             "Give smaller --bytes or fewer --devices");
  BOOST_TEST(sums_refusal(16, 1'000'000, 0) == "");
}

BOOST_AUTO_TEST_CASE(a_model_larger_than_the_memory_is_refused) {
  BOOST_TEST(memory_refusal({1'000'000}, 12'000'000) == "");
  BOOST_TEST(memory_refusal({1'000'001}, 12'000'000) ==
             "a model of 1,000,001 parameters needs 12.0 MB, this device has 12.0 MB of memory. Is "
             "a feature index in the data wrong? data.features sets a limit");
  BOOST_TEST(memory_refusal({1'000'001}, 12'000'000, "Give less") ==
             "a model of 1,000,001 parameters needs 12.0 MB, this device has 12.0 MB of memory. "
             "Give less");
  BOOST_TEST(memory_refusal({kMaxParameters}, 0) == "");
  // Averages of iterates are kept in double.
  const auto needs = [](const ModelSize& model, std::uint64_t bytes_each) {
    const std::uint64_t bytes = model.parameters * bytes_each;
    return memory_refusal(model, bytes).empty() && !memory_refusal(model, bytes - 1).empty();
  };
  BOOST_TEST(needs({.parameters = 1'000'000, .averages = 1}, 40));
  // V, the next V, and the own change beside the average.
  BOOST_TEST(needs({.parameters = 1'000'000, .corrects_drift = true}, 24));
  BOOST_TEST(needs({.parameters = 1'000'000, .has_momentum = true}, 20));
  BOOST_TEST(needs({.parameters = 1'000'000, .compresses = true}, 20));
  // A record of all that goes on.
  BOOST_TEST(needs({.parameters = 1'000'000, .checkpointed = true}, 16));
  BOOST_TEST(needs({1'000'000, 1, true, true, true, true}, 92));
  // The next x apart from the change under way, and the next change; V of both.
  BOOST_TEST(needs({.parameters = 1'000'000, .overlaps = true}, 20));
  BOOST_TEST(needs({.parameters = 1'000'000, .corrects_drift = true, .overlaps = true}, 40));
  BOOST_TEST(needs({.parameters = 1'000'000, .checkpointed = true, .overlaps = true}, 28));
  // A simulation has all of them in one memory.
  BOOST_TEST(needs({.parameters = 1'000'000, .devices = 64}, 64 * 12));
  BOOST_TEST(
      memory_refusal({.parameters = 1'000'000, .devices = 64}, 700'000'000) ==
      "a model of 1,000,000 parameters on 64 simulated devices needs 768 MB, this device has "
      "700 MB of memory. Is a feature index in the data wrong? data.features sets a limit");
}

/// Two rows, of which the second has the index `features`.
model::Dataset rows_with_index(std::uint32_t features) {
  return model::Dataset::sparse({0, 1, 2}, {0, features - 1}, {1, 1}, {-1, 1}, features);
}

BOOST_AUTO_TEST_CASE(a_search_larger_than_the_memory_is_refused) {
  const auto rows = rows_with_index(1'000'000);
  BOOST_TEST(search_refusal(1'000'000, rows, 88'000'000) == "");
  BOOST_TEST(search_refusal(1'000'000, rows, 0) == "");
  BOOST_TEST(search_refusal(2'000'000, rows, 88'000'000) ==
             "the search for f* over 2,000,000 parameters needs 176 MB, this device has 88.0 MB of "
             "memory. Row 2 has the index 1,000,000: is that right? data.features sets a limit");
  const auto narrow = model::Dataset::dense({1, 2}, {-1, 1}, 1);
  BOOST_TEST(search_refusal(1, narrow, 10).ends_with(" of memory: use fewer features"));
}

// 88 bytes a parameter of each device: the 12 of any model, three averages of three doubles, x-bar.
BOOST_AUTO_TEST_CASE(rings_larger_than_the_memory_are_refused) {
  const auto rows = rows_with_index(1'000'000);
  const ModelSize rings{.parameters = 1'000'000, .averages = 3, .devices = 128};
  BOOST_TEST(rings_refusal(rings, rows, 128ULL * 88'000'000) == "");
  BOOST_TEST(rings_refusal(rings, rows, 0) == "");
  BOOST_TEST(rings_refusal(rings, rows, 128ULL * 88'000'000 - 1) ==
             "the experiment with 1,000,000 parameters on 128 simulated devices at a time needs "
             "11.3 GB, this device has 11.3 GB of memory. Row 2 has the index 1,000,000: is that "
             "right?");
}

BOOST_AUTO_TEST_CASE(data_too_wide_to_look_at_are_refused) {
  const auto rows = rows_with_index(1'000'000);
  BOOST_TEST(!report_refusal(rows, 40'000'000));
  BOOST_TEST(!report_refusal(rows, 0));
  const auto refused = report_refusal(rows, 39'999'999);
  BOOST_TEST_REQUIRE(refused.has_value());
  BOOST_TEST((refused->error == ErrorCode::out_of_memory));
  BOOST_TEST(refused->text ==
             "to look at its 1,000,000 features needs 40.0 MB, this device has 40.0 MB of memory. "
             "Row 2 has the index 1,000,000: is that right?");
  BOOST_TEST(!report_refusal(rows_with_index(kMaxParameters - 1), 0));
  const auto wide = report_refusal(rows_with_index(kMaxParameters), 0);
  BOOST_TEST_REQUIRE(wide.has_value());
  BOOST_TEST((wide->error == ErrorCode::model_too_large));
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_said) {
  const Survey sound = survey_of(9, 5, {-1, 1});
  BOOST_TEST(refusal(admission(), sound, survey_of(0, 5, {})) ==
             "pi has no rows to train on: check its data file.");
  BOOST_TEST(refusal(admission(), dense(sound), dense(survey_of(9, 6, {-1, 1}))) ==
             "pi has rows of 6 features, desk of 5: dense data must have one width on all "
             "devices.");
  BOOST_TEST(refusal(admission(), dense(sound), sound) ==
             "pi has sparse data, desk dense: use one format on all devices.");
  BOOST_TEST(refusal(admission("logistic", 5), sound, survey_of(9, 6, {-1, 1})) ==
             "pi has 6 features, the run file allows 5: raise data.features to the largest index "
             "of all devices.");
  const std::string mixed = refusal(admission(), sound, survey_of(9, 5, {1, 2}));
  BOOST_TEST(mixed.find("desk") != std::string::npos, mixed);
  BOOST_TEST(mixed.find("pi") != std::string::npos, mixed);
}

BOOST_AUTO_TEST_CASE(shared_rows_count_once) {
  const std::vector<Candidate> all{{"a", survey_of(60, 5, {-1, 1})},
                                   {"b", own(survey_of(10, 8, {-1}))},
                                   {"c", survey_of(60, 5, {-1, 1})},
                                   {"d", own(survey_of(1, 2, {1}))}};
  const auto agreed = admission().agree(all);
  BOOST_TEST(agreed.rows == 71U);
  BOOST_TEST(agreed.features == 8U);
  BOOST_TEST(agreed.labels == (std::vector<float>{-1, 1}), boost::test_tools::per_element());
  BOOST_TEST(admission("logistic", 300).agree(all).features == 300U);
}

BOOST_AUTO_TEST_CASE(a_model_beyond_all_bounds_is_refused) {
  using model::DataError;
  const auto agree = [](std::uint64_t features) {
    const std::vector<Candidate> all{{"a", survey_of(60, features, {-1, 1})}};
    return admission().agree(all).features;
  };
  BOOST_TEST(agree(kMaxParameters - 1) == kMaxParameters - 1);
  BOOST_CHECK_THROW(static_cast<void>(agree(kMaxParameters)), DataError);
  BOOST_CHECK_THROW(static_cast<void>(agree(0)), DataError);
  BOOST_CHECK_THROW(static_cast<void>(agree(~std::uint64_t{0})), DataError);
}

BOOST_AUTO_TEST_CASE(a_view_that_cannot_be_is_recognised) {
  const Survey mine = own(survey_of(10, 5, {-1, 1}));
  const DataAdmission rules = admission();
  BOOST_TEST(rules.contradiction(view_for(mine), mine) == "");
  const auto wrong = [&](auto change) {
    auto view = view_for(mine);
    change(view);
    return !rules.contradiction(view, mine).empty();
  };
  BOOST_TEST(wrong([](auto& view) { view.rows = 9; }));
  BOOST_TEST(wrong([](auto& view) { view.features = 4; }));
  BOOST_TEST(wrong([](auto& view) { view.features = kMaxParameters; }));
  BOOST_TEST(wrong([](auto& view) { view.features = ~std::uint64_t{0}; }));
  BOOST_TEST(wrong([](auto& view) { view.labels = {1, 2}; }));
  BOOST_TEST(wrong([](auto& view) { view.labels = {-1, -1, 1}; }));
  BOOST_TEST(wrong([](auto& view) { view.members[1].own_data = false; }));
  BOOST_TEST(!wrong([](auto& view) { view.features = 6; }));
  BOOST_TEST(!wrong([](auto& view) { view.rows = 11; }));
  const DataAdmission limited = admission("logistic", 7);
  BOOST_TEST(limited.contradiction(view_for(mine), mine) != "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
