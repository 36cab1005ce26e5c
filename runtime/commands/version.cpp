/// annulet version.
#include <iostream>

#include <CLI/CLI.hpp>

#include "devices/cpu.hpp"
#include "runtime/commands/commands.hpp"
#include "transport/frame.hpp"

namespace annulet::runtime {

void add_version_command(CLI::App& program, int& exit_code) {
  auto* command = program.add_subcommand("version", "Print the version");
  command->footer("Example: annulet version");
  command->callback([&exit_code] {
    std::cout << "annulet " ANNULET_VERSION " for " << devices::compiled_for() << ", protocol "
              << static_cast<int>(transport::kProtocolVersion) << '\n';
    exit_code = 0;
  });
}

}  // namespace annulet::runtime
