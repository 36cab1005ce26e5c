/// Units of time and speed. Nobody reads a clock behind our back: a TimePoint comes from a Clock.
#pragma once

#include <chrono>
#include <cstdint>

namespace annulet::devices {

using Duration = std::chrono::nanoseconds;

/// Nanoseconds since the clock's own beginning: the machine's start, or the start of a simulation.
struct TimePoint {
  Duration since_start{0};

  friend constexpr auto operator<=>(TimePoint, TimePoint) = default;
  friend constexpr TimePoint operator+(TimePoint t, Duration d) { return {t.since_start + d}; }
  friend constexpr Duration operator-(TimePoint a, TimePoint b) {
    return a.since_start - b.since_start;
  }
};

/// Seconds as a floating point number, for logs and arithmetic.
[[nodiscard]] constexpr double seconds(Duration d) {
  return std::chrono::duration<double>(d).count();
}
[[nodiscard]] constexpr Duration from_seconds(double s) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(s));
}

/// Floating point operations.
struct Flops {
  double count = 0;
};

/// A link: bytes a second each way (0: unlimited) and one-way delay.
struct LinkSpeed {
  double bytes_per_second = 0;
  Duration delay{0};

  bool operator==(const LinkSpeed&) const = default;
};

}  // namespace annulet::devices
