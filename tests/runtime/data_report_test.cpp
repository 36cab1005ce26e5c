/// What is told of a data file: its format, its labels, what is odd, what to put into a run file.
#include "runtime/data_report.hpp"

#include <algorithm>

#include <boost/test/unit_test.hpp>

#include "tests/model/files.hpp"
#include "tests/support/sensor_sets.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(data_report)

namespace {

using boost::unit_test::precondition;

struct InFolder {
  tests::TestFolder folder;

  model::DataPath path(std::string_view text) const {
    model::DataPath path{.file = folder.write("rows", text)};
    path.label.first_look = true;
    return path;
  }
  DataReport report(std::string_view text) const {
    return report_on(model::read_dataset(path(text)));
  }
  std::string text(std::string_view text) const {
    return data_report_text(report(text), path(text));
  }
};

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

bool is_odd(const DataReport& report, std::string_view part) {
  return std::ranges::any_of(report.oddities,
                             [&](const auto& sentence) { return holds(sentence, part); });
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(numbers_of_a_small_set, InFolder) {
  const auto found = report("a,b,y\n1,0,1.5\n3,0,2.5\n5,6,3.5\n");
  BOOST_TEST(found.rows == 3U);
  BOOST_TEST(found.features == 2U);
  BOOST_TEST(found.entries == 4U);
  BOOST_TEST(!found.has_classes());
  BOOST_TEST(found.labels.least == 1.5);
  BOOST_TEST(found.labels.mean == 2.5);
  BOOST_TEST_REQUIRE(found.columns.size() == 2U);
  BOOST_TEST(found.columns[0].mean == 3);
  BOOST_TEST(found.columns[1].most == 6);
  BOOST_TEST(found.oddities.empty());
}

BOOST_FIXTURE_TEST_CASE(labels_that_repeat_are_classes_and_others_values, InFolder) {
  std::string classes, values;
  for (int i = 0; i < 40; ++i) {
    classes += "1," + std::to_string(i % 10) + "\n";
    values += "1," + std::to_string(i) + "\n";
  }
  BOOST_TEST(report(classes).classes.size() == 10U);
  BOOST_TEST(!report(values).has_classes());
  BOOST_TEST(holds(text(classes), "kind = \"softmax\""));
  BOOST_TEST(holds(text(values), "kind = \"linear\""));
  BOOST_TEST(holds(text("1,-1\n2,1\n"), "kind = \"logistic\""));
}

BOOST_FIXTURE_TEST_CASE(words_are_shown_with_the_line_to_type, InFolder) {
  const auto shown = text("cap,class\n1,poisonous\n2,edible\n");
  BOOST_TEST(holds(shown, "0  edible"));
  BOOST_TEST(holds(shown, "classes = [\"edible\", \"poisonous\"]"));
}

BOOST_FIXTURE_TEST_CASE(what_is_odd_is_said, InFolder) {
  BOOST_TEST(is_odd(report("1,2,0\n1,3,1\n"), "1 feature does not vary: 1."));
  BOOST_TEST(is_odd(report("a,b,y\n7,2,0\n7,3,1\n"), "1 feature does not vary: a."));
  BOOST_TEST(is_odd(report("1,2,0\n3,4,1\n1,2,0\n1,2,1\n"), "1 row repeats another one"));
  BOOST_TEST(is_odd(report("1 1:1\n0\n0 2:1\n"), "1 row has no value but 0, 33.33 %."));
  BOOST_TEST(is_odd(report("1,2,5\n3,4,5\n"), "All labels are 5"));
  std::string rare = "1,2,1\n";
  for (int i = 0; i < 150; ++i) rare += std::to_string(i) + ",3,0\n";
  BOOST_TEST(is_odd(report(rare), "Class 1 is rare: 1 row, 0.66 %"));
}

BOOST_FIXTURE_TEST_CASE(one_label_alone_proposes_no_model, InFolder) {
  BOOST_TEST(is_odd(report("1,2,5\n3,4,5\n"), "which kind of model fits is up to"));
  BOOST_TEST(is_odd(report("1,2,no\n3,4,no\n"), "All labels are no:"));
  BOOST_TEST(!holds(text("1,2,5\n3,4,5\n"), "kind ="));
  JsonObject object;
  add_data_report(object, report("1,2,5\n3,4,5\n"), path("1,2,5\n3,4,5\n"));
  BOOST_TEST(!holds(object.text(), "\"kind\""));
}

BOOST_FIXTURE_TEST_CASE(scales_far_apart_suggest_a_scale, InFolder) {
  const auto found = report("1,1000,0\n2,5000,1\n1,9000,0\n");
  BOOST_TEST(found.suggests_scale);
  BOOST_TEST(is_odd(found, "scales are far apart"));
  BOOST_TEST(!report("1,10,0\n2,50,1\n1,90,0\n").suggests_scale);
}

BOOST_FIXTURE_TEST_CASE(the_lines_are_such_as_a_run_takes, InFolder) {
  const auto outputs = "3 1 2\n1\n0.5 7\n2\n0.25 9\n3\n0.125 8\n";
  BOOST_TEST(holds(text(outputs), "  label = 1\n"));
  BOOST_TEST(is_odd(report(outputs), "A row has 2 outputs, which are no classes"));
  const auto other_pair = "1,2\n2,5\n3,2\n4,5\n";
  BOOST_TEST(holds(text(other_pair), "kind = \"softmax\""));
  const auto two_values = "1,-2\n2,2\n3,-2\n4,2\n";
  BOOST_TEST(holds(text(two_values), "kind = \"linear\""));
  BOOST_TEST(is_odd(report(two_values), "The labels are -2 and 2 alone."));
  BOOST_TEST(is_odd(report("1\n-1\n"), "There is no feature in it"));
  BOOST_TEST(!holds(text("1\n-1\n"), "In a run file"));
}

BOOST_FIXTURE_TEST_CASE(a_row_taken_for_names_is_odd, InFolder) {
  BOOST_TEST(is_odd(report("1,2,x,0\n3,4,5,1\n"), "though 3 of its 4 fields are numbers."));
  BOOST_TEST(!is_odd(report("2019,2020,x,y\n3,4,5,1\n"), "are numbers"));
}

BOOST_FIXTURE_TEST_CASE(json_has_an_entry_for_each_class_and_column, InFolder) {
  JsonObject object;
  add_data_report(object, report("a,y\n1,0\n2,1\n"), path("a,y\n1,0\n2,1\n"));
  const auto json = object.text();
  BOOST_TEST(holds(json, R"("format":"CSV","sparse":false,"rows":2,"features":1)"));
  BOOST_TEST(holds(json, R"("classes":[{"label":0,"rows":1},{"label":1,"rows":1}])"));
  BOOST_TEST(holds(json, R"("columns":[{"name":"a","mean":1.5)"));
  BOOST_TEST(holds(json, R"("odd":[])"));
}

BOOST_FIXTURE_TEST_CASE(building_is_a_regression, InFolder,
                        *precondition(tests::have_sensor_sets())) {
  model::DataPath path{.file = tests::sensor_set("building.train")};
  path.label.first_look = true;
  const auto found = report_on(model::read_dataset(path));
  BOOST_TEST(found.rows == 2104U);
  BOOST_TEST(!found.has_classes());
  BOOST_TEST(found.origin.label == "output 1 of 3");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
