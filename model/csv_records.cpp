/// Cuts CSV text into records and fields, as RFC 4180 has them.
#include "model/csv_records.hpp"

#include <optional>

#include "model/dataset.hpp"
#include "model/number_text.hpp"

namespace annulet::model {
namespace {

constexpr const char* kTextBehindQuote =
    "there is text behind a closing quote; a quote in quotes is written \"\"";

}  // namespace

CsvRecords::CsvRecords(LineReader lines, char separator)
    : lines_(std::move(lines)), separator_(separator) {}

bool CsvRecords::next(std::vector<std::string_view>& fields) {
  fields.clear();
  std::optional<std::string_view> line;
  do {
    line = lines_.next();
    if (!line) return false;
  } while (line->find_first_not_of(' ') == std::string_view::npos);
  line_ = lines_.number();
  if (line->find('"') == std::string_view::npos) {
    split(*line, fields);
    return true;
  }
  text_.clear();
  bounds_.clear();
  begin_ = 0;
  state_ = State::start;
  take_line(*line);
  while (state_ == State::inside) {
    line = lines_.next();
    if (!line) fail("a quote is opened that is never closed");
    text_ += '\n';
    take_line(*line);
  }
  end_field();
  for (const auto& [begin, size] : bounds_) {
    fields.push_back(std::string_view(text_).substr(begin, size));
  }
  return true;
}

void CsvRecords::split(std::string_view line, std::vector<std::string_view>& fields) const {
  for (;;) {
    const auto end = line.find(separator_);
    fields.push_back(trimmed(line.substr(0, end)));
    if (end == std::string_view::npos) return;
    line.remove_prefix(end + 1);
  }
}

void CsvRecords::take_line(std::string_view line) {
  if (text_.size() + line.size() > kMaxLine) {
    fail("longer than 1 MiB; is a quote opened that is never closed?");
  }
  for (const char c : line) take(c);
}

void CsvRecords::take(char c) {
  const bool ends = c == separator_ && state_ != State::inside;
  if (ends) return end_field();
  const bool blank = c == ' ' || c == '\t', is_quote = c == '"';
  switch (state_) {
    case State::start:
      if (blank) return;
      state_ = is_quote ? State::inside : State::plain;
      break;
    case State::plain:
      text_ += c;
      return;
    case State::inside:
      if (is_quote) state_ = State::closed;
      break;
    case State::closed:
      if (blank) return;
      if (!is_quote) fail(kTextBehindQuote);
      text_ += c;
      state_ = State::inside;
  }
  if (!is_quote) text_ += c;
}

void CsvRecords::end_field() {
  auto field = std::string_view(text_).substr(begin_);
  if (state_ == State::plain) field = trimmed(field);
  bounds_.emplace_back(begin_, field.size());
  begin_ = text_.size();
  state_ = State::start;
}

void CsvRecords::fail(const std::string& what) const {
  throw DataError(ErrorCode::bad_row, name() + ", line " + std::to_string(line_) + ": " + what);
}

}  // namespace annulet::model
