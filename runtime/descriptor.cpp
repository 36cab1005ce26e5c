/// An open file that closes itself, and the few system calls our files need.
#include "runtime/descriptor.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace annulet::runtime {
namespace {

Descriptor open(const std::filesystem::path& path, int flags) {
  constexpr mode_t kReadableByAll = 0644;
  const int number = ::open(path.c_str(), flags | O_CLOEXEC, kReadableByAll);
  if (number < 0) throw last_error();
  return Descriptor(number);
}

}  // namespace

std::system_error last_error() { return {errno, std::generic_category()}; }

Descriptor Descriptor::create(const std::filesystem::path& path) {
  return open(path, O_WRONLY | O_CREAT | O_TRUNC);
}

Descriptor Descriptor::create_new(const std::filesystem::path& path) {
  return open(path, O_WRONLY | O_CREAT | O_EXCL);
}

Descriptor Descriptor::append(const std::filesystem::path& path) {
  return open(path, O_WRONLY | O_CREAT | O_APPEND);
}

Descriptor Descriptor::open_to_read(const std::filesystem::path& path) {
  return open(path, O_RDONLY);
}

Descriptor Descriptor::folder(const std::filesystem::path& path) {
  return open(path, O_RDONLY | O_DIRECTORY);
}

Descriptor::~Descriptor() {
  if (number_ != kClosed) ::close(number_);
}

std::size_t Descriptor::write_some(std::span<const std::byte> bytes) const {
  for (;;) {
    const auto written = ::write(number_, bytes.data(), bytes.size());
    if (written >= 0) return static_cast<std::size_t>(written);
    if (errno != EINTR) throw last_error();
  }
}

std::size_t Descriptor::read_some(std::span<std::byte> bytes) const {
  for (;;) {
    const auto count = ::read(number_, bytes.data(), bytes.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) throw last_error();
  }
}

void Descriptor::write(std::span<const std::byte> bytes) const {
  while (!bytes.empty()) bytes = bytes.subspan(write_some(bytes));
}

void Descriptor::sync() const {
  const bool cannot_sync = ::fsync(number_) != 0;
  if (cannot_sync && errno != EINVAL && errno != ENOTSUP) throw last_error();
}

bool Descriptor::lock() const {
  // Any other reason is one not to have locks: ENOLCK, ENOTSUP, EINVAL, as the share likes.
  return ::flock(number_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

bool Descriptor::is_at(const std::filesystem::path& path) const {
  struct stat here {};
  struct stat there {};
  if (::fstat(number_, &here) != 0) throw last_error();
  if (::stat(path.c_str(), &there) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return false;
    throw last_error();
  }
  return here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

void Descriptor::close() {
  // Linux has released the number even when close reports an error.
  if (::close(std::exchange(number_, kClosed)) != 0 && errno != EINTR) throw last_error();
}

}  // namespace annulet::runtime
