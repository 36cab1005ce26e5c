/// Coroutines that live no longer than their owner.
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <list>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/cancellation_signal.hpp>

#include "devices/signal.hpp"

namespace annulet::devices {

/// Spawns coroutines that borrow the owner's memory. The owner must co_await finish() before that
/// memory goes.
class TaskGroup {
 public:
  /// Called when a task ends, with its error or nullptr.
  using Done = std::function<void(std::exception_ptr)>;

  explicit TaskGroup(asio::any_io_executor executor);
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  /// Runs `task` on the executor from its next turn on; `done` is called there.
  void spawn(asio::awaitable<void> task, Done done = {});
  [[nodiscard]] std::size_t size() const noexcept { return running_.size(); }
  /// Asks all tasks to stop (operation_aborted at their next wait).
  void cancel();
  /// Waits until no task is left. Not cancellable.
  asio::awaitable<void> join();
  /// cancel, then join.
  asio::awaitable<void> finish();

 private:
  asio::any_io_executor executor_;
  std::list<asio::cancellation_signal> running_;
  Signal ended_;
};

}  // namespace annulet::devices
