/// The checkpoints in a run's folder: checkpoint-ROUND.rck, a few at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "runtime/checkpoint.hpp"
#include "runtime/disk.hpp"

namespace annulet::runtime {

/// "checkpoint-640.rck"
[[nodiscard]] std::string checkpoint_name(std::int64_t round);

/// Writes the checkpoint of a round durably, over one of the same round. Then removes all others
/// but those of the rounds in `keep`, and what an interrupted writing left; what cannot be removed
/// now is removed after the next. Throws FileError: those that were there are then untouched.
void write_checkpoint(Disk& disk, const std::filesystem::path& folder, std::int64_t round,
                      std::span<const std::span<const std::byte>> records,
                      std::span<const std::int64_t> keep);

struct FoundCheckpoints {
  std::vector<std::vector<Checkpoint>> files;  // newest first, each its records
  std::vector<std::string> refused;            // a sentence for each file that cannot be used
};

/// Reads all checkpoints of a folder; what is damaged or larger than the memory is refused. Throws
/// FileError when the folder cannot be read.
[[nodiscard]] FoundCheckpoints find_checkpoints(
    Disk& disk, const std::filesystem::path& folder,
    std::size_t most = std::numeric_limits<std::size_t>::max());

}  // namespace annulet::runtime
