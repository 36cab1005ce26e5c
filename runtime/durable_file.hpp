/// Files that are there whole or not at all, also after the power goes.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

#include "runtime/disk.hpp"

namespace annulet::runtime {

/// Writes the pieces one after the other to `path`.tmp, syncs it, renames it over `path` and syncs
/// the folder: a reader sees the old file or the new one, never half of it.
/// Throws FileError, "cannot write PATH: why". The old file is then untouched, unless it is the
/// sync of the folder that failed: the new one has its name by then, and after a power cut either
/// may be there, whole.
void write_durably(const std::filesystem::path& path,
                   std::span<const std::span<const std::byte>> pieces);
void write_durably(const std::filesystem::path& path, std::string_view text);

/// A file, and the name in the same folder under which it is written first.
struct DurableFile {
  std::filesystem::path path, temporary;
};
/// The same on a disk that is given.
void write_durably(Disk& disk, const DurableFile& file,
                   std::span<const std::span<const std::byte>> pieces);

}  // namespace annulet::runtime
