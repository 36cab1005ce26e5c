/// LIBSVM text, with the traps of real files and the ways a file can be wrong.
#include "model/libsvm.hpp"

#include <cmath>

#include <boost/test/unit_test.hpp>

#include "model/read_dataset.hpp"
#include "tests/model/files.hpp"
#include "tests/support/data_folder.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(libsvm)

namespace {

using boost::unit_test::precondition;
using model::Dataset;

struct InFolder {
  TestFolder folder;

  Dataset read(std::string_view text) const {
    return model::read_dataset({.file = folder.write("rows.txt", text)});
  }
  /// The complaint about this text, without the folder's name.
  std::string wrong(std::string_view text) const {
    auto message = complaint([&] { static_cast<void>(read(text)); });
    const auto prefix = folder.path().string() + "/";
    return message.starts_with(prefix) ? message.substr(prefix.size()) : message;
  }
};

std::vector<model::Index> indices(const Dataset& data, std::size_t row) {
  const auto span = data.sparse_row(row).index;
  return {span.begin(), span.end()};
}

std::vector<float> values(const Dataset& data, std::size_t row) {
  const auto span = data.sparse_row(row).value;
  return {span.begin(), span.end()};
}

std::size_t entries(const Dataset& data) {
  std::size_t out = 0;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    out += data.sparse_row(i).index.size();
  }
  return out;
}

}  // namespace

// Short features are read in one pass, all others word by word; both say the same.
BOOST_FIXTURE_TEST_CASE(short_and_long_spellings_are_one_data_set, InFolder) {
  const auto brief = read("1 3:1 10:0 9999999:7\n-1\t5:2 6:0.5 12:3\n1 1:1#7:1\n1 12345678:1");
  const auto wordy =
      read("1 003:1.0 10:+0 009999999:7e0\n-1 05:2. 6:5e-1 12:3.0\n1 01:1.0\n1 12345678:+1");
  BOOST_REQUIRE(brief.rows() == 4U);
  for (std::size_t i = 0; i < brief.rows(); ++i) {
    BOOST_TEST(indices(brief, i) == indices(wordy, i));
    BOOST_TEST(values(brief, i) == values(wordy, i));
  }
  BOOST_TEST(brief.features() == 12'345'678U);
  BOOST_TEST(wrong("1 3:1 3:1\n")
                 .ends_with("column 7: index 3 after index 3: the indices of a row "
                            "have to increase"));
  BOOST_TEST(wrong("1 3:1x\n").ends_with("value '1x' is not a number"));
  BOOST_TEST(wrong("1 0:1\n").ends_with("index 0: indices start at 1"));
}

BOOST_FIXTURE_TEST_CASE(rows_are_read_as_written, InFolder) {
  const auto data = read("+1 1:0.5 4:-2e-1 \n-1 2:+3\n");
  BOOST_TEST(data.rows() == 2U);
  BOOST_TEST(data.features() == 4U);
  BOOST_TEST(data.is_sparse());
  BOOST_TEST(data.label(0) == 1.0F);
  BOOST_TEST(data.label(1) == -1.0F);
  BOOST_TEST(indices(data, 0) == (std::vector<model::Index>{0, 3}));
  BOOST_TEST(values(data, 0) == (std::vector<float>{0.5F, -0.2F}));
  BOOST_TEST(indices(data, 1) == (std::vector<model::Index>{1}));
  BOOST_TEST(values(data, 1) == (std::vector<float>{3}));
}

