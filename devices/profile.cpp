/// The table of boards.
#include "devices/profile.hpp"

#include <algorithm>
#include <array>

namespace annulet::devices {
namespace {

// Rough figures for ordering boards and for planning, not measurements of these boards: peak
// float32 rate of one core (clock x SIMD lanes x 2 where the core has FMA) times 1/8, which is what
// memory-bound SGD steps reach on the laptop this was compared with.
constexpr std::array<Profile, 6> kProfiles{{
    {"pi-zero", 0.12e9},
    {"pi-3", 0.6e9},
    {"pi-4", 1.5e9},
    {"pi-5", 2.4e9},
    {"jetson-nano", 1.4e9},
    {"laptop", 5.0e9},
}};

}  // namespace

std::span<const Profile> profiles() { return kProfiles; }

std::optional<Profile> find_profile(std::string_view name) {
  const auto* found = std::ranges::find(kProfiles, name, &Profile::name);
  if (found == kProfiles.end()) return std::nullopt;
  return *found;
}

}  // namespace annulet::devices
