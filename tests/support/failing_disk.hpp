/// A disk of which any one call, or all from one on, fail; and one that takes a few bytes at a
/// time.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <ostream>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "runtime/disk.hpp"

namespace annulet::tests {

/// once: the disk was full for a moment. from_then_on: it is broken, or the program has died there.
enum class Failing { once, from_then_on };
inline std::ostream& operator<<(std::ostream& out, Failing failing) {
  return out << (failing == Failing::once ? "once" : "from then on");
}

class FailingDisk final : public runtime::Disk {
 public:
  /// Calls are counted from 0; reading and listing for a reader's sake is not counted.
  FailingDisk(runtime::Disk& disk, std::size_t fails_at, int error,
              Failing failing = Failing::from_then_on, std::size_t most_bytes = 7)
      : disk_(disk),
        fails_at_(fails_at),
        error_(error),
        failing_(failing),
        most_bytes_(most_bytes) {}

  [[nodiscard]] std::unique_ptr<runtime::OpenFile> create(
      const std::filesystem::path& file) override {
    call();
    return std::make_unique<File>(*this, disk_.create(file));
  }
  void rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    call();
    disk_.rename(from, to);
  }
  void sync_folder(const std::filesystem::path& folder) override {
    call();
    disk_.sync_folder(folder);
  }
  void remove(const std::filesystem::path& file) override {
    call();
    disk_.remove(file);
  }
  [[nodiscard]] std::vector<std::string> list(const std::filesystem::path& folder) override {
    call();
    return disk_.list(folder);
  }
  [[nodiscard]] std::vector<std::byte> read(const std::filesystem::path& file) override {
    if (before_reading) before_reading(file);
    return disk_.read(file);
  }

  std::function<void(const std::filesystem::path&)> before_reading;

  /// From now on it works.
  void heal() noexcept { heals_at_ = calls_; }
  [[nodiscard]] std::size_t calls() const noexcept { return calls_; }

 private:
  class File final : public runtime::OpenFile {
   public:
    File(FailingDisk& owner, std::unique_ptr<runtime::OpenFile> file)
        : owner_(owner), file_(std::move(file)) {}
    [[nodiscard]] std::size_t write_some(std::span<const std::byte> bytes) override {
      owner_.call();
      return file_->write_some(bytes.first(std::min(bytes.size(), owner_.most_bytes_)));
    }
    void sync() override {
      owner_.call();
      file_->sync();
    }
    void close() override {
      owner_.call();
      file_->close();
    }

   private:
    FailingDisk& owner_;
    std::unique_ptr<runtime::OpenFile> file_;
  };

  void call() {
    const std::size_t call = calls_++;
    const bool fails =
        failing_ == Failing::once ? call == fails_at_ : call >= fails_at_ && call < heals_at_;
    if (fails) throw std::system_error(error_, std::generic_category());
  }

  runtime::Disk& disk_;
  std::size_t fails_at_;
  int error_;
  Failing failing_;
  std::size_t most_bytes_;
  std::size_t calls_ = 0, heals_at_ = std::numeric_limits<std::size_t>::max();
};

}  // namespace annulet::tests
