/// annulet signature.
#include "runtime/signature.hpp"

#include <iostream>

#include <CLI/CLI.hpp>

#include "runtime/commands/commands.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {

void add_signature_command(CLI::App& program, int& exit_code) {
  auto* command = program.add_subcommand(
      "signature", "Train tiny fixed rings in virtual time and print one hash of their models");
  command->footer("Example: annulet signature");
  command->callback([&exit_code] {
    std::cout << hash_text(signature()) << '\n';
    exit_code = 0;
  });
}

}  // namespace annulet::runtime
