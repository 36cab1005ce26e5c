/// Lets one coroutine wait until another one says so, on one thread.
#pragma once

#include <memory>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>

namespace annulet::devices {

/// One waiter at a time. A notify() without a waiter is remembered (once), so none is ever lost.
class Signal {
 public:
  explicit Signal(const asio::any_io_executor& executor);
  ~Signal();
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;

  /// On the executor's thread only.
  void notify();
  /// Cancellable: throws operation_aborted.
  asio::awaitable<void> wait();
  /// The same without an exception: false when it was cancelled.
  asio::awaitable<bool> wait_or_cancel();
  /// Waits even when cancelled, for what must have ended before memory goes. A cancellation that
  /// came meanwhile shows at the caller's next co_await.
  asio::awaitable<void> wait_shielded();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace annulet::devices
