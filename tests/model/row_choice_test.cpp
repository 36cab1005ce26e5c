/// Some rows of a set are those rows of the whole set, in every format.
#include "model/row_choice.hpp"

#include <functional>
#include <string>
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "model/growing.hpp"
#include "model/read_dataset.hpp"
#include "tests/model/files.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(row_choice)

namespace {

using model::Dataset;
using model::Index;

struct Format {
  const char* name;
  std::string text;  // seven rows; "": an IDX pair
  friend std::ostream& operator<<(std::ostream& out, const Format& format) {
    return out << format.name;
  }
};

const Format kFormats[] = {
    {"LIBSVM", "1 1:1 2:2\n-1 1:3\n1 9:4\n1\n-1 1:5 2:6 3:7\n1 2:8\n-1 4:9\n"},
    {"CSV", "1,2,0\n3,4,1\n5,6,2\n7,8,0\n9,10,1\n11,12,2\n13,14,1\n"},
    {"FANN",
     "7 2 3\n1 2\n1 0 0\n3 4\n0 1 0\n5 6\n0 0 1\n7 8\n1 0 0\n9 10\n0 1 0\n11 12\n0 0 1\n"
     "13 14\n0 1 0\n"},
    {"IDX", ""},
};

model::DataPath written(const TestFolder& folder, const Format& format) {
  model::DataPath path;
  if (!format.text.empty()) {
    path.file = folder.write("data", format.text);
    return path;
  }
  using std::string_literals::operator""s;
  std::string pictures = "\0\0\x08\x03\0\0\0\x07\0\0\0\x02\0\0\0\x03"s;
  for (char pixel = 0; pixel < 42; ++pixel) pictures += pixel;
  path.images = folder.write("images", pictures);
  path.labels = folder.write("labels", "\0\0\x08\x01\0\0\0\x07\1\2\3\1\2\3\1"s);
  return path;
}

std::vector<float> row_of(const Dataset& data, std::size_t row) {
  std::vector<float> out(data.features());
  data.copy_row(row, std::span(out));
  return out;
}

}  // namespace

BOOST_DATA_TEST_CASE(those_rows_are_kept_and_no_others, boost::unit_test::data::make(kFormats),
                     format) {
  const TestFolder folder;
  const auto path = written(folder, format);
  const auto whole = model::read_dataset(path);
  const auto outline = model::read_outline(path);
  BOOST_TEST_REQUIRE(whole.rows() == 7U);
  BOOST_TEST(outline.is_outline());
  BOOST_TEST(!whole.is_outline());
  BOOST_TEST(outline.rows() == whole.rows());
  BOOST_TEST(outline.features() == whole.features());
  BOOST_TEST(outline.is_sparse() == whole.is_sparse());
  BOOST_TEST(outline.labels() == whole.labels(), boost::test_tools::per_element());
  BOOST_TEST(outline.bytes() == 7 * sizeof(float));
  BOOST_TEST(outline.origin().label == whole.origin().label);
  BOOST_TEST((outline.origin().format == whole.origin().format));
  for (const auto& rows : {std::vector<Index>{0}, {6}, {0, 1, 2, 3, 4, 5, 6}, {1, 3, 4}, {2, 6}}) {
    const auto some = model::read_rows(path, outline, rows);
    BOOST_TEST_REQUIRE(some.rows() == rows.size());
    BOOST_TEST(some.features() == whole.features());
    BOOST_TEST(some.bytes() == whole.bytes(rows));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      BOOST_TEST(some.label(i) == whole.label(rows[i]));
      BOOST_TEST(row_of(some, i) == row_of(whole, rows[i]), boost::test_tools::per_element());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_set_that_became_another_one_is_refused) {
  const TestFolder folder;
  const auto path = written(folder, kFormats[1]);
  const auto outline = model::read_outline(path);
  const std::vector<Index> rows{1, 6};
  for (const char* text :
       {"1,2,0\n3,4,1\n", "1,2,0\n3,4,2\n5,6,2\n7,8,0\n9,10,1\n11,12,2\n13,14,1\n",
        "1,0\n3,1\n5,2\n7,0\n9,1\n11,2\n13,1\n"}) {
    static_cast<void>(folder.write("data", text));
    const auto said = complaint([&] { static_cast<void>(model::read_rows(path, outline, rows)); });
    BOOST_TEST(said.find("is another set than when it was first read") != said.npos, said);
  }
}

// A piece holds 65,536 floats.
BOOST_AUTO_TEST_CASE(pieces_become_one_vector) {
  for (const std::size_t size : {0UL, 1UL, 65'535UL, 65'536UL, 65'537UL, 200'000UL}) {
    model::Growing<float> one_by_one, at_once;
    std::vector<float> values(size);
    for (std::size_t i = 0; i < size; ++i) values[i] = static_cast<float>(i);
    for (const float value : values) one_by_one.push_back(value);
    at_once.append(std::span(values).first(size / 3));
    at_once.append(std::span(values).subspan(size / 3));
    BOOST_TEST(one_by_one.size() == size);
    BOOST_TEST(at_once.size() == size);
    BOOST_TEST((one_by_one.take() == values));
    BOOST_TEST((at_once.take() == values));
    BOOST_TEST(one_by_one.empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
