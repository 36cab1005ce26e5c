/// Is annulet a service of this box? By the files that systemd keeps, without asking it.
#pragma once

#include <filesystem>

namespace annulet::devices {

struct Service {
  bool systemd = false;    // the system was started by it
  bool installed = false;  // there is an annulet.service
  bool masked = false;     // and it may not be started
  bool enabled = false;    // it is started with the system
  bool running = false;    // a process of it is there

  bool operator==(const Service&) const = default;
};

/// Reads below `root`, which is / but in tests: where units are installed and wanted, and the
/// service's control group. Never throws but std::bad_alloc.
[[nodiscard]] Service look_at_service(const std::filesystem::path& root = "/");

}  // namespace annulet::devices
