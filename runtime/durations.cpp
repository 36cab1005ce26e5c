/// Durations, sizes and link speeds as people write them: "200ms", "10m", "64MB", "10mbit,2ms".
#include "runtime/durations.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <utility>

#include "model/decimal.hpp"

namespace annulet::runtime {
namespace {

struct TimeUnit {
  std::string_view name;
  std::int64_t nanoseconds;
};
constexpr std::array kTimeUnits = {
    TimeUnit{"h", 3'600'000'000'000}, TimeUnit{"m", 60'000'000'000}, TimeUnit{"s", 1'000'000'000},
    TimeUnit{"ms", 1'000'000},        TimeUnit{"us", 1'000},         TimeUnit{"ns", 1}};

struct SizeUnit {
  std::string_view name;
  std::uint64_t bytes;
};
constexpr std::array kSizeUnits = {SizeUnit{"TB", 1'000'000'000'000}, SizeUnit{"GB", 1'000'000'000},
                                   SizeUnit{"MB", 1'000'000}, SizeUnit{"kB", 1'000},
                                   SizeUnit{"B", 1}};
constexpr std::uint64_t kLargestSize = 1'000'000'000'000'000;

struct RateUnit {
  std::string_view name;
  double bits_per_second;
};
constexpr std::array kRateUnits = {RateUnit{"gbit", 1e9}, RateUnit{"mbit", 1e6},
                                   RateUnit{"kbit", 1e3}, RateUnit{"bit", 1}};
constexpr double kBitsPerByte = 8;
constexpr double kLowestRate = 1, kHighestRate = 1e15;  // bits a second
constexpr devices::Duration kLongestDelay = std::chrono::seconds(1);

/// "1.5ms" -> {"1.5", "ms"}: the longest start made of digits and dots, and the rest.
std::pair<std::string_view, std::string_view> cut_number(std::string_view text) {
  const auto end = std::min(text.find_first_not_of("0123456789."), text.size());
  return {text.substr(0, end), text.substr(end)};
}

/// Reads all of `text`; nullopt where it is not one number.
template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// A rate in the given unit, or nullopt where dividing by the unit would change its bits.
std::optional<std::string> in_unit(double bytes_per_second, const RateUnit& unit) {
  auto text = model::shortest_fixed_decimal(bytes_per_second * kBitsPerByte / unit.bits_per_second);
  text += unit.name;
  const auto again = parse_link(text);
  if (!again || again->bytes_per_second != bytes_per_second) return std::nullopt;
  return text;
}

}  // namespace

std::optional<devices::Duration> parse_duration(std::string_view text) {
  const auto [number, name] = cut_number(text);
  const auto unit = std::ranges::find(kTimeUnits, name, &TimeUnit::name);
  if (number.empty() || unit == kTimeUnits.end()) return std::nullopt;
  constexpr std::int64_t kMost = kLongestDuration.count();
  // Whole numbers stay whole: a double has too few bits for every nanosecond.
  if (const auto whole = parse_number<std::int64_t>(number)) {
    if (*whole > kMost / unit->nanoseconds) return std::nullopt;
    return devices::Duration(*whole * unit->nanoseconds);
  }
  const auto fraction = parse_number<double>(number);
  if (!fraction) return std::nullopt;
  const double nanoseconds = std::round(*fraction * static_cast<double>(unit->nanoseconds));
  if (!(nanoseconds <= static_cast<double>(kMost))) return std::nullopt;
  return devices::Duration(static_cast<std::int64_t>(nanoseconds));
}

std::string to_text(devices::Duration duration) {
  if (duration.count() == 0) return "0s";
  const auto unit = std::ranges::find_if(kTimeUnits, [&](const TimeUnit& candidate) {
    return duration.count() % candidate.nanoseconds == 0;
  });
  return std::to_string(duration.count() / unit->nanoseconds) + std::string(unit->name);
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  auto [number, name] = cut_number(text);
  if (name.starts_with(' ')) name.remove_prefix(1);
  const auto unit = std::ranges::find(kSizeUnits, name, &SizeUnit::name);
  const auto value = parse_number<double>(number);
  if (!value || unit == kSizeUnits.end()) return std::nullopt;
  const double bytes = std::round(*value * static_cast<double>(unit->bytes));
  if (!(bytes <= static_cast<double>(kLargestSize))) return std::nullopt;
  return static_cast<std::uint64_t>(bytes);  // below 2^53: every whole number has its double
}

std::string exact_size_text(std::uint64_t bytes) {
  const auto unit = std::ranges::find_if(kSizeUnits, [&](const SizeUnit& one) {
    return bytes >= one.bytes && bytes % one.bytes == 0;
  });
  if (unit == kSizeUnits.end()) return "0B";
  return std::to_string(bytes / unit->bytes) + std::string(unit->name);
}

std::optional<devices::LinkSpeed> parse_link(std::string_view text) {
  const auto comma = text.find(',');
  const auto rate = text.substr(0, comma);
  devices::LinkSpeed speed;
  if (rate != "0" && rate != "none") {
    const auto [number, name] = cut_number(rate);
    const auto unit = std::ranges::find(kRateUnits, name, &RateUnit::name);
    const auto value = parse_number<double>(number);
    if (!value || unit == kRateUnits.end()) return std::nullopt;
    const double bits = *value * unit->bits_per_second;
    if (!(bits >= kLowestRate && bits <= kHighestRate)) return std::nullopt;
    speed.bytes_per_second = bits / kBitsPerByte;
  }
  if (comma != std::string_view::npos) {
    const auto delay = parse_duration(text.substr(comma + 1));
    if (!delay || *delay > kLongestDelay) return std::nullopt;
    speed.delay = *delay;
  }
  return speed;
}

std::string to_text(const devices::LinkSpeed& speed) {
  std::string text = "none";
  if (speed.bytes_per_second > 0) {
    const double bits = speed.bytes_per_second * kBitsPerByte;
    for (const auto& unit : kRateUnits) {
      if (bits < unit.bits_per_second && unit.bits_per_second > 1) continue;
      if (auto exact = in_unit(speed.bytes_per_second, unit)) {
        text = *std::move(exact);
        break;
      }
    }
  }
  if (speed.delay.count() > 0) text += "," + to_text(speed.delay);
  return text;
}

}  // namespace annulet::runtime
