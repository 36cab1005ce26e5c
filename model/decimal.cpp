/// Numbers as decimal text.
#include "model/decimal.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <string_view>
#include <system_error>

namespace annulet::model {

namespace {

/// What snprintf makes of a number in the given format ("%.*e"), with a point where the locale has
/// something else. value: finite.
std::string printed(const char* format, int precision, double value) {
  std::array<char, 1100> text{};  // the smallest double has 1,074 digits after the point
  const int size = std::snprintf(text.data(), text.size(), format, precision, value);
  std::string result(text.data(), std::min(static_cast<std::size_t>(size), text.size() - 1));
  const auto point = result.find_first_not_of("-0123456789");
  if (point == std::string::npos || result[point] == 'e') return result;
  const auto after = result.find_first_of("0123456789", point);
  return result.replace(point, after - point, ".");
}

/// Where a number is none, its name.
std::string name_of(double value) {
  const std::string name = std::isnan(value) ? "nan" : "inf";
  return std::signbit(value) ? "-" + name : name;
}

/// A number as "-1.25e-05", split: significant digits without zeros at their end, and the power of
/// ten of the first.
struct Digits {
  int count = 1;
  int exponent = 0;
};

Digits digits_of(std::string_view scientific) {
  const auto mark = scientific.find('e');
  auto mantissa = scientific.substr(0, mark);
  if (mantissa.starts_with('-')) mantissa.remove_prefix(1);
  const auto last = mantissa.find_last_not_of("0.");
  Digits digits;
  // Of "1.25" the point is no digit; of 0 there is one.
  if (last != std::string_view::npos && last > 0) digits.count = static_cast<int>(last);
  auto power = scientific.substr(mark + 1);
  if (power.starts_with('+')) power.remove_prefix(1);
  std::from_chars(power.data(), power.data() + power.size(), digits.exponent);
  return digits;
}

/// The fewest significant digits that read back as the same bits. value: finite.
template <class Real>
Digits shortest_digits(Real value) {
  using Limits = std::numeric_limits<Real>;
  // With digits10 of them, any number that fewer can say is said by these, with zeros behind. It is
  // not so below the smallest normal number.
  const int fewest = std::fpclassify(value) == FP_SUBNORMAL ? 1 : Limits::digits10;
  std::string text;
  for (int count = fewest; count <= Limits::max_digits10; ++count) {
    text = printed("%.*e", count - 1, static_cast<double>(value));
    Real again{};
    const auto read = std::from_chars(text.data(), text.data() + text.size(), again);
    if (read.ec == std::errc{} && again == value) break;
  }
  return digits_of(text);
}

std::string as_fixed(double value, const Digits& digits) {
  return printed("%.*f", std::max(0, digits.count - 1 - digits.exponent), value);
}

template <class Real>
std::string shortest(Real value) {
  const auto wide = static_cast<double>(value);
  if (!std::isfinite(value)) return name_of(wide);
  const auto digits = shortest_digits(value);
  auto scientific = printed("%.*e", digits.count - 1, wide);
  // Hundreds of digits need not be written to be counted.
  if (std::abs(digits.exponent) > 2 * std::numeric_limits<double>::max_digits10) return scientific;
  const auto fixed = as_fixed(wide, digits);
  return fixed.size() <= scientific.size() ? fixed : scientific;
}

}  // namespace

std::string shortest_decimal(double value) { return shortest(value); }

std::string shortest_decimal(float value) { return shortest(value); }

std::string shortest_fixed_decimal(double value) {
  if (!std::isfinite(value)) return name_of(value);
  return as_fixed(value, shortest_digits(value));
}

std::string fixed_decimal(double value, int decimals) {
  return std::isfinite(value) ? printed("%.*f", decimals, value) : name_of(value);
}

std::string general_decimal(double value, int digits) {
  return std::isfinite(value) ? printed("%.*g", digits, value) : name_of(value);
}

}  // namespace annulet::model
