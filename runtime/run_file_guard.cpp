/// What toml++ 3.3 must not be given: legal or not, it answers with undefined behaviour.
#include "runtime/run_file_guard.hpp"

#include <algorithm>

namespace annulet::runtime {
namespace {

constexpr std::string_view kNoSection =
    "starts with [ but no name follows; the sections of a run file are written [section]";
constexpr std::string_view kLongString =
    "has a string in three quotes; write it on one line in one pair of quotes";
constexpr std::string_view kArray = "has an array; no key of a run file takes one";
constexpr std::string_view kNotAscii =
    "has a character outside ASCII that is neither in quotes nor in a comment";

/// The position after the string that starts at `begin` with a quote; the line's end at most.
std::size_t end_of_string(std::string_view line, std::size_t begin) {
  const char quote = line[begin];
  for (std::size_t i = begin + 1; i < line.size(); ++i) {
    if (line[i] == quote) return i + 1;
    if (line[i] == '\\' && quote == '"') ++i;
  }
  return line.size();
}

/// What follows a "[" at the start of a line begins a key, or closes the bracket, which toml++
/// refuses in its own words.
bool names_a_section(std::string_view rest) {
  const auto begin = rest.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return false;
  const char c = rest[begin];
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return letter || (c >= '0' && c <= '9') || std::string_view("_-\"']").find(c) != rest.npos;
}

std::string_view flaw_of_line(std::string_view line) {
  const auto begin = std::min(line.find_first_not_of(" \t\r"), line.size());
  if (line.substr(begin).starts_with('[') && !names_a_section(line.substr(begin + 1))) {
    return kNoSection;
  }
  for (std::size_t i = begin; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '#') return {};
    if (static_cast<unsigned char>(c) >= 0x80) return kNotAscii;
    if (c == '[' && i != begin) return kArray;
    if (c != '"' && c != '\'') continue;
    const auto rest = line.substr(i);
    if (rest.starts_with(R"(""")") || rest.starts_with("'''")) return kLongString;
    i = end_of_string(line, i) - 1;
  }
  return {};
}

}  // namespace

std::optional<Flaw> find_flaw(std::string_view text) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto what = flaw_of_line(text.substr(0, end));
    if (!what.empty()) return Flaw{number, what};
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return std::nullopt;
}

}  // namespace annulet::runtime
