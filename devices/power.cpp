/// The kernel's list of power supplies.
#include "devices/power.hpp"

#include <fstream>
#include <string>
#include <system_error>

namespace annulet::devices {
namespace {

std::string word_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string word;
  in >> word;
  return word;
}

}  // namespace

bool is_on_battery(const std::filesystem::path& root) {
  std::error_code none;
  for (std::filesystem::directory_iterator at(root / "sys/class/power_supply", none), end;
       !none && at != end; at.increment(none)) {
    const auto& supply = at->path();
    if (word_of(supply / "type") == "Battery" && word_of(supply / "scope") != "Device" &&
        word_of(supply / "status") == "Discharging") {
      return true;
    }
  }
  return false;
}

}  // namespace annulet::devices
