/// posix_spawn, a pipe and a nameless file.
#include "tests/support/child_program.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <spawn.h>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

extern char** environ;

namespace annulet::tests {
namespace {

constexpr int kSignalled = 1000;

int checked(int result, const char* doing) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), doing);
  return result;
}

}  // namespace

ChildProgram::ChildProgram(const std::vector<std::string>& arguments, Output output,
                           std::vector<std::string> more_environment)
    : output_file_(checked(::memfd_create("output", MFD_CLOEXEC), "memfd_create")) {
  std::array<int, 2> pipe{};
  checked(::pipe2(pipe.data(), O_CLOEXEC), "pipe");
  errors_pipe_ = pipe[0];

  std::vector<std::string> words{ANNULET_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::vector<char*> environment;
  for (char** variable = environ; *variable != nullptr; ++variable)
    environment.push_back(*variable);
  for (auto& variable : more_environment) environment.push_back(variable.data());
  environment.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (output == Output::kept) {
    posix_spawn_file_actions_adddup2(&actions, output_file_, STDOUT_FILENO);
  } else if (output == Output::full) {
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/full", O_WRONLY, 0);
  } else {
    posix_spawn_file_actions_addclose(&actions, STDOUT_FILENO);
  }
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDERR_FILENO);
  const int error = ::posix_spawn(&pid_, words.front().c_str(), &actions, nullptr, argv.data(),
                                  environment.data());
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  if (error != 0) throw std::system_error(error, std::generic_category(), words.front());
}

ChildProgram::~ChildProgram() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);  // a stopped one too
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(errors_pipe_);
  ::close(output_file_);
}

bool ChildProgram::read_line(std::string& line) {
  for (;;) {
    const auto end = unread_.find('\n');
    if (end != std::string::npos) {
      line = unread_.substr(0, end);
      unread_.erase(0, end + 1);
      errors_ += line + '\n';
      return true;
    }
    std::array<char, 4096> buffer{};
    const ssize_t count = ::read(errors_pipe_, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (checked(static_cast<int>(count), "read") == 0) {
      errors_ += std::exchange(unread_, {});
      return false;
    }
    unread_.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

std::string ChildProgram::wait_for(std::string_view words) {
  for (std::string line; read_line(line);) {
    if (line.find(words) != std::string::npos) return line;
  }
  throw std::runtime_error("annulet ended before it said '" + std::string(words) +
                           "'. It said: " + errors_);
}

void ChildProgram::wait_for_round() {
  wait_for("  loss  ");  // the head of the table; the next line is the first round
  std::string line;
  if (!read_line(line)) throw std::runtime_error("annulet ended without a round: " + errors_);
}

std::string ChildProgram::wait_for_port() {
  const std::string words = "waiting for devices on port ";
  const std::string line = wait_for(words);
  const auto begin = line.find(words) + words.size();
  return line.substr(begin, line.find_first_not_of("0123456789", begin) - begin);
}

void ChildProgram::send(int signal) const { checked(::kill(pid_, signal), "kill"); }

std::size_t ChildProgram::send_to_children(int signal) const {
  const std::string self = std::to_string(pid_);
  std::ifstream children("/proc/" + self + "/task/" + self + "/children");
  std::size_t count = 0;
  for (pid_t child = 0; children >> child; ++count) checked(::kill(child, signal), "kill");
  return count;
}

int ChildProgram::wait() {
  for (std::string line; read_line(line);) {
  }
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waitpid");
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : kSignalled + WTERMSIG(status);
}

std::string ChildProgram::output() const {
  std::string text;
  std::array<char, 4096> buffer{};
  for (off_t at = 0;; at = static_cast<off_t>(text.size())) {
    const ssize_t count = ::pread(output_file_, buffer.data(), buffer.size(), at);
    if (checked(static_cast<int>(count), "pread") == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace annulet::tests
