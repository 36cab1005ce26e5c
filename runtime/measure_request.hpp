/// The run file of a ring that is only measured: what travels to the others in place of one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "runtime/run_config.hpp"

namespace annulet::runtime {

inline constexpr std::size_t kMostMeasuredSizes = 16;

/// A config of which measure, streams and exchange mean something. Its model is that of a set of
/// one number on every device, which the rendezvous finds no fault with; nobody trains it.
void ask_to_measure(RunConfig& config, MeasureSection measure);

/// As it travels: a section [measure], which programs that do not know it refuse by name.
[[nodiscard]] std::string measure_toml(const RunConfig& config);

/// Into a config that is new; false, and nothing, where it is an ordinary run file. Throws
/// ConfigError.
[[nodiscard]] bool read_measure(std::string_view toml, RunConfig& config);

}  // namespace annulet::runtime
