/// What kind of text a data file is, told by its content, whatever its name.
#include "model/data_format.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "model/number_text.hpp"

namespace annulet::model {
namespace {

constexpr std::size_t kLinesLookedAt = 100;
constexpr std::array<char, 3> kSeparators = {'\t', ';', ','};

std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string_view take_word(std::string_view& text) {
  text = trimmed(text);
  const auto word = text.substr(0, text.find_first_of(" \t"));
  text.remove_prefix(word.size());
  return word;
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::size_t words_in(std::string_view line) {
  std::size_t words = 0;
  while (!take_word(line).empty()) ++words;
  return words;
}

/// Three whole numbers; where tabs are between them, only when as many numbers follow as it says:
/// a table cut by tabs can begin like that, too.
bool is_fann_header(std::string_view line, std::string_view next) {
  auto rest = line;
  std::string_view inputs;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto word = take_word(rest);
    if (!is_digits(word)) return false;
    if (i == 1) inputs = word;
  }
  if (!trimmed(rest).empty()) return false;
  return line.find('\t') == std::string_view::npos || std::to_string(words_in(next)) == inputs;
}

/// "1", or "1,3" as sets with several labels have it (which the LIBSVM reader then refuses).
bool is_libsvm_label(std::string_view word) {
  while (!word.empty()) {
    const auto comma = std::min(word.find(','), word.size());
    if (!is_number(word.substr(0, comma))) return false;
    word.remove_prefix(std::min(comma + 1, word.size()));
  }
  return true;
}

bool is_libsvm_feature(std::string_view word) {
  const auto colon = word.find(':');
  return colon != std::string_view::npos && is_digits(word.substr(0, colon)) &&
         is_number(word.substr(colon + 1));
}

bool is_libsvm_row(std::string_view line) {
  const auto label = take_word(line);
  const auto feature = take_word(line);
  const auto colon = feature.find(':');
  return colon != std::string_view::npos && is_libsvm_label(label) &&
         is_digits(feature.substr(0, colon));
}

using Counts = std::array<std::size_t, kSeparators.size()>;

/// How many of each separator every record has, outside quotes.
class SeparatorCount {
 public:
  /// A record cut by the end of what is seen does not count unless it is the only one.
  std::vector<Counts> records(std::string_view text) {
    for (const char c : text) {
      take(c);
      if (records_.size() == kLinesLookedAt) break;
    }
    if (records_.empty()) records_.push_back(counts_);
    return std::move(records_);
  }

 private:
  void take(char c) {
    if (c == '"') {
      blank_ = false;
      // Within a field without quotes it is a character like others; twice, it changes nothing.
      if (state_ != State::plain) state_ = state_ == State::inside ? State::closed : State::inside;
      return;
    }
    if (state_ == State::inside) return;
    if (c == '\n') return end_record();
    if (c == ' ' || c == '\r') return;
    blank_ = false;
    const auto found = std::ranges::find(kSeparators, c);
    state_ = found == kSeparators.end() ? State::plain : State::start;
    if (found != kSeparators.end()) {
      ++counts_.at(static_cast<std::size_t>(found - kSeparators.begin()));
    }
  }

  void end_record() {
    if (!blank_) records_.push_back(counts_);
    counts_ = {};
    blank_ = true;
    state_ = State::start;
  }

  enum class State { start, plain, inside, closed };
  State state_ = State::start;
  Counts counts_{};
  bool blank_ = true;
  std::vector<Counts> records_;
};

/// 0 where the text has no separator.
char separator_of(std::string_view text) {
  const auto records = SeparatorCount().records(text);
  for (std::size_t i = 0; i < kSeparators.size(); ++i) {
    const auto same = [&](const auto& counts) { return counts.at(i) == records.front().at(i); };
    if (records.front().at(i) > 0 && std::ranges::all_of(records, same)) return kSeparators.at(i);
  }
  const auto& first = records.front();
  const auto most = std::ranges::max_element(first);
  return *most == 0 ? '\0' : kSeparators.at(static_cast<std::size_t>(most - first.begin()));
}

}  // namespace

TextFormat text_format(std::string_view head, bool has_labels) {
  auto rest = head;
  bool first = true;
  for (std::size_t i = 0; i < kLinesLookedAt && !rest.empty(); ++i) {
    const auto line = take_line(rest);
    const auto content = line.substr(0, line.find('#'));
    if (trimmed(content).empty()) continue;
    auto after = rest;
    if (first && is_fann_header(content, take_line(after))) return {DataFormat::fann, 0};
    auto words = content;
    const bool unlabelled = !has_labels && is_libsvm_feature(take_word(words));
    if (unlabelled || is_libsvm_row(content)) return {DataFormat::libsvm, 0};
    first = false;
    // A label alone, or text that is something else.
    if (line.find_first_of("\t;,") != std::string_view::npos) break;
  }
  const char separator = separator_of(head);
  return separator == 0 ? TextFormat{} : TextFormat{DataFormat::csv, separator};
}

}  // namespace annulet::model
