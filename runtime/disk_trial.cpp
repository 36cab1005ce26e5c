/// Writes, syncs, takes away.
#include "runtime/disk_trial.hpp"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <memory>
#include <span>
#include <stdlib.h>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "devices/box.hpp"
#include "runtime/descriptor.hpp"
#include "runtime/median.hpp"
#include "runtime/results_folder.hpp"

namespace annulet::runtime {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMebibyte = 1U << 20U;
constexpr std::size_t kTries = 3;

/// A new file that nobody else sees and that goes with its descriptor, whatever happens.
Descriptor nameless_file(const fs::path& folder) {
  auto name = (folder / ".annulet-doctor-XXXXXX").string();
  const int number = ::mkostemp(name.data(), O_CLOEXEC);
  if (number < 0) throw last_error();
  ::unlink(name.c_str());
  return Descriptor(number);
}

/// 0 where it cannot be seen.
dev_t device_of(const fs::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_dev : 0;
}

}  // namespace

DiskTrial try_disk(const fs::path& folder, const devices::Clock& clock) {
  const std::string text(kMebibyte, 'a');
  std::array<double, kTries> write{}, sync{};
  std::optional<std::uint64_t> free;
  for (std::size_t i = 0; i < kTries; ++i) {
    const MadeFolders made(folder);  // each time: another doctor may have taken it away
    const auto begin = clock.now();
    const auto file = nameless_file(folder);
    file.write(std::as_bytes(std::span(text)));
    const auto written = clock.now();
    file.sync();
    sync.at(i) = devices::seconds(clock.now() - written);
    write.at(i) = devices::seconds(written - begin);
    free = devices::free_disk_bytes(folder);
  }
  return {median({write.begin(), write.end()}), median({sync.begin(), sync.end()}), free};
}

// Not fs::canonical(), which does in 4 kB of program what the system's function does.
fs::path real_path(const fs::path& path) {
  const std::unique_ptr<char, decltype(&::free)> found(::realpath(path.c_str(), nullptr), &::free);
  if (found) return found.get();
  std::error_code unknown;
  return fs::absolute(path, unknown).lexically_normal();
}

fs::path nearest_folder(const fs::path& path) {
  std::error_code unknown;
  auto at = fs::absolute(path, unknown).lexically_normal();
  while (at.has_relative_path() && !fs::is_directory(at, unknown)) at = at.parent_path();
  return at;
}

fs::path mount_point(const fs::path& path) {
  auto at = real_path(nearest_folder(path));
  while (at.has_relative_path() && device_of(at.parent_path()) == device_of(at)) {
    at = at.parent_path();
  }
  return at;
}

}  // namespace annulet::runtime
