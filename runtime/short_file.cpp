/// Reading that waits for nobody for long.
#include "runtime/short_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <span>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "runtime/descriptor.hpp"

namespace annulet::runtime {
namespace {

constexpr int kPatience = 10'000;  // milliseconds

/// Nobody has opened a named pipe to write yet: that looks like its end.
bool is_pipe(int number) {
  struct stat about {};
  return ::fstat(number, &about) == 0 && S_ISFIFO(about.st_mode);
}

/// What there is now: -1 where something may come yet.
ssize_t read_now(int number, std::span<char> room) {
  for (;;) {
    const auto count = ::read(number, room.data(), room.size());
    if (count >= 0) return count;
    if (errno == EAGAIN) return -1;
    if (errno != EINTR) throw last_error();
  }
}

void wait_for_more(int number) {
  pollfd waited{.fd = number, .events = POLLIN, .revents = 0};
  const int found = ::poll(&waited, 1, kPatience);
  if (found == 0) throw std::system_error(std::make_error_code(std::errc::timed_out));
  if (found < 0 && errno != EINTR) throw last_error();
}

}  // namespace

bool is_closed_to_us(const std::filesystem::path& path) {
  return ::access(path.c_str(), R_OK) != 0 && errno == EACCES;
}

std::string read_short_file(const std::filesystem::path& file, std::size_t most) {
  // Who opens a pipe to read waits until somebody writes, unless it asks not to.
  const int number = ::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (number < 0) throw last_error();
  const Descriptor owner(number);
  std::string text(most, '\0');
  std::size_t size = 0;
  if (is_pipe(number)) wait_for_more(number);
  while (size < most) {
    const auto count = read_now(number, std::span(text).subspan(size));
    if (count == 0) break;
    if (count < 0) {
      wait_for_more(number);
    } else {
      size += static_cast<std::size_t>(count);
    }
  }
  text.resize(size);
  return text;
}

}  // namespace annulet::runtime
