/// Where this box's power comes from.
#pragma once

#include <filesystem>

namespace annulet::devices {

/// Does a battery of the box itself run it now? Not one of a mouse, nor one that is being charged.
/// Reads below `root`, which is / but in tests: /sys/class/power_supply. False where nothing is
/// known: most boards have no battery.
[[nodiscard]] bool is_on_battery(const std::filesystem::path& root = "/");

}  // namespace annulet::devices
