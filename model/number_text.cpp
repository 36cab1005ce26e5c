/// Decimal numbers in data files, and how messages quote what is none.
#include "model/number_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

namespace annulet::model {

ParsedNumber parse_number(std::string_view text) {
  // from_chars knows no leading +, and after one there must not be a second sign.
  const bool plus = text.starts_with('+') && !text.substr(1).starts_with('-');
  const auto* begin = text.data() + (plus ? 1 : 0);
  const auto* end = text.data() + text.size();
  float out = 0;
  auto [stop, error] = std::from_chars(begin, end, out);
  if (error == std::errc::result_out_of_range) {
    // Too small for float32 counts as 0; too large is caught below.
    double wide = std::numeric_limits<double>::infinity();
    std::from_chars(begin, end, wide);
    out = std::abs(wide) < 1 ? 0.0F : std::numeric_limits<float>::infinity();
    error = {};
  }
  if (error != std::errc{} || stop != end) return {0, NumberFlaw::no_number};
  return {out, std::isfinite(out) ? NumberFlaw::none : NumberFlaw::out_of_range};
}

std::string number_text(float value) {
  std::array<char, 32> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), end};
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kShown = 24;
  std::string out = "'";
  for (const char c : text.substr(0, kShown)) {
    out += c >= ' ' && c <= '~' ? c : '?';
  }
  return out + (text.size() > kShown ? "...'" : "'");
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

}  // namespace annulet::model
