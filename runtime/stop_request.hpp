/// Ctrl-C, as the rest of the program sees it.
#pragma once

#include <stop_token>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>

#include "devices/signal.hpp"

namespace annulet::runtime {

class StopRequest {
 public:
  explicit StopRequest(const asio::any_io_executor& executor)
      : signal_(executor), hurry_signal_(executor) {}
  void request() {
    requested_ = true;
    source_.request_stop();
    signal_.notify();
  }
  /// Asked for a second time: not even the round under way is waited for.
  void hurry() {
    hurried_ = true;
    hurry_signal_.notify();
  }
  /// Ends computations on other threads that need not be finished.
  [[nodiscard]] std::stop_token token() const { return source_.get_token(); }
  [[nodiscard]] bool requested() const noexcept { return requested_; }
  /// Returns when it has been requested.
  asio::awaitable<void> wait() {
    while (!requested_) co_await signal_.wait();
  }
  asio::awaitable<void> wait_for_hurry() {
    while (!hurried_) co_await hurry_signal_.wait();
  }

 private:
  devices::Signal signal_, hurry_signal_;
  std::stop_source source_;
  bool requested_ = false, hurried_ = false;
};

}  // namespace annulet::runtime
