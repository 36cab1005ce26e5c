/// CSV with and without names, quotes, separators, words for classes, and the ways it can be wrong.
#include "model/csv.hpp"

#include <boost/test/unit_test.hpp>

#include "model/read_dataset.hpp"
#include "tests/model/files.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(csv)

namespace {

using model::Dataset;

struct InFolder {
  TestFolder folder;

  Dataset read(std::string_view text, model::LabelChoice label = {}) const {
    return model::read_dataset({.file = folder.write("rows.csv", text), .label = std::move(label)});
  }
  /// The complaint about this text, without the folder's name.
  std::string wrong(std::string_view text, const model::LabelChoice& label = {}) const {
    auto message = complaint([&] { static_cast<void>(read(text, label)); });
    const auto prefix = folder.path().string() + "/";
    return message.starts_with(prefix) ? message.substr(prefix.size()) : message;
  }
};

std::vector<float> row(const Dataset& data, std::size_t i) {
  std::vector<float> out(data.features());
  data.copy_row(i, std::span(out));
  return out;
}

std::vector<float> labels(const Dataset& data) {
  return {data.labels().begin(), data.labels().end()};
}

using Floats = std::vector<float>;
using Words = std::vector<std::string>;

}  // namespace

BOOST_FIXTURE_TEST_CASE(rows_are_read_as_written, InFolder) {
  const auto data = read("1,2.5,0\n-3e-1, +4 ,1\n");
  BOOST_TEST(data.rows() == 2U);
  BOOST_TEST(data.features() == 2U);
  BOOST_TEST(!data.is_sparse());
  BOOST_TEST(row(data, 0) == (Floats{1, 2.5F}));
  BOOST_TEST(row(data, 1) == (Floats{-0.3F, 4}));
  BOOST_TEST(labels(data) == (Floats{0, 1}));
  BOOST_TEST((data.origin().format == model::DataFormat::csv));
  BOOST_TEST(data.origin().label == "column 3 (the last)");
  BOOST_TEST(data.origin().columns.empty());
}

BOOST_FIXTURE_TEST_CASE(names_above_the_columns_are_found, InFolder) {
  const auto data = read("age,income,class\n30,1000,0\n40,2000,1\n");
  BOOST_TEST(data.rows() == 2U);
  BOOST_TEST(data.origin().columns == (Words{"age", "income"}));
  BOOST_TEST(data.origin().label == "column 3 \"class\" (the last)");
  // One column of words suffices; a first value that is missing is no name.
  BOOST_TEST(read("x,2019,y\n1,2,3\n").rows() == 1U);
  BOOST_TEST(wrong("1,,3\n1,2,3\n").find("line 1, column 2: the value is missing") == 9U + 1U);
}

BOOST_FIXTURE_TEST_CASE(any_column_can_be_the_label, InFolder) {
  const std::string text = "age,class,income\n30,0,1000\n40,1,2000\n";
  const auto by_name = read(text, {.name = "class"});
  BOOST_TEST(labels(by_name) == (Floats{0, 1}));
  BOOST_TEST(row(by_name, 1) == (Floats{40, 2000}));
  BOOST_TEST(by_name.origin().columns == (Words{"age", "income"}));
  BOOST_TEST(by_name.origin().label == "column 2 \"class\"");
  BOOST_TEST(labels(read(text, {.number = 1})) == (Floats{30, 40}));
  BOOST_TEST(labels(read("5,1\n6,2\n", {.number = 1})) == (Floats{5, 6}));
}

BOOST_FIXTURE_TEST_CASE(a_choice_of_label_that_does_not_fit_is_refused, InFolder) {
  const std::string text = "age,class,class\n30,0,1\n";
  BOOST_TEST(wrong(text, {.name = "clas"}) ==
             "rows.csv: data.label is \"clas\", but the columns are age, class, class");
  BOOST_TEST(wrong(text, {.name = "class"}) ==
             "rows.csv: data.label is \"class\", but several columns have that name; give the "
             "column's number, 1 to 3");
  BOOST_TEST(wrong(text, {.number = 4}) ==
             "rows.csv: data.label is 4, but there are only 3 columns");
  BOOST_TEST(wrong("1,2\n", {.name = "y"}) ==
             "rows.csv: data.label is \"y\", but the first line holds no names of columns; give "
             "the label column's number, 1 to 2");
}

