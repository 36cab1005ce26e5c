/// LIBSVM text: `label index:value index:value ...`, one row a line.
#include "model/libsvm.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "model/growing.hpp"
#include "model/number_text.hpp"

namespace annulet::model {
namespace {

[[nodiscard]] bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }
[[nodiscard]] bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Collects rows; `fail` knows where in the file we are.
class Parser {
 public:
  Parser(LineReader lines, const LabelChoice& choice, RowChoice rows)
      : name_(lines.name()), lines_(std::move(lines)), choice_(choice), chosen_(rows) {
    offset_.push_back(0);
  }

  Dataset read() {
    while (const auto line = lines_.next()) {
      line_ = line->substr(0, line->find('#'));
      // Without labels a row of zeros is a blank line; a line that is a comment is none.
      const bool comment = line_.size() < line->size();
      const bool blank = std::ranges::all_of(line_, is_blank);
      if (!blank || (choice_.none && !comment)) parse_row();
    }
    if (rows_ == 0) {
      throw DataError(ErrorCode::bad_format,
                      name_ + ": there is no row in this file; name the one with the data");
    }
    if (chosen_.is_outline()) return Dataset::outline(label_.take(), features_, true);
    return Dataset::sparse(offset_.take(), index_.take(), value_.take(), label_.take(), features_);
  }

 private:
  void parse_row() {
    rest_ = line_;
    if (rows_++ == std::numeric_limits<Index>::max()) {
      fail(line_, "the file has more rows than the 4 294 967 295 that can be counted");
    }
    kept_ = chosen_.takes_next();
    const float label = choice_.none ? 0 : parse_label();
    if (kept_ || chosen_.is_outline()) label_.push_back(label);
    Index last = 0;
    for (;;) {
      while (const Index index = short_feature(last)) last = index;
      const auto word = next_word();
      if (word.empty()) break;
      last = parse_feature(word, last);
    }
    if (kept_) offset_.push_back(index_.size());
  }

  float parse_label() {
    const auto word = next_word();
    if (word.find(':') == std::string_view::npos) return number(word, "label");
    fail(word, "there is no label before " + quoted(word) +
                   (choice_.ignored ? "; if no row has one, say --no-label" : ""));
  }

  /// Takes the next feature in one pass where it looks as most do: a few digits that are above the
  /// row's last index, a colon, one digit. 0, and nothing is taken, where it does not.
  Index short_feature(Index last) {
    constexpr std::size_t kDigits = 7;
    std::size_t at = 0;
    while (at < rest_.size() && is_blank(rest_[at])) ++at;
    const std::size_t begin = at;
    Index index = 0;
    for (; at < rest_.size() && is_digit(rest_[at]) && at < begin + kDigits; ++at) {
      index = 10 * index + static_cast<Index>(rest_[at] - '0');
    }
    if (at + 1 >= rest_.size() || rest_[at] != ':' || !is_digit(rest_[at + 1])) return 0;
    const std::size_t end = at + 2;
    if (index <= last || (end < rest_.size() && !is_blank(rest_[end]))) return 0;
    take(index, static_cast<float>(rest_[at + 1] - '0'));
    rest_.remove_prefix(end);
    return index;
  }

  void take(Index index, float value) {
    if (kept_) {
      index_.push_back(index - 1);
      value_.push_back(value);
    }
    features_ = std::max<std::size_t>(features_, index);
  }

  /// Returns the 1-based index, which has to be above the row's last one.
  Index parse_feature(std::string_view word, Index last) {
    const auto colon = word.find(':');
    if (colon == std::string_view::npos) {
      fail(word,
           quoted(word) + " is not index:value" +
               (choice_.none && last == 0 ? "; is it the row's label? Then leave out --no-label"
                                          : ""));
    }
    if (word.starts_with("qid:")) {
      fail(word, "qid: belongs to ranking data, which cannot be used here; remove it");
    }
    const auto index = feature_index(word.substr(0, colon));
    if (index <= last) {
      fail(word, "index " + std::to_string(index) + " after index " + std::to_string(last) +
                     ": the indices of a row have to increase");
    }
    take(index, number(word.substr(colon + 1), "value"));
    return index;
  }

  Index feature_index(std::string_view text) const {
    std::uint64_t index = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, index);
    if (error == std::errc::result_out_of_range || index > kMaxFeatureIndex) {
      fail(text, "index " + quoted(text) + " is above " + std::to_string(kMaxFeatureIndex) +
                     ", the largest there may be");
    }
    if (error != std::errc{} || stop != end) {
      fail(text, "index " + quoted(text) + " is not a whole number");
    }
    if (index == 0) {
      fail(text, "index 0: indices start at 1");
    }
    return static_cast<Index>(index);
  }

  float number(std::string_view text, std::string_view what) const {
    const auto parsed = parse_number(text);
    if (parsed.flaw != NumberFlaw::none) {
      fail(text, std::string(what) + " " + quoted(text) + flaw_text(parsed.flaw));
    }
    return parsed.value;
  }

  std::string_view next_word() {
    // In words of a few letters a call of find() for each one would be most of the reading.
    std::size_t begin = 0;
    while (begin < rest_.size() && is_blank(rest_[begin])) ++begin;
    std::size_t end = begin;
    while (end < rest_.size() && !is_blank(rest_[end])) ++end;
    const auto word = rest_.substr(begin, end - begin);
    rest_.remove_prefix(end);
    return word;
  }

  /// `at` is the part of the current line at fault.
  [[noreturn]] void fail(std::string_view at, const std::string& what) const {
    throw DataError(ErrorCode::bad_row,
                    name_ + ", line " + std::to_string(lines_.number()) + ", column " +
                        std::to_string(at.data() - line_.data() + 1) + ": " + what);
  }

  std::string name_;
  LineReader lines_;
  const LabelChoice& choice_;
  RowChoice chosen_;
  bool kept_ = true;  // this row
  std::uint64_t rows_ = 0;
  std::string_view line_;
  std::string_view rest_;
  Growing<std::size_t> offset_;
  Growing<Index> index_;
  Growing<float> value_, label_;
  std::size_t features_ = 0;
};

}  // namespace

Dataset read_libsvm(LineReader lines, const LabelChoice& choice, RowChoice rows) {
  return Parser(std::move(lines), choice, rows).read();
}

}  // namespace annulet::model
