/// Reads device files (TOML), such as /etc/annulet/annulet.toml: whose runs this device takes part
/// in, and with what.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "transport/link.hpp"

namespace annulet::runtime {

// The keys are those of docs/service.md.

struct DeviceFile {
  transport::Endpoint starter;           // required: an address and a port
  std::filesystem::path data{};          // its own data, absolute; empty: the run file's
  std::string name{};                    // "": the host's
  std::string token{};                   // what the starter asks for; "": none
  std::filesystem::path folder{"runs"};  // a folder for each run is made in it
};

/// Relative data paths are taken from the file's folder and made absolute. Throws ConfigError,
/// which never shows the token.
[[nodiscard]] DeviceFile read_device_file(const std::filesystem::path& file);

/// The same from text; `name` is what messages call it and `folder` is where relative paths start.
[[nodiscard]] DeviceFile parse_device_file(std::string_view text, std::string_view name,
                                           const std::filesystem::path& folder);

}  // namespace annulet::runtime
