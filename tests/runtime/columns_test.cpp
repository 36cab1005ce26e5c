/// Names of columns: which files agree, and how the first difference is told.
#include "runtime/columns.hpp"

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(columns)

namespace {

using Names = std::vector<std::string>;

model::DataOrigin named(Names columns, std::string label = "y",
                        std::optional<std::size_t> place = {}) {
  model::DataOrigin origin;
  origin.columns = std::move(columns);
  origin.label_name = std::move(label);
  origin.label_place = place;
  return origin;
}

std::string differ(const model::DataOrigin& origin, const Names& expected) {
  return columns_differ(origin, expected, "model was trained with");
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_digest_tells_names_and_their_order) {
  const auto digest = columns_digest(named({"a", "b"}));
  BOOST_TEST(digest != 0U);
  BOOST_TEST(digest == columns_digest(named({"a", "b"}, "y", 0)));  // wherever the label is
  for (const auto& other :
       {named({"b", "a"}), named({"a", "c"}), named({"a"}, "b"), named({"ab", ""}),
        named({"a", "b"}, "z"), named({"a", "b", "y"}, "")}) {
    BOOST_TEST(columns_digest(other) != digest);
  }
  BOOST_TEST(columns_digest(named({}, "")) == 0U);
}

BOOST_AUTO_TEST_CASE(the_first_column_that_differs_is_named_by_its_place_in_the_file) {
  const Names known{"temp", "humidity", "light"};
  BOOST_TEST(differ(named({"temp", "humidity", "light"}), known) == "");
  BOOST_TEST(differ(named({"temp", "co2", "lux"}), known) ==
             "column 2 is \"co2\", the model was trained with \"humidity\" there");
  BOOST_TEST(differ(named({"temp", "co2", "lux"}, "y", 1), known).starts_with("column 3 is"));
  BOOST_TEST(differ(named({"temp", "co2", "lux"}, "y", 2), known).starts_with("column 2 is"));
}

BOOST_AUTO_TEST_CASE(files_without_names_fit_all) {
  BOOST_TEST(differ(named({}), {"a"}) == "");
  BOOST_TEST(differ(named({"a"}), {}) == "");
}

// A model file is JSON: what is not UTF-8 came into it as U+FFFD.
BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_are_all_the_same) {
  BOOST_TEST(differ(named({"a\xff"}), {"a\xef\xbf\xbd"}) == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