BOOST_FIXTURE_TEST_CASE(separators_are_told_by_what_all_lines_agree_on, InFolder) {
  for (const std::string text : {"1,2,3\n4,5,6\n", "1;2;3\n4;5;6\n", "1\t2\t3\n4\t5\t6\n"}) {
    const auto data = read(text);
    BOOST_TEST(data.features() == 2U);
    BOOST_TEST(data.origin().separator == text[1]);
  }
  BOOST_TEST(read("a,b\tx\ty\n1\t2\t3\n").features() == 2U);
  BOOST_TEST(read("\"a;b\",y\n1,2\n").features() == 1U);
  BOOST_TEST(wrong("1,5;2,5;0\n2,5;3,5;1\n") ==
             "rows.csv, line 1, column 1: '1,5' is not a number; write decimals with a point");
}

BOOST_FIXTURE_TEST_CASE(quotes_are_those_of_rfc_4180, InFolder) {
  const auto data = read("\"a \"\"b\"\"\",\"c,d\",\"e\nf\",y\r\n\"1\", \"2\" ,3,\"0\"\r\n");
  BOOST_TEST(data.origin().columns == (Words{"a \"b\"", "c,d", "e\nf"}));
  BOOST_TEST(row(data, 0) == (Floats{1, 2, 3}));
  BOOST_TEST(read("5\" disk,y\n1,2\n").origin().columns == (Words{"5\" disk"}));
  BOOST_TEST(wrong("a,y\n\"1\"2,3\n") ==
             "rows.csv, line 2: there is text behind a closing quote; a quote in quotes is written "
             "\"\"");
  BOOST_TEST(wrong("a,y\n1,2\n\"1,3\n4,5\n") ==
             "rows.csv, line 3: a quote is opened that is never closed");
}

BOOST_FIXTURE_TEST_CASE(a_quote_that_is_not_closed_does_not_take_the_whole_memory, InFolder) {
  std::string text = "1,2\n\"";
  for (int i = 0; i < 300000; ++i) text += "1,2\n";
  BOOST_TEST(wrong(text) ==
             "rows.csv, line 2: longer than 1 MiB; is a quote opened that is never closed?");
}

BOOST_FIXTURE_TEST_CASE(missing_values_are_named_with_line_and_column, InFolder) {
  BOOST_TEST(wrong("age,class\n30,0\n,1\n") ==
             "rows.csv, line 3, column 1 \"age\": the value is missing; take the row out or fill "
             "it in");
  BOOST_TEST(wrong("age,class\n30,0\n4,?\n") ==
             "rows.csv, line 3, column 2 \"class\": '?' stands for a missing value; take the row "
             "out or fill it in");
  for (const auto* word : {"NA", "NaN", "nan", "null", "N/A", "\"\""}) {
    BOOST_TEST(wrong(std::string("1,2,3\n4,") + word + ",6\n").find("missing") !=
               std::string::npos);
  }
}

// Names and words go into run files and JSON.
BOOST_FIXTURE_TEST_CASE(names_and_words_are_utf8, InFolder) {
  BOOST_TEST(wrong("\xe2ge,class\n30,0\n").ends_with(" is not UTF-8 text: save the file as UTF-8"));
  BOOST_TEST(wrong("1,2\n30,y\xe9s\n").ends_with(" is not UTF-8 text: save the file as UTF-8"));
  BOOST_TEST(read("\xc3\xa2ge,class\n30,0\n").origin().columns.at(0) == "\xc3\xa2ge");
}

