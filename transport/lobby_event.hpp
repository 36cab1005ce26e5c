/// What the starter tells while devices gather.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace annulet::transport {

/// Something for the user to see while devices gather.
struct LobbyEvent {
  std::vector<std::string> present;  // names, this device first
  std::size_t wanted = 0;
  std::string what;  // "pi-3 joined from 192.168.1.33", ...
};

}  // namespace annulet::transport
