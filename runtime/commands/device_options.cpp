/// This device: its name, its data, and how much slower than it is it is to be.
#include "runtime/commands/device_options.hpp"

#include <CLI/CLI.hpp>

#include "devices/machine.hpp"
#include "runtime/commands/console.hpp"
#include "runtime/commands/number_option.hpp"
#include "runtime/commands/text_option.hpp"

namespace annulet::runtime {

void add_device_options(CLI::App& command, DeviceOptions& options) {
  text_option(
      command, options.data,
      {.name = "--data",
       .type = "PATH",
       .about =
           "This device's own data: a LIBSVM, CSV or FANN file, or a folder with an IDX pair"});
  text_option(
      command, options.name,
      {.name = "--name", .type = "NAME", .about = "This device's name (default: the host's)"});
  text_option(
      command, options.link,
      {.name = "--link", .type = "RATE,DELAY", .about = "Emulate a slower link: 10mbit,2ms"});
  constexpr double kSlowest = 1e6;
  within(*command.add_option("--slow", options.slow,
                             "Emulate a slower processor: with 4 local steps take 4 times as long"),
         1, kSlowest)
      .type_name("FACTOR");
}

RealDevice device_of(const DeviceOptions& options) {
  RealDevice device;
  device.session.name = options.name.empty() ? devices::host_name() : options.name;
  if (!options.data.empty()) device.session.own_data = data_path(options.data);
  if (!options.link.empty()) device.shape = link_option(options.link);
  device.slowdown = options.slow;
  return device;
}

}  // namespace annulet::runtime
