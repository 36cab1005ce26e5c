/// Decimal numbers in data files, and how messages quote what is none.
#include "model/number_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <system_error>

namespace annulet::model {

namespace {

/// Whether a decimal number that is beyond double is so because it is small. from_chars, which has
/// read it, does not say.
bool is_tiny(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto mantissa = text.substr(0, text.find_first_of("eE"));
  const auto point = std::min(mantissa.find('.'), mantissa.size());
  const auto first = std::min(mantissa.find_first_of("123456789"), mantissa.size());
  auto exponent = text.substr(std::min(mantissa.size() + 1, text.size()));
  const bool below = exponent.starts_with('-');
  if (below || exponent.starts_with('+')) exponent.remove_prefix(1);
  constexpr std::int64_t kMostTens = std::int64_t{1} << 40;  // more than a line has digits
  std::int64_t tens = 0;
  const auto* const end = exponent.data() + exponent.size();
  if (std::from_chars(exponent.data(), end, tens).ec == std::errc::result_out_of_range)
    return below;
  tens = std::min(tens, kMostTens);
  const auto magnitude = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
  return magnitude + (below ? -tens : tens) < 0;
}

}  // namespace

ParsedNumber parse_number(std::string_view text) {
  // from_chars knows no leading +, and after one there must not be a second sign.
  const bool plus = text.starts_with('+') && !text.substr(1).starts_with('-');
  const auto* begin = text.data() + (plus ? 1 : 0);
  const auto* end = text.data() + text.size();
  float out = 0;
  const auto [stop, error] = std::from_chars(begin, end, out);
  if (error == std::errc::result_out_of_range) {
    if (stop != end) return {0, NumberFlaw::no_number};
    const bool tiny = is_tiny({begin, static_cast<std::size_t>(end - begin)});
    return {0, tiny ? NumberFlaw::none : NumberFlaw::out_of_range};
  }
  if (error != std::errc{} || stop != end) return {0, NumberFlaw::no_number};
  if (!std::isfinite(out)) return {0, NumberFlaw::not_finite};
  return {out + 0.0F, NumberFlaw::none};  // -0 is 0: one label, one bit pattern
}

std::string flaw_text(NumberFlaw flaw) {
  switch (flaw) {
    case NumberFlaw::no_number:
      return " is not a number";
    case NumberFlaw::out_of_range:
      return " is outside the range of float32";
    case NumberFlaw::not_finite:
      return " is not a finite number";
    case NumberFlaw::none:
      break;
  }
  return "";
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
