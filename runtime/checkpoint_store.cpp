/// Where checkpoints go.
#include "runtime/checkpoint_store.hpp"

#include <array>
#include <utility>

#include "runtime/checkpoint_folder.hpp"

namespace annulet::runtime {

DeviceCheckpoints::DeviceCheckpoints(Disk& disk, std::function<std::filesystem::path()> folder)
    : disk_(disk), folder_(std::move(folder)) {}

void DeviceCheckpoints::write(const CheckpointPart& part) {
  const std::array records = {part.record};
  write_checkpoint(disk_, folder_(), part.round, records, part.keep);
}

SimulationCheckpoints::SimulationCheckpoints(Disk& disk,
                                             std::function<std::filesystem::path()> folder)
    : disk_(disk), folder_(std::move(folder)) {}

void SimulationCheckpoints::write(const CheckpointPart& part) {
  if (part.round != round_) parts_.clear();  // an earlier one that will never be whole
  round_ = part.round;
  parts_[part.rank].assign(part.record.begin(), part.record.end());
  if (parts_.size() < part.workers) return;
  std::vector<std::span<const std::byte>> records;
  records.reserve(parts_.size());
  for (const auto& [rank, record] : parts_) records.emplace_back(record);
  write_checkpoint(disk_, folder_(), part.round, records, part.keep);
  parts_.clear();
}

}  // namespace annulet::runtime
