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

}  // namespace

CLI::Option& within(CLI::Option& option, double least, double most) {
  const auto check = [least, most](const std::string& text) -> std::string {
    double value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, flaw] = std::from_chars(text.data(), end, value);
    const bool is_number = flaw == std::errc() && stop == end;
    if (is_number && value >= least && value <= most) return {};
    return text + " is not a number from " + bound_text(least) + " to " + bound_text(most);
  };
  return *option.check(CLI::Validator(check, ""));
}

}  // namespace annulet::runtime
