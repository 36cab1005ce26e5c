/// The table of boards.
#include "devices/profile.hpp"

#include <algorithm>
#include <array>

namespace annulet::devices {
namespace {

// Estimates are rough figures for ordering boards and for planning: peak float32 rate of one core
// (clock rate x operations a cycle: SIMD lanes, twice where the core multiplies and adds at once)
// times 1/8, which is what SGD steps bound by memory reached on the laptop this was compared with.
// docs/plan.md has the same table, and what `annulet bench step` measures in their place.
constexpr std::array<Profile, 7> kProfiles{{
    {"pi-zero", 0.12e9, "estimated: 1 GHz x 1 (ARM1176) / 8"},
    {"pi-3", 0.6e9, "estimated: 1.2 GHz x 4 (Cortex-A53) / 8"},
    {"pi-4", 1.5e9, "estimated: 1.5 GHz x 8 (Cortex-A72) / 8"},
    {"pi-5", 2.4e9, "estimated: 2.4 GHz x 8 (Cortex-A76) / 8"},
    {"jetson-nano", 1.4e9, "estimated: 1.43 GHz x 8 (Cortex-A57) / 8"},
    {"laptop", 5.0e9, "estimated: 2.5 GHz x 16 (AVX2) / 8"},
    {"server", 68.3e9, "measured: mlp 784-64-10, 32 rows: 6,850 steps/s; virtual, AVX2 and FMA"},
}};

}  // namespace

std::span<const Profile> profiles() { return kProfiles; }

std::optional<Profile> find_profile(std::string_view name) {
  const auto* found = std::ranges::find(kProfiles, name, &Profile::name);
  if (found == kProfiles.end()) return std::nullopt;
  return *found;
}

}  // namespace annulet::devices
