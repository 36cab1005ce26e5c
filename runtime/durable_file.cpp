/// Files that are there whole or not at all, also after the power goes.
#include "runtime/durable_file.hpp"

#include <array>
#include <system_error>

#include "runtime/file_error.hpp"

namespace annulet::runtime {
namespace {

void write_and_sync(Disk& disk, const std::filesystem::path& path,
                    std::span<const std::span<const std::byte>> pieces) {
  const auto file = disk.create(path);
  for (auto piece : pieces) {
    while (!piece.empty()) piece = piece.subspan(file->write_some(piece));
  }
  file->sync();
  file->close();
}

/// Takes away half a file; the error that there was before is the one to tell.
void remove_quietly(Disk& disk, const std::filesystem::path& path) {
  try {
    disk.remove(path);
  } catch (const std::system_error&) {
    return;
  }
}

}  // namespace

void write_durably(Disk& disk, const DurableFile& file,
                   std::span<const std::span<const std::byte>> pieces) {
  const auto& path = file.path;
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  try {
    write_and_sync(disk, file.temporary, pieces);
    disk.rename(file.temporary, path);
    disk.sync_folder(folder);
  } catch (const std::system_error& error) {
    remove_quietly(disk, file.temporary);
    throw FileError(ErrorCode::cannot_write, error.code(), "cannot write " + path.string());
  }
}

void write_durably(const std::filesystem::path& path,
                   std::span<const std::span<const std::byte>> pieces) {
  RealDisk disk;
  auto temporary = path;
  temporary += ".tmp";
  write_durably(disk, {path, temporary}, pieces);
}

void write_durably(const std::filesystem::path& path, std::string_view text) {
  const std::array<std::span<const std::byte>, 1> pieces = {std::as_bytes(std::span(text))};
  write_durably(path, pieces);
}

}  // namespace annulet::runtime
