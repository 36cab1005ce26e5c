/// FANN's text format: `rows inputs outputs`, then for each row a line of inputs and one of
/// outputs.
#include "model/fann.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "model/growing.hpp"
#include "model/number_text.hpp"

namespace annulet::model {
namespace {

class FannReader {
  using Counts = LabelChoice::Counts;

 public:
  FannReader(LineReader lines, LabelChoice choice, RowChoice rows)
      : lines_(std::move(lines)), choice_(std::move(choice)), chosen_(rows) {}

  Dataset read() {
    rows_ = header_number("rows");
    inputs_ = header_number("inputs");
    outputs_ = header_number("outputs");
    check_choice();
    while (const auto word = next_word()) take(*word);
    if (full_rows_ < rows_) fail(ErrorCode::data_damaged, too_short());
    const auto features = static_cast<std::size_t>(inputs_);
    auto data = chosen_.is_outline() ? Dataset::outline(labels(), features, false)
                                     : Dataset::dense(values_.take(), labels(), features);
    data.set_origin(std::move(origin_));
    return data;
  }

 private:
  std::uint64_t header_number(const std::string& what) {
    const auto word = next_word();
    if (!word) fail(ErrorCode::data_damaged, "ends within its first line; fetch the file again");
    std::uint64_t out = 0;
    const auto [stop, error] = std::from_chars(word->data(), word->data() + word->size(), out);
    const bool whole = error == std::errc{} && stop == word->data() + word->size();
    if (!whole || out == 0 || out > std::numeric_limits<Index>::max()) {
      fail_at_line("the number of " + what + " is " + quoted(*word) + ", not 1 to " +
                   std::to_string(std::numeric_limits<Index>::max()));
    }
    return out;
  }

  void check_choice() {
    // A model of CSV rows remembers a column, which is nothing here.
    const bool too_large = choice_.number > outputs_ && choice_.counts == Counts::either;
    const bool of_csv = choice_.from_model &&
                        (!choice_.name.empty() || too_large || choice_.counts == Counts::columns);
    if (choice_.ignored || of_csv) {
      choice_.name.clear();
      choice_.number = 0;
    }
    if (!choice_.name.empty()) {
      fail(ErrorCode::bad_label_column,
           std::string(choice_.option) + " is \"" + choice_.name +
               "\", but FANN's outputs have no names; give the output's number, 1 to " +
               std::to_string(outputs_));
    }
    if (choice_.number > outputs_) {
      const auto number = std::to_string(choice_.number);
      fail(ErrorCode::bad_label_column,
           (choice_.from_model ? "the model was trained with output " + number + " as the label"
                               : std::string(choice_.option) + " is " + number) +
               ", but a row has only " + std::to_string(outputs_) +
               (outputs_ == 1 ? " output" : " outputs") +
               (choice_.from_model ? "; name the one to take with --label" : ""));
    }
  }

  std::optional<std::string_view> next_word() {
    rest_ = trimmed(rest_);
    while (rest_.empty()) {
      note_line_end();
      const auto line = lines_.next();
      if (!line) return std::nullopt;
      rest_ = trimmed(*line);
    }
    const auto word = rest_.substr(0, rest_.find_first_of(" \t"));
    rest_.remove_prefix(word.size());
    return word;
  }

  /// Where lines stop ending with the inputs or the outputs, a number is likely to be missing.
  void note_line_end() {
    if (place_ != 0 && place_ != inputs_ && odd_line_ == 0) odd_line_ = lines_.number();
  }

  void take(std::string_view word) {
    if (full_rows_ == rows_) {
      fail_at_line("there are more numbers than the " + std::to_string(rows_) +
                   " rows of the first line need" + odd_line_hint());
    }
    const auto parsed = parse_number(word);
    if (parsed.flaw != NumberFlaw::none) {
      fail_at_line(quoted(word) + flaw_text(parsed.flaw));
    }
    if (place_ == 0) kept_ = chosen_.takes_next();
    if (place_ < inputs_) {
      if (kept_) values_.push_back(parsed.value);
    } else {
      row_.push_back(parsed.value);
    }
    if (++place_ < inputs_ + outputs_) return;
    place_ = 0;
    ++full_rows_;
    take_outputs();
    row_.clear();
  }

