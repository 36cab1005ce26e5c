/// Errors that are provoked for real: what is done, and what the line about it must say.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "devices/error_code.hpp"
#include "runtime/observer.hpp"
#include "tests/support/child_program.hpp"

namespace annulet::tests {

/// How a program, or a device of a simulated ring, ended.
struct Ending {
  int exit_code = 0;
  std::string screen;  // standard error
  std::string json;    // the object of --json; empty without
};

struct Provocation {
  ErrorCode error;
  std::string how;
  std::function<Ending()> provoke;
  std::vector<std::string> says;  // what is named, and what to type
};

/// One table for each kind of cause.
[[nodiscard]] std::vector<Provocation> provoked_by_command_lines();
[[nodiscard]] std::vector<Provocation> provoked_by_run_files();
[[nodiscard]] std::vector<Provocation> provoked_by_data();
[[nodiscard]] std::vector<Provocation> provoked_by_files();
[[nodiscard]] std::vector<Provocation> provoked_by_checkpoints();
[[nodiscard]] std::vector<Provocation> provoked_before_step_0();
[[nodiscard]] std::vector<Provocation> provoked_in_rings();
[[nodiscard]] std::vector<Provocation> provoked_by_exceptions();

/// Runs the program to its end.
[[nodiscard]] Ending ending_of(const std::vector<std::string>& arguments,
                               ChildProgram::Output output = ChildProgram::Output::kept);
/// Waits for its end.
[[nodiscard]] Ending ending_of(ChildProgram& program);
/// What a device's program would have printed.
[[nodiscard]] Ending ending_of(const runtime::RunFinished& end);

}  // namespace annulet::tests
