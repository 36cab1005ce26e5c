/// Folders for results: one that is named, or a new one that is nobody else's.
#pragma once

#include <filesystem>
#include <vector>

#include "runtime/descriptor.hpp"

namespace annulet::runtime {

/// Makes the folder and those above it, unless they are there. Throws FileError.
void make_folder(const std::filesystem::path& folder);

/// Makes `wanted`, or where that is taken `wanted`-2, -3 and so on, and the folders above it: two
/// programs that want the same folder at the same moment get one each. Throws FileError.
[[nodiscard]] std::filesystem::path make_new_folder(const std::filesystem::path& wanted);

/// Folders that were made for something. Those that are still empty when this goes go too: of what
/// came to nothing, nothing stays.
class MadeFolders final {
 public:
  /// Makes the folder and those above it, unless they are there. Throws FileError.
  explicit MadeFolders(const std::filesystem::path& folder);
  MadeFolders(MadeFolders&&) = default;
  MadeFolders(const MadeFolders&) = delete;
  MadeFolders& operator=(const MadeFolders&) = delete;
  ~MadeFolders();

  /// They stay.
  void keep() noexcept { made_.clear(); }

 private:
  std::vector<std::filesystem::path> made_;  // the lowest first
};

/// A folder that no other process can take until this goes, or this process ends, whichever way.
/// Where the file system has no locks, it is as if nobody else were there.
class OwnFolder final {
 public:
  /// Of a folder that is there. Throws UserError (folder_in_use) when another has it, and
  /// std::system_error when it cannot be read.
  [[nodiscard]] static OwnFolder of(const std::filesystem::path& folder);
  /// Makes it where it is not there; as long as it is empty it then goes with this. Throws
  /// UserError (folder_in_use), FileError.
  [[nodiscard]] static OwnFolder make(const std::filesystem::path& folder);

 private:
  OwnFolder(Descriptor descriptor, MadeFolders made);

  Descriptor descriptor_;
  MadeFolders made_;  // goes before the lock
};

}  // namespace annulet::runtime
