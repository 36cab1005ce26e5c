/// What `run` and `join` are told of this device.
#pragma once

#include <string>

#include "runtime/wiring.hpp"

namespace CLI {
class App;
}

namespace annulet::runtime {

struct DeviceOptions {
  std::string data, name, link;  // "": the run file's; the host's; as it is
  double slow = 1;
};

/// Adds --data, --name, --link and --slow.
void add_device_options(CLI::App& command, DeviceOptions& options);

/// A device of that name, with its own data where there are any. Throws UsageError for a link that
/// is none.
[[nodiscard]] RealDevice device_of(const DeviceOptions& options);

}  // namespace annulet::runtime
