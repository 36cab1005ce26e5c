/// The one place that reads the time of day and draws true randomness.
#include "runtime/wall_time.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <random>

namespace annulet::runtime {
namespace {

std::string format_utc(const char* format, std::chrono::system_clock::time_point now) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), format, &utc);
  return {text.data(), length};
}

}  // namespace

std::string utc_now() {
  const auto now = std::chrono::system_clock::now();
  const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch());
  std::array<char, 8> millis{};
  std::snprintf(millis.data(), millis.size(), ".%03dZ", static_cast<int>(since.count() % 1000));
  return format_utc("%Y-%m-%dT%H:%M:%S", now) + millis.data();
}

std::string utc_stamp() { return format_utc("%Y%m%d-%H%M%S", std::chrono::system_clock::now()); }

std::int64_t unix_seconds() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(since).count();
}

std::string utc_text(std::int64_t seconds) {
  const std::chrono::system_clock::time_point time{std::chrono::seconds(seconds)};
  return format_utc("%Y-%m-%d %H:%M UTC", time);
}

std::uint64_t random_run_id() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32) ^ device();
}

}  // namespace annulet::runtime
