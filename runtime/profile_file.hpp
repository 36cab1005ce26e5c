/// A board as it was measured, in a small file (TOML) that --profile takes beside the known names.
#pragma once

#include <filesystem>
#include <string>

namespace annulet::runtime {

struct MeasuredProfile {
  double flops_per_second = 0;
  std::string measured{};  // what and how, for people
  std::string board{};     // for people

  bool operator==(const MeasuredProfile&) const = default;
};

/// A file that reads back as the same.
[[nodiscard]] std::string to_toml(const MeasuredProfile& profile);

/// Throws ConfigError: a file that cannot be read, is no TOML, or has a key that no profile has, or
/// lacks flops_per_second, or has none above 0 there.
[[nodiscard]] MeasuredProfile read_profile_file(const std::filesystem::path& file);

}  // namespace annulet::runtime
