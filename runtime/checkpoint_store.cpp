/// Where checkpoints go.
#include "runtime/checkpoint_store.hpp"

#include <array>
#include <utility>

#include "runtime/checkpoint_folder.hpp"

namespace annulet::runtime {

DeviceCheckpoints::DeviceCheckpoints(Disk& disk, std::function<std::filesystem::path()> folder)
    : disk_(disk), folder_(std::move(folder)) {}

Kept DeviceCheckpoints::write(const CheckpointPart& part) {
  const std::array records = {part.record};
  write_checkpoint(disk_, folder_(), part.round, records, part.keep);
  return Kept::whole;
}

SimulationCheckpoints::SimulationCheckpoints(Disk& disk,
                                             std::function<std::filesystem::path()> folder)
    : disk_(disk), folder_(std::move(folder)) {}

Kept SimulationCheckpoints::write(const CheckpointPart& part) {
  if (part.round != round_) parts_.clear();  // an earlier one that will never be whole
  round_ = part.round;
  parts_[part.rank].assign(part.record.begin(), part.record.end());
  if (parts_.size() < part.workers) return Kept::in_part;
  const auto parts = std::exchange(parts_, {});  // also where the disk fails: it is told of once
  std::vector<std::span<const std::byte>> records;
  records.reserve(parts.size());
  for (const auto& [rank, record] : parts) records.emplace_back(record);
  write_checkpoint(disk_, folder_(), part.round, records, part.keep);
  return Kept::whole;
}

}  // namespace annulet::runtime
