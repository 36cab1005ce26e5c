/// How fast known boards are, for virtual time.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace annulet::devices {

/// A board as the simulator sees it: sustained single-core float32 speed in SGD steps.
struct Profile {
  std::string_view name;
  double flops_per_second;
  std::string_view source;  // "measured: ...", "cited: ...", or from another one: "as pi-4 ..."
};

/// All boards known by name.
[[nodiscard]] std::span<const Profile> profiles();
/// "pi-4", ...; nullopt where there is none of that name.
[[nodiscard]] std::optional<Profile> find_profile(std::string_view name);

}  // namespace annulet::devices
