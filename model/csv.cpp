/// CSV: rows of numbers, with names of the columns above them or without, one column the label.
#include "model/csv.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "model/csv_labels.hpp"
#include "model/csv_records.hpp"
#include "model/growing.hpp"
#include "model/number_text.hpp"
#include "model/utf8.hpp"

namespace annulet::model {
namespace {

using Fields = std::vector<std::string_view>;

/// What programs write where they have no value.
bool is_missing(std::string_view text) {
  constexpr std::array<std::string_view, 12> kWords = {"",    "NA",   "N/A",  "n/a",  "na", "NaN",
                                                       "nan", "NULL", "null", "None", "?",  "-"};
  return std::ranges::find(kWords, text) != kWords.end();
}

bool is_text(std::string_view field) {
  return !is_missing(field) && parse_number(field).flaw == NumberFlaw::no_number;
}

/// The first line holds names where it has text above a number; without a number below, where it
/// has nothing but text.
bool is_header(const std::vector<std::string>& first, const Fields& second) {
  for (std::size_t i = 0; i < std::min(first.size(), second.size()); ++i) {
    if (is_text(first[i]) && is_number(second[i])) return true;
  }
  return std::ranges::all_of(first, is_text);
}

class CsvReader {
 public:
  CsvReader(LineReader lines, char separator, const LabelChoice& choice, RowChoice rows)
      : records_(std::move(lines), separator), choice_(choice), chosen_(rows), labels_(choice) {
    origin_.format = DataFormat::csv;
    origin_.separator = separator;
  }

  Dataset read() {
    Fields fields;
    if (!records_.next(fields))
      fail(ErrorCode::bad_format, "there is no row in this file; name the one with the data");
    const std::vector<std::string> first(fields.begin(), fields.end());
    const std::size_t first_line = records_.line();
    columns_ = first.size();
    const bool more = records_.next(fields);
    const bool header = is_header(first, fields);
    if (header) take_names(first, first_line);
    check_has_label();
    if (columns_ < 2 && !choice_.none) {
      fail(ErrorCode::bad_format,
           "there is only one column, where a row needs features and a label");
    }
    choose_label();
    if (!header) add_row({first.begin(), first.end()}, first_line);
    if (header && !more)
      fail(ErrorCode::bad_format,
           "there is no row below the names of the columns; name the file with the data");
    if (more) {
      do {
        add_row(fields, records_.line());
      } while (records_.next(fields));
    }
    return finish();
  }

 private:
  /// Who reads rows for a model and leaves the label out finds that the last feature is taken for
  /// it.
  void check_has_label() const {
    if (choice_.none || choice_.model_features != columns_) return;
    fail(ErrorCode::model_does_not_fit,
         "it has " + std::to_string(columns_) + (columns_ == 1 ? " column" : " columns") +
             ", as many as the model has features, and so none for the label" +
             (choice_.ignored ? ": say --no-label"
                              : " to compare with: give data with labels, or use annulet predict "
                                "--no-label"));
  }

  void choose_label() {
    if (choice_.none) {
      label_ = columns_;
    } else {
      label_ = choice_.is_default() ? columns_ - 1 : chosen_column();
      origin_.label = column_text(label_) + (choice_.is_default() ? " (the last)" : "");
      origin_.label_place = label_;
      if (!names_.empty()) origin_.label_name = names_[label_];
    }
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (i != label_) origin_.columns.push_back(names_[i]);
    }
  }

  std::size_t chosen_column() const {
    if (choice_.from_model && choice_.counts == LabelChoice::Counts::outputs) {
      fail(ErrorCode::bad_label_column,
           "the model was trained with output " + std::to_string(choice_.number) +
               " of FANN text as the label, which is none of a CSV file's columns" + to_name());
    }
    if (choice_.number > columns_) {
      fail_choice("but there are only " + std::to_string(columns_) + " columns", "");
    }
    if (choice_.number > 0) return choice_.number - 1;
    const auto any_number = ", 1 to " + std::to_string(columns_);
    if (names_.empty()) {
      fail_choice("but the first line holds no names of columns",
                  "; give the label column's number" + any_number);
    }
    const auto found = std::ranges::find(names_, choice_.name);
    if (found == names_.end()) fail_choice("but the columns are " + names_text(), "");
    if (std::count(names_.begin(), names_.end(), choice_.name) > 1) {
      fail_choice("but several columns have that name", "; give the column's number" + any_number);
    }
    return static_cast<std::size_t>(found - names_.begin());
  }

  /// `to_do` is for who typed the choice.
  [[noreturn]] void fail_choice(const std::string& but, const std::string& to_do) const {
    const auto value =
        choice_.number > 0 ? std::to_string(choice_.number) : '"' + choice_.name + '"';
    if (!choice_.from_model) {
      fail(ErrorCode::bad_label_column,
           std::string(choice_.option) + " is " + value + ", " + but + to_do);
    }
    fail(ErrorCode::bad_label_column,
         "the model was trained with the label in column " + value + ", " + but + to_name());
  }
  std::string to_name() const {
    return std::string("; name the label's column with --label COLUMN") +
           (choice_.ignored ? ", or say --no-label if there is none" : "");
  }

