/// Writes a device's checkpoints beside its training, never in the path of a round.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>

#include "devices/clock.hpp"
#include "devices/processor.hpp"
#include "devices/task_group.hpp"
#include "model/types.hpp"
#include "runtime/checkpoint_store.hpp"
#include "runtime/observer.hpp"

namespace annulet::runtime {

/// What writing takes: a place, and a thread that may wait for a disk. `newest`: the newest round
/// that the disk has, 0 for none; simulated devices, which share a store, share it too. Not null.
struct CheckpointTools {
  CheckpointStore& store;
  devices::Processor& files;
  std::shared_ptr<std::int64_t> newest = std::make_shared<std::int64_t>(0);
};

/// One buffer, which is written; another while one waits for that. A newer one takes the place of
/// one that waits. Buffers keep their memory. finish() must be awaited before this goes.
class CheckpointWriter {
 public:
  struct Place {
    std::size_t rank, workers;
  };
  /// Which older checkpoints stay when this one has been written: the common one, or besides it
  /// the newest, for those of a run's end, which not all devices may have of the same round.
  enum class Reason { regular, ending };

  /// All outlive the writer. The observer hears of each checkpoint on `executor`; of one whose
  /// parts are those of several devices, that of the device whose part was the last.
  CheckpointWriter(const asio::any_io_executor& executor, const devices::Clock& clock,
                   CheckpointTools tools, Observer& observer, Place place);

  /// A buffer for the next record, in the place of one that waits; then submit(), or fail().
  [[nodiscard]] std::vector<std::byte>& blank() noexcept {
    waiting_.reset();
    if (!busy_ && waiting_record_.empty()) waiting_record_.swap(record_);
    return waiting_record_;
  }
  void submit(std::int64_t round, model::Step step, Reason reason);
  /// There is no record of that round: tells why.
  void fail(std::int64_t round, model::Step step, const std::string& problem);
  [[nodiscard]] bool busy() const noexcept { return busy_; }

  /// The newest round that this device's disk has; 0: none.
  [[nodiscard]] std::int64_t newest() const noexcept { return *tools_.newest; }
  /// All devices have the checkpoint of this round: it stays until there is a newer such one.
  void set_common(std::int64_t round);

  /// Returns when all is written.
  asio::awaitable<void> finish();

 private:
  struct Job {
    std::int64_t round = 0;
    model::Step step = 0;
    Reason reason = Reason::regular;
  };

  asio::awaitable<void> write_all();
  asio::awaitable<void> write(Job job);

  const devices::Clock& clock_;
  CheckpointTools tools_;
  Observer& observer_;
  Place place_;
  std::optional<Job> waiting_;
  std::vector<std::byte> waiting_record_, record_;
  std::int64_t common_ = 0;
  bool busy_ = false;
  devices::TaskGroup tasks_;
};

}  // namespace annulet::runtime
