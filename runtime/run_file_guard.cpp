/// Makes the text of a run file safe for toml++ 3.3, which answers some texts with undefined
/// behaviour.
#include "runtime/run_file_guard.hpp"

#include <algorithm>

#include "model/utf8.hpp"

namespace annulet::runtime {
namespace {

constexpr std::string_view kNoSection =
    "starts with [ but no name follows; the sections of a run file are written [section]";
constexpr std::string_view kLongString =
    "has a string in three quotes; write it on one line in one pair of quotes";
constexpr std::string_view kArray =
    "has an array other than whole numbers or words on one line, such as [64, 32] or "
    "[\"no\", \"yes\"]; no key of a run file takes one";
constexpr std::string_view kDate =
    "has a date or a time; no key of a run file takes one without quotes";
constexpr std::string_view kNotAscii =
    "has a character outside ASCII that is neither in double quotes nor in a comment";
constexpr std::string_view kNoEscape = "has a backslash before a character outside ASCII";
constexpr std::string_view kManyParts = "has more dots than any line of a run file needs";
constexpr std::string_view kNotUtf8 = "has bytes that are not UTF-8";

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

/// What follows a "[" at the start of a line begins a key, or closes the bracket, which toml++
/// refuses in its own words.
bool names_a_section(std::string_view rest) {
  const auto begin = rest.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return false;
  const char c = rest[begin];
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return letter || (c >= '0' && c <= '9') || std::string_view("_-\"']").find(c) != rest.npos;
}

/// The position after the string that starts at `begin` with a quote; the line's end at most.
std::size_t end_of_string(std::string_view line, std::size_t begin) {
  const char quote = line[begin];
  for (std::size_t i = begin + 1; i < line.size(); ++i) {
    if (line[i] == quote) return i + 1;
    if (line[i] == '\\' && quote == '"') ++i;
  }
  return line.size();
}

/// A sign after a digit, or a colon: 2024-01-01, 07:00. Numbers have signs only first or after an
/// e.
bool starts_date(std::string_view line, std::size_t i) {
  return line[i] == ':' || (line[i] == '-' && i > 0 && line[i - 1] >= '0' && line[i - 1] <= '9');
}

/// Appends a TOML string, quotes and all, in ASCII. Returns its flaw, or nothing.
std::string_view append_string(std::string_view string, std::string& out) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  bool escaped = false;
  for (std::size_t i = 0; i < string.size();) {
    const auto point = model::first_code_point(string.substr(i));
    if (!point.valid) return kNotUtf8;
    if (point.length > 1 && string.front() == '\'') return kNotAscii;  // no escapes in there
    if (point.length == 1) {
      out += string[i];
    } else if (escaped) {
      return kNoEscape;
    } else {
      out += "\\U";
      for (int shift = 28; shift >= 0; shift -= 4) out += kHex[(point.value >> shift) & 0xFU];
    }
    escaped = !escaped && string[i] == '\\';
    i += point.length;
  }
  return {};
}

/// The length of an array of words in quotes at the start of `rest`; 0 where there is another. What
/// is in the quotes is looked at like any other string.
std::size_t length_of_words(std::string_view rest) {
  constexpr std::size_t kMostWords = 1024;
  std::size_t at = 1;  // after the bracket
  const auto skip_blanks = [&] { at = std::min(rest.find_first_not_of(" \t", at), rest.size()); };
  for (std::size_t words = 0; words < kMostWords; ++words) {
    skip_blanks();
    if (at == rest.size() || (rest[at] != '"' && rest[at] != '\'')) return 0;
    at = end_of_string(rest, at);
    skip_blanks();
    if (at == rest.size()) return 0;
    if (rest[at] == ']') return at + 1;
    if (rest[at] != ',') return 0;
    ++at;
  }
  return 0;
}

/// The length of an array of numbers that passes, at the start of `rest`; 0 where there is another.
std::size_t length_of_numbers(std::string_view rest) {
  constexpr std::size_t kMostNumbers = 16;
  constexpr std::size_t kMostDigits = 9;
  std::size_t at = 1;  // after the bracket
  const auto skip = [&](std::string_view characters) {
    const auto begin = at;
    at = std::min(rest.find_first_not_of(characters, at), rest.size());
    return at - begin;
  };
  for (std::size_t numbers = 0; numbers < kMostNumbers; ++numbers) {
    skip(" \t");
    const bool zero_first = at < rest.size() && rest[at] == '0';
    const auto digits = skip("0123456789");
    if (digits == 0 || digits > kMostDigits || (zero_first && digits > 1)) return 0;
    skip(" \t");
    if (at == rest.size()) return 0;
    if (rest[at] == ']') return at + 1;
    if (rest[at] != ',') return 0;
    ++at;
  }
  return 0;
}

/// Whether position i of a line is where a value begins.
bool follows_equals(std::string_view line, std::size_t i) {
  const auto before = line.substr(0, i).find_last_not_of(" \t");
  return before != std::string_view::npos && line[before] == '=';
}

/// What is wrong at position i of a line, outside of quotes and comments; or nothing.
std::string_view flaw_at(std::string_view line, std::size_t i) {
  const auto rest = line.substr(i);
  if (!is_ascii(rest.front())) return kNotAscii;
  if (starts_date(line, i)) return kDate;
  if (rest.starts_with(R"(""")") || rest.starts_with("'''")) return kLongString;
  if (rest.front() != '[') return {};
  const bool first = line.find_first_not_of(" \t\r") == i;
  if (!first) {
    const bool passes = length_of_numbers(rest) > 0 || length_of_words(rest) > 0;
    return follows_equals(line, i) && passes ? std::string_view{} : kArray;
  }
  return names_a_section(rest.substr(1)) ? std::string_view{} : kNoSection;
}

/// Appends one line in ASCII. Returns its flaw, or nothing.
std::string_view append_line(std::string_view line, std::string& out) {
  constexpr std::size_t kMostDots = 32;
  std::size_t dots = 0;
  for (std::size_t i = 0; i < line.size() && line[i] != '#';) {
    auto flaw = flaw_at(line, i);
    auto end = i + 1;
    if (line[i] == '.' && ++dots > kMostDots) return kManyParts;
    if (flaw.empty() && (line[i] == '"' || line[i] == '\'')) {
      end = end_of_string(line, i);
      flaw = append_string(line.substr(i, end - i), out);
    } else {
      out += line[i];
    }
    if (!flaw.empty()) return flaw;
    i = end;
  }
  return {};
}

}  // namespace

std::variant<std::string, Flaw> guarded(std::string_view text) {
  std::string ascii;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto flaw = append_line(text.substr(0, end), ascii);
    if (!flaw.empty()) return Flaw{number, flaw};
    if (end < text.size()) ascii += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return ascii;
}

}  // namespace annulet::runtime
