/// Other instances of this program, started by it and never outliving it.
#pragma once

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace annulet::runtime {

class ChildProcesses {
 public:
  ChildProcesses() = default;
  /// Waits for all; ends by signal those that are still there after a few seconds.
  ~ChildProcesses();
  ChildProcesses(const ChildProcesses&) = delete;
  ChildProcesses& operator=(const ChildProcesses&) = delete;

  /// Starts this very program with these arguments, both outputs into a file. Throws
  /// std::system_error.
  void spawn(const std::vector<std::string>& arguments, const std::filesystem::path& output);

 private:
  std::vector<pid_t> pids_;
};

}  // namespace annulet::runtime
