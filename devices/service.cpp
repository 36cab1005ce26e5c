/// Where systemd has its units, and Linux their processes.
#include "devices/service.hpp"

#include <algorithm>
#include <initializer_list>
#include <system_error>

namespace annulet::devices {
namespace {

namespace fs = std::filesystem;

constexpr const char* kUnit = "annulet.service";

/// Also a link that leads nowhere on this machine, such as one below another root.
bool is_there(const fs::path& path) {
  std::error_code none;
  return fs::exists(fs::symlink_status(path, none));
}

bool is_masked(const fs::path& unit) {
  std::error_code none;
  return fs::read_symlink(unit, none) == "/dev/null";
}

/// `systemctl enable` makes a link in multi-user.target.wants, or where else a unit says.
bool is_wanted(const fs::path& units) {
  std::error_code failed;
  for (fs::directory_iterator entry(units, failed), last; !failed && entry != last;
       entry.increment(failed)) {
    const auto extension = entry->path().extension();
    const bool wants = extension == ".wants" || extension == ".requires";
    if (wants && is_there(entry->path() / kUnit)) return true;
  }
  return false;
}

bool any_is_there(const fs::path& root, std::initializer_list<const char*> folders) {
  return std::ranges::any_of(folders, [&](auto folder) { return is_there(root / folder / kUnit); });
}

}  // namespace

Service look_at_service(const fs::path& root) {
  Service service;
  service.systemd = is_there(root / "run/systemd/system");
  service.installed = any_is_there(root, {"etc/systemd/system", "usr/local/lib/systemd/system",
                                          "usr/lib/systemd/system", "lib/systemd/system"});
  service.masked = is_masked(root / "etc/systemd/system" / kUnit);
  service.enabled = is_wanted(root / "etc/systemd/system");
  // The control group goes with the last process: one tree, or the older one for each controller.
  service.running =
      any_is_there(root, {"sys/fs/cgroup/system.slice", "sys/fs/cgroup/systemd/system.slice",
                          "sys/fs/cgroup/unified/system.slice"});
  return service;
}

}  // namespace annulet::devices
