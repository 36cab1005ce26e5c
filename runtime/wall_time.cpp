/// The one place that reads the time of day and draws true randomness.
#include "runtime/wall_time.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <random>

namespace annulet::runtime {
namespace {

/// format: as of printf, for year, month, day, hour, minute and second. (gmtime and strftime would
/// bring the time zones, 60 kB of a static program.)
std::string format_utc(const char* format, std::chrono::sys_seconds now) {
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(now - day);
  std::array<char, 64> text{};
  const int length = std::snprintf(
      text.data(), text.size(), format, static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
      static_cast<int>(time.seconds().count()));
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace

std::string utc_now() {
  const auto now = std::chrono::system_clock::now();
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  const auto part = std::chrono::duration_cast<std::chrono::milliseconds>(now - second).count();
  std::array<char, 8> millis{};
  std::snprintf(millis.data(), millis.size(), ".%03dZ", static_cast<int>(part));
  return format_utc("%04d-%02u-%02uT%02d:%02d:%02d", second) + millis.data();
}

std::string utc_stamp() {
  return format_utc("%04d%02u%02u-%02d%02d%02d",
                    std::chrono::sys_seconds(std::chrono::seconds(unix_seconds())));
}

std::int64_t unix_seconds() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(since).count();
}

std::string utc_text(std::int64_t seconds) {
  const std::chrono::sys_seconds time{std::chrono::seconds(seconds)};
  return format_utc("%04d-%02u-%02u %02d:%02d UTC", time);
}

std::uint64_t random_run_id() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32) ^ device();
}

}  // namespace annulet::runtime
