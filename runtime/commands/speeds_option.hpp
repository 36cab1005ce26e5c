/// --profile: how fast each simulated device is.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace annulet::runtime {

/// Adds --link and --profile: what devices in virtual time are made of.
void add_simulated_options(CLI::App& command, std::string& link, std::string& profile);

/// Floating-point operations a second, of each device named in "pi-4/4,pi-4", by rank; the last one
/// is of all further devices, too. "pi-4/4" is four times slower than a pi-4; "kitchen.toml" is a
/// file (runtime/profile_file.hpp). Throws UsageError for what is no board, and for more boards
/// than devices; ConfigError for a file that is no profile.
[[nodiscard]] std::vector<double> speeds_option(const std::string& text, std::size_t devices);

}  // namespace annulet::runtime
