/// posix_spawn and wait.
#include "runtime/commands/child_processes.hpp"

#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

#include "runtime/file_error.hpp"

extern char** environ;

namespace annulet::runtime {
namespace {

constexpr int kPatienceMs = 5000;
constexpr int kPollMs = 20;

/// Has it ended? (Reaps it then.)
bool ended(pid_t pid) { return waitpid(pid, nullptr, WNOHANG) != 0; }

/// This program: where its file is, or, where that is gone (a newer one was installed, or it has
/// never been on a disk), the kernel's own name of it.
std::string this_program() {
  const std::filesystem::path link("/proc/self/exe");
  const auto file = std::filesystem::read_symlink(link);
  return std::filesystem::exists(file) ? file.string() : link.string();
}

}  // namespace

ChildProcesses::~ChildProcesses() {
  int waited = 0;  // for all of them
  for (const pid_t pid : pids_) {
    while (!ended(pid) && waited < kPatienceMs) {
      poll(nullptr, 0, kPollMs);
      waited += kPollMs;
    }
    if (waited < kPatienceMs || ended(pid)) continue;
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
  }
}

void ChildProcesses::spawn(const std::vector<std::string>& arguments,
                           const std::filesystem::path& output) {
  const std::string program = this_program();
  std::vector<std::string> words{program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  // In a group of its own: Ctrl-C is for this process, which ends the run on all of them.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);
  pid_t pid = 0;
  const int error = posix_spawn(&pid, program.c_str(), &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    throw FileError(ErrorCode::cannot_start, {error, std::generic_category()},
                    "cannot start " + program + " with its output in " + output.string());
  }
  pids_.push_back(pid);
}

}  // namespace annulet::runtime
