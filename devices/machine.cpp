/// Asks the kernel.
#include "devices/machine.hpp"

#include <array>
#include <charconv>
#include <fstream>
#include <malloc.h>
#include <string_view>
#include <sys/resource.h>
#include <unistd.h>

namespace annulet::devices {

std::uint64_t peak_rss_bytes() {
  constexpr std::string_view kKey = "VmHWM:";
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with(kKey)) continue;
    const auto digits = line.find_first_of("0123456789");
    std::uint64_t kib = 0;
    if (digits == std::string::npos) break;
    const auto end = line.data() + line.size();
    if (std::from_chars(line.data() + digits, end, kib).ec == std::errc{}) return kib * 1024;
  }
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) != 0) return 0;
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

std::uint64_t physical_memory_bytes() {
  const long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
  if (pages <= 0 || size <= 0) return 0;
  return static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(size);
}

void give_freed_memory_back() noexcept {
#ifdef __GLIBC__
  constexpr int kLarge = 128 * 1024;  // glibc's own, until the first large piece is freed
  mallopt(M_MMAP_THRESHOLD, kLarge);
  mallopt(M_TRIM_THRESHOLD, kLarge);
  mallopt(M_ARENA_MAX, 1);
#endif
}

std::string host_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "device";
  return name.data();
}

}  // namespace annulet::devices
