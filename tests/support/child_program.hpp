/// The built program as a child of the test: its lines as they come, its end, signals to it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace annulet::tests {

/// Runs annulet with these arguments. It never outlives this object.
class ChildProgram {
 public:
  /// Where its standard output goes: a file of its own; nowhere, as after `>&-` in a shell; a disk
  /// without space.
  enum class Output { kept, closed, full };

  /// more_environment: "NAME=value", beside that of the test.
  explicit ChildProgram(const std::vector<std::string>& arguments, Output output = Output::kept,
                        std::vector<std::string> more_environment = {});
  ~ChildProgram();
  ChildProgram(const ChildProgram&) = delete;
  ChildProgram& operator=(const ChildProgram&) = delete;

  /// Reads its standard error up to a line that holds `words`; that line. Throws with all that was
  /// said when the program ends before.
  std::string wait_for(std::string_view words);
  /// Waits until it has finished its first round, as its own progress says.
  void wait_for_round();
  /// The port on which it says it waits for devices.
  std::string wait_for_port();
  void send(int signal) const;
  /// Sends a signal to all programs that it has started and that still run; how many.
  std::size_t send_to_children(int signal) const;
  /// Waits for its end: its exit code, or 1000 + the signal that ended it.
  int wait();

  /// What it has said on standard error so far: everything, after wait().
  [[nodiscard]] const std::string& errors() const noexcept { return errors_; }
  /// All of its standard output, after wait().
  [[nodiscard]] std::string output() const;

 private:
  [[nodiscard]] bool read_line(std::string& line);

  pid_t pid_ = -1;
  int errors_pipe_ = -1;
  int output_file_ = -1;
  std::string unread_;  // of standard error: after the last whole line
  std::string errors_;
};

}  // namespace annulet::tests
