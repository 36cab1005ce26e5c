/// How fast a disk takes what a run writes, found out by writing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "devices/clock.hpp"

namespace annulet::runtime {

struct DiskTrial {
  double write_s = 0;  // until the system had taken 1 MiB
  double sync_s = 0;   // from then on until the disk had it
  std::optional<std::uint64_t> free_bytes{};
};

/// Three files of 1 MiB, one after the other, as results are written; the medians. What was made in
/// the folder goes again, the folder too where it was not there. Throws FileError
/// where the folder cannot be made, std::system_error where nothing can be written in it.
[[nodiscard]] DiskTrial try_disk(const std::filesystem::path& folder, const devices::Clock& clock);

/// Absolute, and without links where it is there.
[[nodiscard]] std::filesystem::path real_path(const std::filesystem::path& path);

/// The nearest folder above `path`, or itself, that is there.
[[nodiscard]] std::filesystem::path nearest_folder(const std::filesystem::path& path);

/// Where the file system is mounted that `path` is in, or would be.
[[nodiscard]] std::filesystem::path mount_point(const std::filesystem::path& path);

}  // namespace annulet::runtime
