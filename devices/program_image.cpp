/// A file of memory, executed: Linux, memfd_create(2), fexecve(3).
#include "devices/program_image.hpp"

#include <cerrno>
#include <cstddef>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

extern char** environ;

namespace annulet::devices {
namespace {

#ifndef MFD_EXEC
constexpr unsigned kMayBeExecuted = 0x10;  // MFD_EXEC, of Linux 6.3
#else
constexpr unsigned kMayBeExecuted = MFD_EXEC;
#endif

/// Older kernels know no such flag, and need none.
int memory_file() noexcept {
  const int file = memfd_create("annulet", MFD_CLOEXEC | kMayBeExecuted);
  if (file >= 0 || errno != EINVAL) return file;
  return memfd_create("annulet", MFD_CLOEXEC);
}

bool write_all(int file, std::span<const std::byte> bytes) noexcept {
  while (!bytes.empty()) {
    const auto written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

void become(std::span<const std::byte> program, char** argv) noexcept {
  const int file = memory_file();
  if (file < 0) return;
  if (write_all(file, program)) fexecve(file, argv, environ);
  close(file);
}

void name_process(const char* name) noexcept { prctl(PR_SET_NAME, name); }

}  // namespace annulet::devices
