/// Simulated devices with a disk each: folders of checkpoints that outlive a ring.
#pragma once

#include <filesystem>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/checkpoint_store.hpp"
#include "runtime/resume.hpp"
#include "tests/support/sim_cluster.hpp"
#include "tests/support/temporary_folder.hpp"

namespace annulet::tests {

class KeptDevices {
 public:
  explicit KeptDevices(std::size_t count) {
    for (std::size_t r = 0; r < count; ++r) {
      std::filesystem::create_directory(folder(r));
      stores_.push_back(
          std::make_unique<runtime::DeviceCheckpoints>(disk_, [path = folder(r)] { return path; }));
    }
  }

  [[nodiscard]] std::filesystem::path folder(std::size_t r) const {
    return folder_.path() / ("device-" + std::to_string(r));
  }
  [[nodiscard]] runtime::CheckpointStore& store(std::size_t r) { return *stores_.at(r); }
  [[nodiscard]] std::size_t size() const noexcept { return stores_.size(); }

  [[nodiscard]] runtime::ResumeFrom resume(std::size_t r) {
    return runtime::read_resume(disk_, folder(r), runtime::ResumedBy::device).devices.at(0);
  }
  /// Device r as it takes part for the first time.
  [[nodiscard]] DeviceOptions fresh(std::size_t r) {
    return {.name = "device-" + std::to_string(r), .checkpoints = &store(r)};
  }
  /// Device r as it goes on.
  [[nodiscard]] DeviceOptions resumed(std::size_t r) {
    auto options = fresh(r);
    options.resume = std::make_shared<runtime::ResumeFrom>(resume(r));
    return options;
  }
  /// The rounds of a device's checkpoints, newest first.
  [[nodiscard]] std::vector<std::int64_t> rounds(std::size_t r) {
    std::vector<std::int64_t> rounds;
    for (const auto& checkpoint : resume(r).found) rounds.push_back(checkpoint.state.round);
    return rounds;
  }

  /// A ring of all devices; `goes_on`: from their checkpoints.
  [[nodiscard]] std::unique_ptr<SimCluster> ring(const runtime::RunConfig& config, bool goes_on,
                                                 const ClusterOptions& shape = {}) {
    auto cluster = std::make_unique<SimCluster>(config, shape);
    runtime::StartOptions start;
    start.devices = size();
    start.run_id = kRun;
    for (std::size_t r = 0; r < size(); ++r) {
      auto options = goes_on ? resumed(r) : fresh(r);
      if (r == 0) {
        cluster->start(std::move(options), start);
      } else {
        cluster->join(std::move(options));
      }
    }
    return cluster;
  }

  static constexpr std::uint64_t kRun = 7;

 private:
  TemporaryFolder folder_;
  runtime::RealDisk disk_{runtime::RealDisk::Durability::unsynced};
  std::vector<std::unique_ptr<runtime::DeviceCheckpoints>> stores_;
};

}  // namespace annulet::tests
