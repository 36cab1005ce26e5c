/// Numbers and foreign text as people read them: "57.8 MB", "4,000", "47.9 s", names without
/// tricks.
#include "runtime/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "model/decimal.hpp"
#include "model/utf8.hpp"

namespace annulet::runtime {
namespace {

std::string hex(std::uint64_t value, std::size_t width) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
  std::string text(digits.data(), end);
  return text.size() < width ? std::string(width - text.size(), '0') + text : text;
}

/// Moves the cursor, clears the screen, or reorders what is read: nothing a name needs.
bool is_trick(char32_t c) {
  const bool control = c < 0x20 || (c >= 0x7F && c < 0xA0);
  const bool line_or_direction =
      (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x061C;
  const bool invisible =
      (c >= 0x200B && c <= 0x200F) || (c >= 0x2060 && c <= 0x2064) || c == 0x00AD || c == 0xFEFF;
  return control || line_or_direction || invisible;
}

std::string escaped(const model::CodePoint& point, std::string_view bytes) {
  if (!point.valid) return "\\x" + hex(static_cast<unsigned char>(bytes.front()), 2);
  if (point.value < 0x100) return "\\x" + hex(point.value, 2);
  return "\\u{" + hex(point.value, 4) + "}";
}

std::string two_units(std::int64_t large, std::string_view large_unit, std::int64_t small,
                      std::string_view small_unit) {
  return std::to_string(large) + std::string(large_unit) + std::to_string(small) +
         std::string(small_unit);
}

}  // namespace

std::string printable(std::string_view text, std::size_t longest) {
  std::string shown;
  for (std::size_t points = 0; !text.empty(); ++points) {
    if (points == longest) return shown + "...";
    const auto point = model::first_code_point(text);
    const auto bytes = text.substr(0, point.length);
    shown += point.valid && !is_trick(point.value) ? std::string(bytes) : escaped(point, bytes);
    text.remove_prefix(point.length);
  }
  return shown;
}

std::string shell_word(std::string_view text) {
  constexpr std::size_t kLongest = 300;
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./+:,@";
  auto shown = printable(text, kLongest);
  if (shown.find_first_not_of(kPlain) == std::string::npos && !shown.empty()) return shown;
  std::string word = "'";
  for (const char c : shown) word += c == '\'' ? std::string("'\\''") : std::string{c};
  return word + "'";
}

std::string fixed_text(double value, int decimals) { return model::fixed_decimal(value, decimals); }

std::string shortest_text(double value) { return model::shortest_decimal(value); }

std::string digits_text(double value, int digits) { return model::general_decimal(value, digits); }

std::string value_text(double value) {
  constexpr int kDigits = 4;
  const double size = std::abs(value);
  if (value == 0 || (size >= 1e-3 && size < 1e4)) return fixed_text(value, kDigits);
  return digits_text(value, kDigits);
}

std::string bytes_text(double bytes) {
  constexpr std::array<std::string_view, 6> kUnits = {" B", " kB", " MB", " GB", " TB", " PB"};
  std::size_t unit = 0;
  // 999.5 would be shown as 1000.
  while (std::abs(bytes) >= 999.5 && unit + 1 < kUnits.size()) {
    bytes /= 1000;
    ++unit;
  }
  const bool with_tenths = unit > 0 && std::abs(bytes) < 99.95;
  return fixed_text(bytes, with_tenths ? 1 : 0) + std::string(kUnits[unit]);
}

std::string count_text(std::int64_t count) {
  if (count >= 0) return size_text(static_cast<std::uint64_t>(count));
  return "-" + size_text(std::uint64_t{0} - static_cast<std::uint64_t>(count));
}

std::string size_text(std::uint64_t size) {
  auto text = std::to_string(size);
  for (auto at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
  return text;
}

std::string counted_text(std::uint64_t count, const std::string& one, const std::string& many) {
  const auto number = size_text(count) + " ";
  if (count == 1) return number + one;
  return number + (many.empty() ? one + "s" : many);
}

std::string seconds_text(double seconds) {
  if (!std::isfinite(seconds)) return shortest_text(seconds);
  if (seconds > 0 && seconds < 0.00995) return fixed_text(seconds * 1000, 1) + " ms";
  if (seconds < 0.9995) return fixed_text(seconds * 1000, 0) + " ms";
  if (seconds < 59.95) return fixed_text(seconds, 1) + " s";
  constexpr double kTooLong = 1e15;  // beyond this a count of seconds is no longer exact
  const auto whole = static_cast<std::int64_t>(std::llround(std::min(seconds, kTooLong)));
  if (whole < 3600) return two_units(whole / 60, " min ", whole % 60, " s");
  const auto minutes = (whole + 30) / 60;
  if (minutes < 24 * 60) return two_units(minutes / 60, " h ", minutes % 60, " min");
  const auto hours = (minutes + 30) / 60;
  return two_units(hours / 24, " d ", hours % 24, " h");
}

std::string percent_text(double ratio) { return fixed_text(ratio * 100, 1) + " %"; }

std::string points_text(double from, double to) {
  const auto points = fixed_text(std::abs(to - from) * 100, 2);
  if (points == "0.00") return "same";
  return (to < from ? "-" : "+") + points + (points == "1.00" ? " point" : " points");
}

std::string factor_text(double factor) { return fixed_text(factor, factor < 9.95 ? 1 : 0) + "x"; }

std::string hash_text(std::uint64_t hash) { return hex(hash, 16); }

}  // namespace annulet::runtime
