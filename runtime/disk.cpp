/// The disk of this machine.
#include "runtime/disk.hpp"

#include <cstdint>
#include <limits>
#include <system_error>
#include <utility>

#include "devices/machine.hpp"
#include "runtime/descriptor.hpp"

namespace annulet::runtime {
namespace {

class RealFile final : public OpenFile {
 public:
  RealFile(Descriptor descriptor, bool syncs) : descriptor_(std::move(descriptor)), syncs_(syncs) {}
  [[nodiscard]] std::size_t write_some(std::span<const std::byte> bytes) override {
    return descriptor_.write_some(bytes);
  }
  void sync() override {
    if (syncs_) descriptor_.sync();
  }
  void close() override { descriptor_.close(); }

 private:
  Descriptor descriptor_;
  bool syncs_;
};

/// What a file is made of is held twice, as bytes and as what they mean: more than half of the
/// memory cannot come from a run of this machine.
std::uintmax_t largest_readable() {
  const auto memory = devices::physical_memory_bytes();
  return memory == 0 ? std::numeric_limits<std::uintmax_t>::max() : memory / 2;
}

}  // namespace

std::unique_ptr<OpenFile> RealDisk::create(const std::filesystem::path& file) {
  return std::make_unique<RealFile>(Descriptor::create(file), durability_ == Durability::synced);
}

void RealDisk::rename(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::filesystem::rename(from, to);
}

void RealDisk::sync_folder(const std::filesystem::path& folder) {
  if (durability_ == Durability::synced) Descriptor::folder(folder).sync();
}

void RealDisk::remove(const std::filesystem::path& file) { std::filesystem::remove(file); }

std::vector<std::string> RealDisk::list(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  return names;
}

std::vector<std::byte> RealDisk::read(const std::filesystem::path& file) {
  if (!std::filesystem::is_regular_file(file)) {  // a pipe would be waited for, a device has no end
    throw std::system_error(std::make_error_code(std::errc::invalid_argument));
  }
  const auto size = std::filesystem::file_size(file);
  if (size > largest_readable()) {
    throw std::system_error(std::make_error_code(std::errc::file_too_large));
  }
  std::vector<std::byte> bytes(static_cast<std::size_t>(size));
  const auto descriptor = Descriptor::open_to_read(file);
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto count = descriptor.read_some(std::span(bytes).subspan(done));
    if (count == 0) break;  // it became shorter meanwhile
    done += count;
  }
  bytes.resize(done);
  return bytes;
}

}  // namespace annulet::runtime
