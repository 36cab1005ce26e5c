/// Durations, sizes and link speeds as people write them: "200ms", "10m", "64MB", "10mbit,2ms".
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "devices/units.hpp"

namespace annulet::runtime {

/// A year: far above what anybody waits for, and a clock can count to now + this.
inline constexpr devices::Duration kLongestDuration = std::chrono::hours(8760);

/// A number and one of ns, us, ms, s, m, h, with nothing between: "5s", "1.5s", "200ms".
/// nullopt for anything else: no unit, a sign, white space, more than kLongestDuration.
[[nodiscard]] std::optional<devices::Duration> parse_duration(std::string_view text);

/// In the largest unit that needs no fraction, so that parse_duration gives the same value back.
/// duration: >= 0.
[[nodiscard]] std::string to_text(devices::Duration duration);

/// A number and one of B, kB, MB, GB, TB, each 1000 of the one before, with nothing or one blank
/// between: "64MB", "1.5 GB". nullopt for anything else: no unit, a sign, more than 10^15 bytes.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text);

/// In the largest unit that needs no fraction, so that parse_size gives the same value back.
[[nodiscard]] std::string exact_size_text(std::uint64_t bytes);

/// RATE or RATE,DELAY. A rate is a number > 0 and one of bit, kbit, mbit, gbit (a second, each
/// 1000 of the one before: 1 mbit is 125 000 bytes a second), from 1 bit to 1 000 000 gbit, or "0"
/// or "none": unlimited. A delay is a duration of at most one second.
[[nodiscard]] std::optional<devices::LinkSpeed> parse_link(std::string_view text);

/// What parse_link reads back as the same speed: "10mbit,2ms", "none", "none,2ms".
[[nodiscard]] std::string to_text(const devices::LinkSpeed& speed);

}  // namespace annulet::runtime
