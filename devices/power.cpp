/// The kernel's list of power supplies.
#include "devices/power.hpp"

#include <system_error>

#include "devices/box.hpp"

namespace annulet::devices {

bool is_on_battery(const std::filesystem::path& root) {
  std::error_code none;
  for (std::filesystem::directory_iterator at(root / "sys/class/power_supply", none), end;
       !none && at != end; at.increment(none)) {
    const auto& supply = at->path();
    if (line_of(supply / "type") == "Battery" && line_of(supply / "scope") != "Device" &&
        line_of(supply / "status") == "Discharging") {
      return true;
    }
  }
  return false;
}

}  // namespace annulet::devices
