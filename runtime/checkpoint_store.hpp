/// Where checkpoints go: a device's own folder, or one folder of all devices of a simulation.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <vector>

#include "runtime/disk.hpp"

namespace annulet::runtime {

/// One device's part of the checkpoint of a round. `keep`: rounds whose checkpoints stay.
struct CheckpointPart {
  std::int64_t round = 0;
  std::size_t rank = 0, workers = 1;
  std::span<const std::byte> record;
  std::span<const std::int64_t> keep;
};

/// What became of a part: the disk has the checkpoint, whole; or the part waits in memory for those
/// of the other devices.
enum class Kept { whole, in_part };

class CheckpointStore {
 public:
  virtual ~CheckpointStore() = default;
  /// Throws FileError when the disk does not take the checkpoint that this part completes.
  [[nodiscard]] virtual Kept write(const CheckpointPart& part) = 0;
};

/// A file of each round. `folder` is asked when it is needed: it is made when the run begins.
class DeviceCheckpoints final : public CheckpointStore {
 public:
  DeviceCheckpoints(Disk& disk, std::function<std::filesystem::path()> folder);
  [[nodiscard]] Kept write(const CheckpointPart& part) override;

 private:
  Disk& disk_;
  std::function<std::filesystem::path()> folder_;
};

/// All devices of a simulation in one file, which is written when the last part of a round has
/// come: there is one process, and nothing to gain from a file of each.
class SimulationCheckpoints final : public CheckpointStore {
 public:
  SimulationCheckpoints(Disk& disk, std::function<std::filesystem::path()> folder);
  [[nodiscard]] Kept write(const CheckpointPart& part) override;

 private:
  Disk& disk_;
  std::function<std::filesystem::path()> folder_;
  std::int64_t round_ = 0;
  std::map<std::size_t, std::vector<std::byte>> parts_;  // of that round, by rank
};

}  // namespace annulet::runtime