BOOST_FIXTURE_TEST_CASE(what_is_no_number_is_named_with_line_and_column, InFolder) {
  BOOST_TEST(
      wrong("age,class\n30,0\nold,1\n") ==
      "rows.csv, line 3, column 1 \"age\": 'old' is not a number; features are numbers: take "
      "the column out, or put numbers for its words (data.label chooses another column as "
      "the label)");
  BOOST_TEST(wrong("1,2\n1e39,2\n") ==
             "rows.csv, line 2, column 1: '1e39' is outside the range of float32");
  BOOST_TEST(wrong("1,2\n1,1e39\n") ==
             "rows.csv, line 2, column 2: label '1e39' is outside the range of float32");
  for (const std::string text : {"inf", "-inf", "-nan", "infinity"}) {
    BOOST_TEST(wrong("1,2\n1,2\n" + text + ",2\n") ==
               "rows.csv, line 3, column 1: '" + text + "' is not a finite number");
    BOOST_TEST(wrong(text + ",2\n1,2\n") ==
               "rows.csv, line 1, column 1: '" + text + "' is not a finite number");
    BOOST_TEST(wrong("1,2\n1," + text + "\n") ==
               "rows.csv, line 2, column 2: label '" + text + "' is not a finite number");
  }
  // The line where the record begins, though names above it may run over several.
  BOOST_TEST(wrong("\"a\nb\",y\n1,2\nx,2\n").find("rows.csv, line 4, column 1") == 0U);
}

BOOST_FIXTURE_TEST_CASE(numbers_too_small_are_zero_and_too_large_ones_refused, InFolder) {
  for (const std::string text :
       {"1e-60", "1e-400", "-1e-400", "1e-9223372036854775807", "1e-99999999999999999999",
        "0.1e-330", "123e-500", "0.0000001e-320", "1000000e-400"}) {
    BOOST_TEST(row(read("1,2\n" + text + ",2\n"), 1) == Floats{0}, text);
  }
  const std::string zeros(400, '0');
  BOOST_TEST(row(read("1,2\n0." + zeros + "1,2\n"), 1) == Floats{0});
  BOOST_TEST(row(read("1,2\n0." + zeros + "5e401,2\n"), 1) == Floats{5});
  for (const std::string& text :
       {std::string("1e39"), std::string("1e400"), std::string("-1e400"), "1" + zeros,
        std::string("1e99999999999999999999"), std::string("11e9223372036854775807"),
        "1" + zeros + "e-10", std::string("0.001e500")}) {
    BOOST_TEST(
        wrong("1,2\n" + text + ",2\n").find("is outside the range of float32") != std::string::npos,
        text);
  }
}

BOOST_FIXTURE_TEST_CASE(who_reads_for_a_model_is_told_of_its_options, InFolder) {
  model::LabelChoice choice{
      .name = "y", .model_features = 2, .from_model = true, .option = "--label"};
  BOOST_TEST(wrong("a,b\n1,2\n", choice) ==
             "rows.csv: it has 2 columns, as many as the model has features, and so none for the "
             "label to compare with: give data with labels, or use annulet predict --no-label");
  BOOST_TEST(
      wrong("a,b,c\n1,2,3\n", choice) ==
      "rows.csv: the model was trained with the label in column \"y\", but the columns are a, "
      "b, c; name the label's column with --label COLUMN");
  BOOST_TEST(
      wrong("a,b,y\n1,2,yes\n", choice) ==
      "rows.csv: the labels in column 3 \"y\" are words, but the model was trained on labels "
      "that are numbers. Is another column the label? --label names it");
  choice.ignored = true;
  BOOST_TEST(wrong("1,2\n", choice) ==
             "rows.csv: it has 2 columns, as many as the model has features, and so none for the "
             "label: say --no-label");
  BOOST_TEST(wrong("a,b,c\n1,2,3\n", choice)
                 .ends_with("--label COLUMN, or say --no-label if there is none"));
  // What stands there is not looked at.
  const auto data = read("a,y,b\n1,?,3\n4,word,6\n", choice);
  BOOST_TEST(labels(data) == (Floats{0, 0}));
  BOOST_TEST(row(data, 1) == (Floats{4, 6}));
  choice.none = true;
  BOOST_TEST(read("a,b\n1,2\n", choice).features() == 2U);
  choice = {.name = "z", .option = "--label"};
  BOOST_TEST(wrong("a,b\n1,2\n", choice) == "rows.csv: --label is \"z\", but the columns are a, b");
}

