/// Whole rings in virtual time: real sessions on a simulated LAN, to be watched and tampered with.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <asio/awaitable.hpp>

#include "devices/processor.hpp"
#include "devices/world.hpp"
#include "runtime/data_source.hpp"
#include "runtime/observer.hpp"
#include "runtime/run_config.hpp"
#include "runtime/session.hpp"
#include "runtime/stop_request.hpp"
#include "tests/support/stopped_device.hpp"
#include "tests/support/weak_network.hpp"
#include "transport/faulty_link.hpp"
#include "transport/sim_network.hpp"

namespace annulet::tests {

/// Where the small sets that every cluster has are "on disk": tests/model/samples.hpp.
inline constexpr const char* kSparseFile = "/data/sparse";  // 60 rows, 12 features, labels -1, +1
inline constexpr const char* kDenseFile = "/data/dense";    // 40 rows, 6 features, labels 0 to 3

/// Logistic on kSparseFile, 24 steps with h = 4, peer_timeout = 1 s; `settings` as of --set.
[[nodiscard]] runtime::RunConfig small_config(const std::vector<std::string>& settings = {});

/// Model bytes that rank r of W sends in a round: 2d - |segment r+1| - |segment r+2| elements, and
/// six facts with each sending of the last segment.
[[nodiscard]] std::uint64_t bytes_of_round(std::size_t d, std::size_t W, std::size_t r);

struct DeviceOptions {
  std::string name{};
  std::string host{};  // "": the name
  std::optional<model::DataPath> own_data{};
  bool has_data = true;  // else nothing is found on its disk
  std::string token{};
  devices::Duration wait{std::chrono::seconds(10)};
  devices::Duration after{0};                 // when it is switched on
  std::optional<devices::LinkSpeed> shape{};  // of what it sends, beside the cable's
  std::optional<std::size_t> faulty_link{};
  transport::FaultPlan fault{};
  std::optional<Stop> stopped{};  // and continued
  WeakKernel* kernel = nullptr;   // what counts the losses of what it sends
  runtime::CheckpointStore* checkpoints = nullptr;
  std::shared_ptr<runtime::ResumeFrom> resume{};
};

/// A device, what its observer heard, and how it ended.
class SimDevice final : public runtime::Observer {
 public:
  void started(const runtime::RunStarted& event) override { start = event; }
  void round_done(const runtime::RoundDone& event, std::span<const float> x) override;
  void line_chosen(const runtime::LineChosen& event) override { lines.push_back(event); }
  void evaluated(const runtime::Evaluated& event) override { evaluations.push_back(event); }
  void searched(const runtime::SearchStep& event) override {
    searches.push_back(event);
    if (at_search) at_search();
  }
  void optimum(const runtime::OptimumKnown& event) override { optima.push_back(event); }
  void checkpointed(const runtime::Checkpointed& event) override { checkpoints.push_back(event); }
  void measured(const runtime::RingMeasured& event) override {
    measurements.push_back(event);
    if (at_measured) at_measured(event);
  }
  void device_lost(const runtime::DeviceLost& event) override { lost = event; }
  void finished(const runtime::RunFinished& event, std::span<const float> x) override;

  [[nodiscard]] int code() const { return end ? end->exit_code : -1; }
  [[nodiscard]] std::string reason() const { return end ? end->exit_reason : "has not ended"; }
  /// After round `round`, 1-based.
  [[nodiscard]] std::uint64_t hash_after(std::int64_t round) const;
  void request_stop() {
    if (stop) stop->request();
  }

  DeviceOptions options;
  std::optional<runtime::RunStarted> start;
  std::uint64_t carried = 0;  // bytes that its links have taken so far
  std::vector<std::uint64_t> carried_at_round;
  std::vector<runtime::LineChosen> lines;
  std::vector<runtime::RoundDone> rounds;
  std::vector<devices::TimePoint> round_times;
  std::vector<runtime::Evaluated> evaluations;
  std::vector<runtime::SearchStep> searches;
  std::vector<runtime::OptimumKnown> optima;
  std::vector<runtime::Checkpointed> checkpoints;
  std::vector<runtime::RingMeasured> measurements;
  std::function<void(const runtime::RingMeasured&)> at_measured;
  std::optional<runtime::DeviceLost> lost;
  std::vector<float> last_round_model, final_model;
  std::function<void(const runtime::RoundDone&)> at_round;
  std::function<void()> at_search;
  std::optional<runtime::RunFinished> end;
  devices::TimePoint ended_at;
  devices::Clock* clock = nullptr;
  runtime::StopRequest* stop = nullptr;  // while it runs
};

struct ClusterOptions {
  devices::LinkSpeed link{0, std::chrono::milliseconds(1)};
  double flops_per_second = 1e6;
  std::uint64_t memory_bytes = 0;  // of each device; 0: not known
  double slowdown = 1;             // of device-0, against the others
  double drop = 0;                 // the probability that a device misses a round
};

class SimCluster {
 public:
  explicit SimCluster(runtime::RunConfig config, ClusterOptions options = {});
  /// Fills a ring of W: device-0 starts it, device-1 ... join it.
  SimCluster(std::size_t W, runtime::RunConfig config, ClusterOptions options = {});

  SimDevice& start(DeviceOptions device, runtime::StartOptions options);
  SimDevice& join(DeviceOptions device);
  /// Joins what a stranger at that host has started.
  SimDevice& join(DeviceOptions device, std::string starter_host);
  /// Until nothing is left to happen. A device that has not ended after `limit` hangs.
  void run(devices::Duration limit = std::chrono::minutes(30));

  [[nodiscard]] SimDevice& operator[](std::size_t i) { return *devices_.at(i); }
  [[nodiscard]] const SimDevice& operator[](std::size_t i) const { return *devices_.at(i); }
  [[nodiscard]] std::size_t size() const { return devices_.size(); }
  void at(devices::Duration when, std::function<void()> action);

  static constexpr std::uint16_t kPort = 7077;

 private:
  struct Body;
  void spawn(SimDevice& device, bool starts);
  asio::awaitable<void> live(SimDevice& device, bool starts);
  asio::awaitable<runtime::RunFinished> start_in(Body& body);
  asio::awaitable<runtime::RunFinished> join_in(Body& body, const SimDevice& device);
  [[nodiscard]] SimDevice& add(DeviceOptions options);
  [[nodiscard]] transport::Network& network_of(SimDevice& device);
  [[nodiscard]] double speed_of(const SimDevice& device) const;
  [[nodiscard]] devices::Clock& clock_of(const SimDevice& device);

  runtime::RunConfig config_;
  ClusterOptions options_;
  std::string starter_host_;
  runtime::StartOptions start_options_;
  std::vector<std::unique_ptr<SimDevice>> devices_;
  std::vector<std::unique_ptr<transport::Network>> networks_;
  std::map<const SimDevice*, StoppedClock> stopped_clocks_;

 public:
  runtime::SharedData data, no_data;
  std::vector<transport::LobbyEvent> lobby;
  std::optional<transport::SimNetwork> lan;

 private:
  std::unique_ptr<devices::World> world_;  // last: all coroutines die with it, before what they use

 public:
  [[nodiscard]] devices::World& world() { return *world_; }
};

}  // namespace annulet::tests
