/// A nursery on one thread.
#include "devices/task_group.hpp"

#include <utility>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/co_spawn.hpp>
#include <asio/this_coro.hpp>

namespace annulet::devices {

TaskGroup::TaskGroup(asio::any_io_executor executor)
    : executor_(std::move(executor)), ended_(executor_) {}

void TaskGroup::spawn(asio::awaitable<void> task, Done done) {
  const auto place = running_.emplace(running_.end());
  asio::co_spawn(executor_, std::move(task),
                 asio::bind_cancellation_slot(place->slot(), [this, place, done = std::move(done)](
                                                                 std::exception_ptr error) {
                   running_.erase(place);
                   if (done) done(error);
                   ended_.notify();
                 }));
}

void TaskGroup::cancel() {
  // Emitting may end a task at once, which erases its place: step on before.
  for (auto it = running_.begin(); it != running_.end();) {
    auto& signal = *it++;
    signal.emit(asio::cancellation_type::terminal);
  }
}

asio::awaitable<void> TaskGroup::join() {
  // Shielded as a whole: cancelled between two waits, it would leave tasks on its owner's memory.
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  while (!running_.empty()) co_await ended_.wait_shielded();
  co_await asio::this_coro::throw_if_cancelled(throws);
}

asio::awaitable<void> TaskGroup::finish() {
  cancel();
  co_await join();
}

}  // namespace annulet::devices