BOOST_FIXTURE_TEST_CASE(rows_without_features_count, InFolder) {
  const auto data = read("-1 \n1\n-1 2:1\n1");
  BOOST_TEST(data.rows() == 4U);
  BOOST_TEST(entries(data) == 1U);
  BOOST_TEST(data.label(3) == 1.0F);
  BOOST_TEST(read("1\n-1\n").features() == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_label_with_a_decimal_point_is_the_same_label, InFolder) {
  const auto data = read("-1.0 1:1\n1.0 1:1\n+1 1:1\n-1 1:1\n");
  BOOST_TEST(data.label(0) == data.label(3));
  BOOST_TEST(data.label(1) == data.label(2));
  BOOST_TEST(model::survey(data).labels == (std::vector<float>{-1, 1}));
}

BOOST_FIXTURE_TEST_CASE(blank_lines_comments_tabs_and_cr_are_accepted, InFolder) {
  const auto data = read("# rows\r\n\r\n1\t3:2   5:1 # a good one\r\n  \n0 3:1\r\n#end");
  BOOST_TEST(data.rows() == 2U);
  BOOST_TEST(indices(data, 0) == (std::vector<model::Index>{2, 4}));
  BOOST_TEST(values(data, 1) == (std::vector<float>{1}));
}

BOOST_FIXTURE_TEST_CASE(numbers_too_small_for_float_are_zero, InFolder) {
  const auto data = read("1 1:1e-60 2:-1e-60 3:1e-400\n");
  for (const float v : values(data, 0)) {
    BOOST_TEST(v == 0.0F);
  }
}

// Equal numbers that differ in a bit would make two models of one, and labels like none.
BOOST_FIXTURE_TEST_CASE(minus_0_is_0, InFolder) {
  const auto data = read("-0 1:-0 2:-0.0e3\n1 1:1\n");
  BOOST_TEST(!std::signbit(data.label(0)));
  for (const float v : values(data, 0)) BOOST_TEST(!std::signbit(v));
}

BOOST_FIXTURE_TEST_CASE(rows_may_have_no_label_where_that_is_said, InFolder) {
  const auto read_rows = [&](std::string_view text) {
    return model::read_dataset({.file = folder.write("rows.txt", text), .label = {.none = true}});
  };
  // A blank line is a row of zeros, a comment is none.
  const auto data = read_rows("# rows\n1:5\t3:2\n\n  # more\n2:7 # a good one\n");
  BOOST_TEST(data.rows() == 3U);
  BOOST_TEST(data.features() == 3U);
  BOOST_TEST(indices(data, 0) == (std::vector<model::Index>{0, 2}));
  BOOST_TEST(values(data, 1).empty());
  BOOST_TEST(values(data, 2) == (std::vector<float>{7}));
  BOOST_TEST(data.label(2) == 0.0F);
  BOOST_TEST(complaint([&] { static_cast<void>(read_rows("1:5\n1 2:7\n")); })
                 .ends_with("line 2, column 1: '1' is not index:value; is it the row's label? Then "
                            "leave out --no-label"));
  BOOST_TEST(wrong("1:5\n") == "rows.txt, line 1, column 1: there is no label before '1:5'");
  const auto ignored = complaint([&] {
    static_cast<void>(model::read_dataset(
        {.file = folder.write("rows.txt", "1:5\n"), .label = {.ignored = true}}));
  });
  BOOST_TEST(
      ignored.ends_with("there is no label before '1:5'; if no row has one, say --no-label"));
}

BOOST_FIXTURE_TEST_CASE(what_a_model_remembers_of_a_csv_file_is_no_concern, InFolder) {
  const auto path = folder.write("rows.txt", "1 1:1\n");
  model::LabelChoice choice{.name = "y", .classes = {"no", "yes"}};
  choice.model_features = 2;
  choice.from_model = true;
  BOOST_TEST(model::read_dataset({.file = path, .label = choice}).label(0) == 1.0F);
  choice.from_model = false;
  choice.option = "--label";
  BOOST_TEST(
      complaint([&] { static_cast<void>(model::read_dataset({.file = path, .label = choice})); })
          .ends_with("--label is set, but this is LIBSVM text, whose label is the first number "
                     "of a line: leave it out"));
}

BOOST_FIXTURE_TEST_CASE(lines_may_run_over_the_ends_of_chunks, InFolder) {
  std::string text;
  for (int row = 0; row < 20000; ++row) {
    text += std::to_string(row % 2) + " 1:" + std::to_string(row) + " 7:0.25\n";
  }
  for (const auto& packed : {text, gzip(text), xz(text)}) {
    const auto data = read(packed);
    BOOST_TEST(data.rows() == 20000U);
    bool right = true;
    for (std::size_t i = 0; i < data.rows(); ++i) {
      right = right && values(data, i) == std::vector<float>{static_cast<float>(i), 0.25F};
    }
    BOOST_TEST(right);
  }
}

BOOST_FIXTURE_TEST_CASE(mistakes_are_named_with_line_and_column, InFolder) {
  BOOST_TEST(wrong("1 1:1\nx 1:1\n") == "rows.txt, line 2, column 1: label 'x' is not a number");
  BOOST_TEST(wrong("1 1:1 2:a\n") == "rows.txt, line 1, column 9: value 'a' is not a number");
  BOOST_TEST(wrong("1 1:\n") == "rows.txt, line 1, column 5: value '' is not a number");
  BOOST_TEST(wrong("\n1 17\n") == "rows.txt, line 2, column 3: '17' is not index:value");
  BOOST_TEST(wrong("1 0:1\n") == "rows.txt, line 1, column 3: index 0: indices start at 1");
  BOOST_TEST(wrong("1 -2:1\n") == "rows.txt, line 1, column 3: index '-2' is not a whole number");
  BOOST_TEST(wrong("1 3:1  2:1\n") ==
             "rows.txt, line 1, column 8: index 2 after index 3: the "
             "indices of a row have to increase");
  BOOST_TEST(wrong("1 3:1 3:1\n").find("index 3 after index 3") != std::string::npos);
  BOOST_TEST(wrong("1 qid:3 1:1\n").find("column 3: qid:") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(numbers_that_are_none_are_refused, InFolder) {
  for (const auto* number : {"nan", "inf", "-inf", "1e39", "-1e39", "1e400", "++1", "+-1", "-+1",
                             "1,5", "0x10", "--1", "+"}) {
    BOOST_TEST(wrong(std::string("1 1:") + number + "\n").find("line 1, column 5: value") !=
               std::string::npos);
    BOOST_TEST(wrong(std::string(number) + " 1:1\n").find("line 1, column 1: label") !=
               std::string::npos);
  }
}

BOOST_FIXTURE_TEST_CASE(indices_are_capped_before_anything_is_made_of_them, InFolder) {
  BOOST_TEST(read("1 2147483646:1\n").features() == 2147483646U);
  for (const auto* index : {"2147483647", "4294967297", "99999999999999999999999"}) {
    BOOST_TEST(wrong(std::string("1 ") + index + ":1\n").find("is above 2147483646") !=
               std::string::npos);
  }
}

BOOST_FIXTURE_TEST_CASE(lines_are_capped, InFolder) {
  const std::string row = "1 1:1";
  const auto spaces = [&](std::size_t size) { return row + std::string(size - row.size(), ' '); };
  constexpr std::size_t kCap = 1 << 20;
  BOOST_TEST(read("1\n" + spaces(kCap) + "\n1\n").rows() == 3U);
  BOOST_TEST(wrong("1\n" + spaces(kCap + 1) + "\n1\n") ==
             "rows.txt, line 2: longer than 1 MiB; a row of data is one line of text");
  BOOST_TEST(wrong(spaces(3 * kCap)).find("line 1: longer than 1 MiB") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(messages_never_show_raw_bytes, InFolder) {
  const auto message = wrong("\x1b[2J\x80\x01 1:1\n");
  BOOST_TEST(message ==
             "rows.txt, line 1, column 1: label '?[2J?"
             "?' is not a number");
  BOOST_TEST(wrong(std::string(100, 'x')).find("'xxxxxxxxxxxxxxxxxxxxxxxx...'") !=
             std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_file_that_is_something_else_gets_one_clear_sentence, InFolder) {
  BOOST_TEST(wrong("") == "rows.txt: the file is empty; fetch it again");
  BOOST_TEST(wrong(gzip("")) == "rows.txt: the file is empty; fetch it again");
  BOOST_TEST(wrong("\n# nothing\n") ==
             "rows.txt: there is no row in this file; name the one with the data");
  BOOST_TEST(wrong(std::string("\0\0\x08\x03\0\0\0\x01", 8)).find("this is an IDX file") !=
             std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(w8a_is_read_whole, InFolder, *precondition(have_data("w8a.xz"))) {
  const auto data = model::read_dataset({.file = data_folder() / "w8a.xz"});
  BOOST_TEST(data.rows() == 49749U);
  BOOST_TEST(data.features() == 300U);
  BOOST_TEST(entries(data) == 579586U);
  const auto labels = data.labels();
  BOOST_TEST(std::count(labels.begin(), labels.end(), 1.0F) == 1479);
  int empty = 0;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    empty += data.sparse_row(i).index.empty() ? 1 : 0;
  }
  BOOST_TEST(empty == 4203);
}

BOOST_FIXTURE_TEST_CASE(a_test_file_may_have_fewer_columns, InFolder,
                        *precondition(have_data("a9a.t.xz"))) {
  const auto data = model::read_dataset({.file = data_folder() / "a9a.t.xz"});
  BOOST_TEST(data.rows() == 16281U);
  BOOST_TEST(data.features() == 122U);
  std::vector<float> row(123, 7);
  data.copy_row(0, std::span(row));
  BOOST_TEST(row[122] == 0.0F);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
