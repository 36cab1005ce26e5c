/// The checkpoints in a run's folder.
#include "runtime/checkpoint_folder.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <new>
#include <optional>
#include <string_view>
#include <system_error>

#include "runtime/durable_file.hpp"
#include "runtime/file_error.hpp"

namespace annulet::runtime {
namespace {

constexpr std::string_view kPrefix = "checkpoint-";
constexpr std::string_view kSuffix = ".rck";
// One name for all, so that half files never grow in number.
constexpr std::string_view kTemporary = "checkpoint.tmp";

/// Of "checkpoint-640.rck": 640.
std::optional<std::int64_t> round_of(std::string_view name) {
  if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) return std::nullopt;
  name.remove_prefix(kPrefix.size());
  if (name.size() <= kSuffix.size()) return std::nullopt;
  name.remove_suffix(kSuffix.size());
  std::int64_t round = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), round);
  if (error != std::errc{} || end != name.data() + name.size() || round < 1) return std::nullopt;
  return round;
}

/// What cannot be removed now is removed after the next.
void remove_all_but(Disk& disk, const std::filesystem::path& folder,
                    std::span<const std::int64_t> keep) {
  for (const auto& name : disk.list(folder)) {
    const auto round = round_of(name);
    const bool old = round && std::ranges::find(keep, *round) == keep.end();
    if (!old && name != kTemporary) continue;
    try {
      disk.remove(folder / name);
    } catch (const std::system_error&) {
      continue;  // the others can go all the same
    }
  }
}

std::vector<Checkpoint> read_checkpoint(Disk& disk, const std::filesystem::path& file) {
  try {
    return decode_checkpoints(disk.read(file));
  } catch (const std::system_error& error) {
    throw CheckpointError(error.code() == std::errc::file_too_large
                              ? "is too large for this device's memory"
                              : "cannot be read: " + error.code().message());
  } catch (const std::bad_alloc&) {
    throw CheckpointError("is too large for the memory that is free on this device");
  }
}

}  // namespace

std::string checkpoint_name(std::int64_t round) {
  return std::string(kPrefix) + std::to_string(round) + std::string(kSuffix);
}

void write_checkpoint(Disk& disk, const std::filesystem::path& folder, std::int64_t round,
                      std::span<const std::span<const std::byte>> records,
                      std::span<const std::int64_t> keep) {
  const CheckpointFile file(records);
  write_durably(disk, {folder / checkpoint_name(round), folder / kTemporary}, file.pieces());
  std::vector<std::int64_t> kept(keep.begin(), keep.end());
  kept.push_back(round);
  try {
    remove_all_but(disk, folder, kept);
  } catch (const std::system_error&) {
    return;  // no list of them; the new one is there, which counts
  }
}

FoundCheckpoints find_checkpoints(Disk& disk, const std::filesystem::path& folder,
                                  std::size_t most) {
  std::vector<std::string> names;
  try {
    names = disk.list(folder);
  } catch (const std::system_error& error) {
    throw FileError(ErrorCode::no_checkpoint, error.code(),
                    "cannot read the folder " + folder.string());
  }
  std::map<std::int64_t, std::string, std::greater<>> newest_first;
  for (const auto& name : names) {
    if (const auto round = round_of(name)) newest_first.emplace(*round, name);
  }
  FoundCheckpoints found;
  for (const auto& [round, name] : newest_first) {
    if (found.files.size() == most) break;
    try {
      found.files.push_back(read_checkpoint(disk, folder / name));
    } catch (const CheckpointError& error) {
      found.refused.push_back((folder / name).string() + " " + error.what());
    }
  }
  return found;
}

}  // namespace annulet::runtime