  /// Of a whole row: the output chosen, or else which of them is 1.
  void take_outputs() {
    if (choice_.ignored) return;
    if (choice_.first_look) all_outputs_.append(row_);
    const bool is_chosen = choice_.number > 0 || outputs_ == 1;
    if (!is_chosen) are_classes_ = are_classes_ && has_one(row_);
    if (!kept_ && !chosen_.is_outline()) return;
    const auto one = std::ranges::find(row_, 1.0F) - row_.begin();
    labels_.push_back(is_chosen ? row_[std::max<std::size_t>(1, choice_.number) - 1]
                                : static_cast<float>(one));
  }

  std::string too_short() const {
    return "ends after " + std::to_string(full_rows_) + " of the " + std::to_string(rows_) +
           " rows its first line speaks of" +
           (odd_line_ == 0 ? "; fetch the file again" : odd_line_hint());
  }

  std::string odd_line_hint() const {
    if (odd_line_ == 0) return "";
    return "; line " + std::to_string(odd_line_) + " does not end with a row's " +
           std::to_string(inputs_) + " inputs or " + std::to_string(outputs_) + " outputs";
  }

  std::vector<float> labels() {
    origin_.format = DataFormat::fann;
    origin_.outputs = static_cast<std::size_t>(outputs_);
    if (choice_.ignored) return std::vector<float>(static_cast<std::size_t>(rows_));
    name_label();
    auto labels = labels_.take();
    if (!choice_.first_look) return labels;
    auto outputs = all_outputs_.take();
    if (origin_.label_is_open) {  // the first output then
      for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = outputs[i * origin_.outputs];
    }
    origin_.all_outputs = std::make_shared<const std::vector<float>>(std::move(outputs));
    return labels;
  }

  void name_label() {
    if (choice_.number > 0 || outputs_ == 1) {
      return name_output(std::max<std::size_t>(1, choice_.number));
    }
    if (are_classes_) {
      origin_.label = "which of the " + std::to_string(outputs_) + " outputs is 1";
      return;
    }
    if (!choice_.first_look) {
      fail(
          ErrorCode::bad_label_column,
          "a row has " + std::to_string(outputs_) +
              " outputs, and they are not classes (one of them 1, the others 0). Choose the one to "
              "learn: " +
              std::string(choice_.option) + (choice_.model_features > 0 ? " 1" : " = 1") +
              ", up to " + std::to_string(outputs_));
    }
    origin_.label_is_open = true;
    name_output(1);
  }

  void name_output(std::size_t output) {
    origin_.label = "output " + std::to_string(output) + " of " + std::to_string(outputs_);
  }

  /// One of them is 1 and the others 0 or -1.
  static bool has_one(std::span<const float> outputs) {
    const auto rest = [](float value) { return value == 0 || value == -1; };
    return std::ranges::count(outputs, 1.0F) == 1 &&
           std::ranges::count_if(outputs, rest) + 1 == std::ssize(outputs);
  }

  [[noreturn]] void fail(ErrorCode error, const std::string& what) const {
    throw DataError(error, lines_.name() + ": " + what);
  }
  [[noreturn]] void fail_at_line(const std::string& what) const {
    throw DataError(ErrorCode::bad_row,
                    lines_.name() + ", line " + std::to_string(lines_.number()) + ": " + what);
  }

  LineReader lines_;
  LabelChoice choice_;
  std::string_view rest_;
  std::uint64_t rows_ = 0, inputs_ = 0, outputs_ = 0;
  std::uint64_t place_ = 0, full_rows_ = 0;  // numbers of the row so far, and rows before it
  std::size_t odd_line_ = 0;
  Growing<float> values_, labels_, all_outputs_;
  std::vector<float> row_;  // the outputs of this row so far
  bool are_classes_ = true;
  RowChoice chosen_;
  bool kept_ = true;  // this row
  DataOrigin origin_;
};

}  // namespace

Dataset read_fann(LineReader lines, const LabelChoice& choice, RowChoice rows) {
  return FannReader(std::move(lines), choice, rows).read();
}

}  // namespace annulet::model
