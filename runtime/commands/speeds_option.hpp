/// --profile: how fast each simulated device is.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace annulet::runtime {

/// The boards by name, "pi-zero-2, pi-4, ...", for help and messages.
[[nodiscard]] std::string known_profiles();

/// Floating-point operations a second, of each device named in "pi-4/4,pi-4", by rank; the last one
/// is of all further devices, too. "pi-4/4" is four times slower than a pi-4. Throws UsageError for
/// what is no board, and for more boards than devices.
[[nodiscard]] std::vector<double> speeds_option(const std::string& text, std::size_t devices);

}  // namespace annulet::runtime
