/// The one place that decides what a device is made of: real, or simulated.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <asio/any_io_executor.hpp>

#include "devices/units.hpp"
#include "model/catalogue.hpp"
#include "runtime/data_source.hpp"
#include "runtime/observer.hpp"
#include "runtime/run_config.hpp"
#include "runtime/schedule.hpp"
#include "runtime/session_options.hpp"
#include "transport/link.hpp"
#include "transport/lobby_event.hpp"

namespace annulet::runtime {

class CheckpointStore;
class RealParts;

/// Makes the network a device uses out of the one it would have used, which outlives it: one that
/// counts, records or encrypts, or another one altogether. Called once a device, on its thread;
/// `executor` runs what the network awaits.
using WrapNetwork = std::function<std::unique_ptr<transport::Network>(
    transport::Network& inner, const asio::any_io_executor& executor)>;

/// Called over and over by the loop that does all else: from a loop that hangs nothing is heard.
struct Pulse {
  devices::Duration every{std::chrono::seconds(1)};
  std::function<void()> beat{};  // empty: none. Must not throw
};

/// A device on this machine: its sockets, its clock, its compute thread.
struct RealDevice {
  SessionOptions session{};
  // Where its data come from; asked on the compute thread. Not null.
  std::shared_ptr<DataSource> data = std::make_shared<DiskData>();
  WrapNetwork wrap_network{};                 // around TCP; empty: TCP as it is
  std::optional<devices::LinkSpeed> shape{};  // rate and delay put on every link, for demos
  double slowdown = 1;  // how much longer its work takes than it does, >= 1, for demos
  // Told where this device listens, or whom it dials, as soon as a signal would end it in order.
  std::function<void(const transport::Endpoint&)> listening{};
  std::function<void()> interrupted{};  // told of the first SIGINT, SIGTERM or SIGHUP
  model::Catalogue catalogue = model::Catalogue::builtin();  // what model.kind may name
  Schedules schedules = Schedules::builtin();                // what schedule.kind may name
  CheckpointStore* checkpoints = nullptr;  // outlives the run; null: nothing is kept
  Pulse pulse{};
};

/// Starts a run, listening at `at` unless it is for one device. Blocks until it has ended. SIGINT,
/// SIGTERM and SIGHUP ask it to stop after the round; a second one ends it in the middle of the
/// round, with what was finished. When writing that takes more than five seconds, and at a third
/// one, the process ends at once with exit code 130. `show` hears of who comes and goes, within
/// what people can read. Throws RendezvousError when it cannot listen there.
[[nodiscard]] RunFinished start_run(const RealDevice& device, const RunConfig& config,
                                    const StartOptions& options, const transport::Endpoint& at,
                                    Observer& observer,
                                    std::function<void(const transport::LobbyEvent&)> show);

/// Takes part in a run. Blocks, and hears signals, as start_run does. Listens for its ring
/// neighbour on any free port. A starter that does not answer is an end with exit code 5, not an
/// exception.
[[nodiscard]] RunFinished join_run(const RealDevice& device, const JoinOptions& options,
                                   Observer& observer);

/// A device that takes part in one run after another, on one loop. From its beginning to its end it
/// hears signals as start_run does; between runs one is enough for the end. Blocks like it.
class Member final {
 public:
  /// `device` outlives it.
  explicit Member(const RealDevice& device);
  Member(const Member&) = delete;
  Member& operator=(const Member&) = delete;
  ~Member();

  /// Takes part in a run, as join_run does: in none any more once an end is asked for.
  [[nodiscard]] RunFinished join(const JoinOptions& options, Observer& observer);
  /// Lets the time pass, or as much of it as passes until an end is asked for. Is it?
  [[nodiscard]] bool rest(devices::Duration time);

 private:
  const RealDevice& device_;
  std::unique_ptr<RealParts> parts_;
};

/// A whole ring in virtual time.
struct Simulation {
  std::size_t devices = 1;
  devices::LinkSpeed link{1.25e6, std::chrono::milliseconds(2)};  // 10 Mbit/s, 2 ms
  std::vector<double> flops_per_second{5e9};  // of each device, the last one also of all others
  double drop = 0;  // the probability that a device misses a round, 0 <= drop < 1
  // The rounds of a run that was, to take them again and to the same models (runtime/replay.hpp);
  // null: they are chosen.
  std::shared_ptr<const Replay> replay{};
  WrapNetwork wrap_network{};  // around every device's part of the simulated LAN; empty: none
  bool gap = false;            // as StartOptions::gap
  // Told, on another thread, of the first SIGINT, SIGTERM or SIGHUP, which ends the run after the
  // round; a second ends it in the middle of the round, a third the process. Empty: signals do what
  // they did before.
  std::function<void()> interrupted{};
  model::Catalogue catalogue = model::Catalogue::builtin();  // what model.kind may name
  Schedules schedules = Schedules::builtin();                // what schedule.kind may name
  CheckpointStore* checkpoints = nullptr;  // of all devices; outlives the run; null: none
  std::vector<std::shared_ptr<ResumeFrom>> resume{};  // of each device, by rank, or empty
};

/// Runs all devices in this process, on this thread; the result is the starter's, the same bits
/// each time and the same as over TCP. `data` is asked by every device, on this thread. Observed is
/// the starter (rank 0).
[[nodiscard]] RunFinished simulate(const RunConfig& config, const Simulation& simulation,
                                   DataSource& data, Observer& observer);

}  // namespace annulet::runtime