BOOST_FIXTURE_TEST_CASE(ragged_rows_are_named, InFolder) {
  BOOST_TEST(wrong("1,2,3\n4,5\n") == "rows.csv, line 2: has 2 columns, the first line has 3");
  BOOST_TEST(wrong("1,2,3\n\n4,5,6,\n") == "rows.csv, line 3: has 4 columns, the first line has 3");
}

BOOST_FIXTURE_TEST_CASE(a_file_that_has_no_rows_says_so, InFolder) {
  BOOST_TEST(wrong("age,class\n") ==
             "rows.csv: there is no row below the names of the columns; name the file "
             "with the data");
  BOOST_TEST(wrong("age;\n").find("rows.csv") == 0U);
}

BOOST_FIXTURE_TEST_CASE(words_need_the_run_files_word_on_which_class_is_which, InFolder) {
  const std::string text = "cap,class\n1,poisonous\n2,edible\n3,poisonous\n";
  BOOST_TEST(wrong(text) ==
             "rows.csv: the labels in column 2 \"class\" are words. Say in the run file which "
             "class is which, for all devices alike: data.classes = [\"edible\", "
             "\"poisonous\"]");
  const auto data = read(text, {.classes = {"poisonous", "edible"}});
  BOOST_TEST(labels(data) == (Floats{0, 1, 0}));
  BOOST_TEST(data.origin().classes == (Words{"poisonous", "edible"}));
  BOOST_TEST(wrong(text, {.classes = {"edible"}}) ==
             "rows.csv, line 2, column 2 \"class\": label 'poisonous' is none of those in "
             "data.classes");
}

BOOST_FIXTURE_TEST_CASE(who_looks_at_one_file_alone_may_first_look, InFolder) {
  const auto data = read("1,b\n2,a\n3,10\n4,a\n", {.first_look = true});
  BOOST_TEST(data.origin().classes == (Words{"10", "a", "b"}));
  BOOST_TEST(labels(data) == (Floats{2, 1, 0, 1}));
  const auto numbers = read("1,7\n2,10\n", {.first_look = true});
  BOOST_TEST(numbers.origin().classes.empty());
  BOOST_TEST(labels(numbers) == (Floats{7, 10}));
}

BOOST_FIXTURE_TEST_CASE(thousands_of_different_numbers_are_labels_but_no_words, InFolder) {
  std::string numbers, words;
  for (int i = 0; i < 3000; ++i) {
    numbers += "1," + std::to_string(i) + ".5\n";
    words += "1,w" + std::to_string(i) + "\n";
  }
  BOOST_TEST(read(numbers).rows() == 3000U);
  BOOST_TEST(read(numbers, {.first_look = true}).label(2999) == 2999.5F);
  BOOST_TEST(wrong(words).find("line 1025, column 2: label 'w1024' is one of more than 1024") !=
             std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(lines_may_run_over_the_ends_of_chunks, InFolder) {
  std::string text = "a,\"b\",y\n";
  for (int i = 0; i < 20000; ++i) text += std::to_string(i) + ",\"0.25\"," + "1\n";
  for (const auto& packed : {text, gzip(text), xz(text)}) {
    const auto data = read(packed);
    BOOST_TEST(data.rows() == 20000U);
    bool right = true;
    for (std::size_t i = 0; i < data.rows(); ++i) {
      right = right && row(data, i) == Floats{static_cast<float>(i), 0.25F};
    }
    BOOST_TEST(right);
  }
}

BOOST_FIXTURE_TEST_CASE(a_byte_order_mark_is_no_part_of_the_first_name, InFolder) {
  BOOST_TEST(read("\xef\xbb\xbf"
                  "age,class\n1,2\n")
                 .origin()
                 .columns == (Words{"age"}));
  BOOST_TEST(wrong(std::string("\xff\xfe"
                               "1\0,\0",
                               6)) == "rows.csv: this is UTF-16 text; save it as UTF-8");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
