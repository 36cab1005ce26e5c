/// What is refused, and how that is said.
#include "runtime/commands/number_option.hpp"

#include <charconv>
#include <cmath>
#include <string>
#include <system_error>

#include <CLI/CLI.hpp>

#include "runtime/text.hpp"

namespace annulet::runtime {

namespace {

std::string bound_text(double value) {
  const auto whole = std::llround(value);
  return static_cast<double>(whole) == value ? count_text(whole) : shortest_text(value);
}

/// Is the whole text one, within the bounds?
template <class Number>
bool is_between(const std::string& text, Number least, Number most) {
  Number value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, flaw] = std::from_chars(text.data(), end, value);
  return flaw == std::errc() && stop == end && value >= least && value <= most;
}

}  // namespace

CLI::Option& within(CLI::Option& option, double least, double most) {
  const auto check = [least, most](const std::string& text) -> std::string {
    if (is_between<double>(text, least, most)) return {};
    return text + " is not a number from " + bound_text(least) + " to " + bound_text(most);
  };
  return *option.check(CLI::Validator(check, ""));
}

CLI::Option& whole_within(CLI::Option& option, std::int64_t least, std::int64_t most) {
  const auto check = [least, most](const std::string& text) -> std::string {
    if (is_between(text, least, most)) return {};
    return text + " is not a whole number from " + count_text(least) + " to " + count_text(most);
  };
  return *option.check(CLI::Validator(check, ""));
}

}  // namespace annulet::runtime