  std::string names_text() const {
    constexpr std::size_t kShown = 20;
    std::string out;
    for (std::size_t i = 0; i < std::min(kShown, names_.size()); ++i) {
      out += (i == 0 ? "" : ", ") + names_[i];
    }
    return out + (names_.size() > kShown ? ", ..." : "");
  }

  void add_row(const Fields& fields, std::size_t line) {
    line_ = line;
    if (fields.size() != columns_) {
      fail_at_line("has " + std::to_string(fields.size()) + " columns, the first line has " +
                   std::to_string(columns_));
    }
    if (rows_++ == std::numeric_limits<Index>::max()) {
      fail_at_line("the file has more rows than the 4 294 967 295 that can be counted");
    }
    const bool kept = chosen_.takes_next();
    for (std::size_t i = 0; i < columns_; ++i) {
      if (i == label_) {
        if (!choice_.ignored) add_label(fields[i], kept);
        continue;
      }
      refuse_missing(fields[i], i);
      const float value = number(fields[i], i);
      if (kept) values_.push_back(value);
    }
  }

  void add_label(std::string_view field, bool kept) {
    refuse_missing(field, label_);
    if (const auto flaw = labels_.add(field); !flaw.empty()) fail_at(label_, flaw);
    if (!kept && !chosen_.is_outline()) labels_.forget_last();
  }

  void take_names(const std::vector<std::string>& first, std::size_t line) {
    line_ = line;
    for (std::size_t i = 0; i < first.size(); ++i) {
      const std::string_view name = first[i];
      if (!is_utf8(name)) fail_at(i, quoted(name) + kNotUtf8);
    }
    names_ = first;
  }

  void refuse_missing(std::string_view field, std::size_t column) const {
    if (!is_missing(field)) return;
    fail_at(column, field.empty() ? "the value is missing; take the row out or fill it in"
                                  : quoted(field) + " stands for a missing value; take the row " +
                                        "out or fill it in");
  }

  float number(std::string_view text, std::size_t column) const {
    const auto parsed = parse_number(text);
    if (parsed.flaw == NumberFlaw::none) return parsed.value;
    if (parsed.flaw != NumberFlaw::no_number)
      fail_at(column, quoted(text) + flaw_text(parsed.flaw));
    std::string with_point(text);
    std::ranges::replace(with_point, ',', '.');
    fail_at(column,
            quoted(text) + " is not a number; " +
                (is_number(with_point)
                     ? "write decimals with a point"
                     : "features are numbers: take the column out, or put numbers for its "
                       "words (" +
                           std::string(choice_.option) + " chooses another column as the label)"));
  }

  Dataset finish() {
    const bool has_labels = !choice_.none && !choice_.ignored;
    auto labels =
        has_labels ? finish_labels() : std::vector<float>(static_cast<std::size_t>(rows_));
    const std::size_t features = columns_ - (choice_.none ? 0 : 1);
    auto data = chosen_.is_outline() ? Dataset::outline(std::move(labels), features, false)
                                     : Dataset::dense(values_.take(), std::move(labels), features);
    data.set_origin(std::move(origin_));
    return data;
  }

  std::vector<float> finish_labels() {
    return labels_.finish(records_.name() + ": the labels in " + column_text(label_),
                          origin_.classes);
  }

  /// `column 5 "price"`
  std::string column_text(std::size_t column) const {
    return "column " + std::to_string(column + 1) +
           (names_.empty() ? "" : " \"" + names_[column] + "\"");
  }

  [[noreturn]] void fail(ErrorCode error, const std::string& what) const {
    throw DataError(error, records_.name() + ": " + what);
  }
  [[noreturn]] void fail_at_line(const std::string& what) const {
    throw DataError(ErrorCode::bad_row,
                    records_.name() + ", line " + std::to_string(line_) + ": " + what);
  }
  [[noreturn]] void fail_at(std::size_t column, const std::string& what) const {
    throw DataError(ErrorCode::bad_row, records_.name() + ", line " + std::to_string(line_) + ", " +
                                            column_text(column) + ": " + what);
  }

  CsvRecords records_;
  const LabelChoice& choice_;
  RowChoice chosen_;
  CsvLabels labels_;
  DataOrigin origin_;
  std::vector<std::string> names_;  // of all columns; none without a header
  std::size_t columns_ = 0, label_ = 0, line_ = 0;
  std::uint64_t rows_ = 0;
  Growing<float> values_;
};

}  // namespace

Dataset read_csv(LineReader lines, char separator, const LabelChoice& choice, RowChoice rows) {
  return CsvReader(std::move(lines), separator, choice, rows).read();
}

}  // namespace annulet::model
