/// Other instances of this program, started by it; they end with it or soon after.
#pragma once

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace annulet::runtime {

/// While this lives its children are waited for. A program that ends without ending this (killed,
/// or at once by a second Ctrl-C) does not take them along: a joiner whose starter is gone ends by
/// itself.
class ChildProcesses {
 public:
  ChildProcesses() = default;
  /// Waits for all; ends by signal those that are still there after five seconds.
  ~ChildProcesses();
  ChildProcesses(const ChildProcesses&) = delete;
  ChildProcesses& operator=(const ChildProcesses&) = delete;

  /// Starts this very program with these arguments, both outputs into a file. Throws FileError.
  void spawn(const std::vector<std::string>& arguments, const std::filesystem::path& output);

 private:
  std::vector<pid_t> pids_;
};

}  // namespace annulet::runtime
