/// The run file of a ring that is only measured: what travels to the others in place of one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "runtime/run_config.hpp"

namespace annulet::runtime {

inline constexpr std::size_t kMostMeasuredSizes = 16;
inline constexpr devices::Duration kLongestMeasured = std::chrono::hours(1);  // of MeasureSection

/// A config of which measure, streams and exchange mean something. Its model is that of a set of
/// one number on every device, which the rendezvous finds no fault with; nobody trains it.
[[nodiscard]] RunConfig measuring(MeasureSection measure);

/// As it travels: a section [measure], which programs that do not know it refuse by name.
[[nodiscard]] std::string measure_toml(const RunConfig& config);

/// nullopt where it is an ordinary run file. Throws ConfigError.
[[nodiscard]] std::optional<RunConfig> parse_measure(std::string_view toml);

}  // namespace annulet::runtime
