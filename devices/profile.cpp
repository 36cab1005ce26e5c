/// The table of boards.
#include "devices/profile.hpp"

#include <algorithm>
#include <array>

namespace annulet::devices {
namespace {

// An eighth of what one core can do at most, where somebody has published that: rough figures for
// ordering boards and for planning. docs/plan.md names the sources, says what an eighth is, and how
// `annulet bench step` measures in their place.
constexpr std::array<Profile, 8> kProfiles{{
    {"pi-zero", 0.06e9, "cited: ARM1176, 2 cycles an operation, at 1 GHz; / 8"},
    {"pi-3", 0.8e9, "cited: sgemm of a Cortex-A53 (OpenBLAS), 6.4 GFLOPS; / 8"},
    {"pi-4", 1.5e9, "cited: peak of one core (cpufp), 12.0 GFLOPS; / 8"},
    {"pi-5", 4.8e9, "cited: peak of one core (cpufp), 38.4 GFLOPS; / 8"},
    {"jetson-nano", 1.4e9, "as pi-4 by clock rate: Cortex-A57, 1.43 GHz"},
    {"visionfive-2", 0.4e9, "cited: peak of four SiFive U74, 12 GFLOPS; / 4 / 8"},
    {"laptop", 18.3e9, "cited: peak of an i5-1340P's core (cpufp), 147 GFLOPS; / 8"},
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
