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

#include "model/number_text.hpp"

namespace annulet::model {
namespace {

class FannReader {
  using Counts = LabelChoice::Counts;

 public:
  FannReader(LineReader lines, LabelChoice choice)
      : lines_(std::move(lines)), choice_(std::move(choice)) {}

  Dataset read() {
    rows_ = header_number("rows");
    inputs_ = header_number("inputs");
    outputs_ = header_number("outputs");
    check_choice();
    while (const auto word = next_word()) take(*word);
    if (full_rows_ < rows_) fail(ErrorCode::data_damaged, too_short());
    auto data = Dataset::dense(std::move(values_), labels(), static_cast<std::size_t>(inputs_));
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
    const std::uint64_t output = place_ + 1 > inputs_ ? place_ + 1 - inputs_ : 0;
    const bool is_label = keeps_all() || output == choice_.number;
    if (output == 0) values_.push_back(parsed.value);
    if (output > 0 && is_label) results_.push_back(parsed.value);
    if (++place_ < inputs_ + outputs_) return;
    place_ = 0;
    ++full_rows_;
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
    auto labels = chosen_labels();
    if (choice_.first_look) {
      origin_.all_outputs = std::make_shared<const std::vector<float>>(std::move(results_));
    }
    return labels;
  }

  /// Of all outputs, or the chosen one's alone.
  bool keeps_all() const { return choice_.number == 0 || choice_.first_look; }

  std::vector<float> one_output(std::size_t output) {
    name_output(output);
    if (!choice_.first_look && (outputs_ == 1 || !keeps_all())) return std::move(results_);
    std::vector<float> column;
    for (auto i = output - 1; i < results_.size(); i += origin_.outputs) {
      column.push_back(results_[i]);
    }
    return column;
  }

  std::vector<float> chosen_labels() {
    if (choice_.number > 0 || outputs_ == 1) {
      return one_output(std::max<std::size_t>(1, choice_.number));
    }
    const auto width = static_cast<std::size_t>(outputs_);
    std::vector<float> classes;
    bool are_classes = true;
    for (std::size_t row = 0; row < results_.size(); row += width) {
      const auto outputs = std::span(results_).subspan(row, width);
      are_classes = are_classes && has_one(outputs);
      const auto one = std::ranges::find(outputs, 1.0F);
      classes.push_back(static_cast<float>(one - outputs.begin()));
    }
    if (are_classes) {
      origin_.label = "which of the " + std::to_string(outputs_) + " outputs is 1";
      return classes;
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
    return one_output(1);
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
  std::vector<float> values_, results_;
  DataOrigin origin_;
};

}  // namespace

Dataset read_fann(LineReader lines, const LabelChoice& choice) {
  return FannReader(std::move(lines), choice).read();
}

}  // namespace annulet::model
