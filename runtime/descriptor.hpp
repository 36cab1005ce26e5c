/// An open file that closes itself, and the few system calls our files need.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <system_error>
#include <utility>

namespace annulet::runtime {

/// What the last system call failed of, from errno.
[[nodiscard]] std::system_error last_error();

/// Owns one file descriptor. All calls throw std::system_error with errno's reason.
class Descriptor final {
 public:
  /// Opens `path` for writing and empties it.
  [[nodiscard]] static Descriptor create(const std::filesystem::path& path);
  /// Makes `path`, which must not be there, for writing.
  [[nodiscard]] static Descriptor create_new(const std::filesystem::path& path);
  /// Opens `path` for writing at its end; it is made when it is not there.
  [[nodiscard]] static Descriptor append(const std::filesystem::path& path);
  [[nodiscard]] static Descriptor open_to_read(const std::filesystem::path& path);
  /// Opens a folder, to sync or to lock it.
  [[nodiscard]] static Descriptor folder(const std::filesystem::path& path);

  explicit Descriptor(int number) noexcept : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, kClosed)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();

  /// Writes at least one byte, returns how many.
  [[nodiscard]] std::size_t write_some(std::span<const std::byte> bytes) const;
  /// Reads at least one byte, returns how many: 0 at the end.
  [[nodiscard]] std::size_t read_some(std::span<std::byte> bytes) const;
  /// Writes all of it.
  void write(std::span<const std::byte> bytes) const;
  /// Returns when the disk has it. Folders of file systems that cannot sync them are passed over.
  void sync() const;
  /// Keeps other descriptors of the same file or folder, here and in other processes, from being
  /// locked, as long as this one is open: the kernel ends that with the process, however it ends.
  /// Does not wait; says whether no other had it. Where the file system has no locks it is true.
  [[nodiscard]] bool lock() const;
  /// Is it this file or folder that has that name now?
  [[nodiscard]] bool is_at(const std::filesystem::path& path) const;
  /// Some file systems report a full disk only here.
  void close();

 private:
  static constexpr int kClosed = -1;

  int number_;
};

}  // namespace annulet::runtime
