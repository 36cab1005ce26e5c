/// Cuts CSV text into records and fields, as RFC 4180 has them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/line_reader.hpp"

namespace annulet::model {

/// Fields are without blanks around them and without quotes; in quotes a field may hold separators,
/// line breaks and "" for a quote. A quote inside a field without quotes stands for itself.
class CsvRecords {
 public:
  CsvRecords(LineReader lines, char separator);

  /// The next record that is no blank line; false at the end. fields: valid until the next call.
  /// Throws DataError for a quote that is never closed, text behind a closing one, and records of
  /// more than kMaxLine bytes.
  [[nodiscard]] bool next(std::vector<std::string_view>& fields);
  /// The 1-based number of the line on which the record began.
  [[nodiscard]] std::size_t line() const noexcept { return line_; }
  [[nodiscard]] const std::string& name() const noexcept { return lines_.name(); }

 private:
  enum class State { start, plain, inside, closed };
  void split(std::string_view line, std::vector<std::string_view>& fields) const;
  void take_line(std::string_view line);
  void take(char c);
  void end_field();
  [[noreturn]] void fail(const std::string& what) const;

  LineReader lines_;
  char separator_;
  std::size_t line_ = 0;
  // Of a record with quotes: its text without them, and where in it the fields are.
  std::string text_;
  std::vector<std::pair<std::size_t, std::size_t>> bounds_;
  std::size_t begin_ = 0;
  State state_ = State::start;
};

}  // namespace annulet::model
