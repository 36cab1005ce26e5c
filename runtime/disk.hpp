/// The file calls that durable files are made of, in one place, so that a test can let each fail.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace annulet::runtime {

/// A file that is being written. Destroying it closes it.
class OpenFile {
 public:
  virtual ~OpenFile() = default;
  /// Takes at least one byte, returns how many.
  [[nodiscard]] virtual std::size_t write_some(std::span<const std::byte> bytes) = 0;
  /// Returns when the disk has it.
  virtual void sync() = 0;
  /// Some file systems report a full disk only here.
  virtual void close() = 0;
};

/// All calls throw std::system_error with errno's reason.
class Disk {
 public:
  virtual ~Disk() = default;
  /// Opens a file for writing and empties it.
  [[nodiscard]] virtual std::unique_ptr<OpenFile> create(const std::filesystem::path& file) = 0;
  virtual void rename(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
  /// Returns when the disk has the folder's names.
  virtual void sync_folder(const std::filesystem::path& folder) = 0;
  /// A file that is not there is no error.
  virtual void remove(const std::filesystem::path& file) = 0;
  /// The names in a folder, in any order.
  [[nodiscard]] virtual std::vector<std::string> list(const std::filesystem::path& folder) = 0;
  /// All of a regular file. One that this machine cannot hold is refused by its size alone, with
  /// errc::file_too_large: a damaged file system, or a hole, makes files of any length.
  [[nodiscard]] virtual std::vector<std::byte> read(const std::filesystem::path& file) = 0;
};

/// The disk of this machine.
class RealDisk final : public Disk {
 public:
  /// unsynced: for files that the next run can do without, such as a simulation's. They are whole
  /// after the process was killed, not after the power went.
  enum class Durability { synced, unsynced };

  explicit RealDisk(Durability durability = Durability::synced) : durability_(durability) {}
  [[nodiscard]] std::unique_ptr<OpenFile> create(const std::filesystem::path& file) override;
  void rename(const std::filesystem::path& from, const std::filesystem::path& to) override;
  void sync_folder(const std::filesystem::path& folder) override;
  void remove(const std::filesystem::path& file) override;
  [[nodiscard]] std::vector<std::string> list(const std::filesystem::path& folder) override;
  [[nodiscard]] std::vector<std::byte> read(const std::filesystem::path& file) override;

 private:
  Durability durability_;
};

}  // namespace annulet::runtime
