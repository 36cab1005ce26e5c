/// Ctrl-C for a ring in virtual time, whose one thread computes and cannot wait for signals.
#pragma once

#include <functional>
#include <thread>

#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>

namespace annulet::runtime {

/// Exit code of a run that SIGINT, SIGTERM or SIGHUP ended.
inline constexpr int kInterrupted = 130;

/// Hears SIGINT, SIGTERM and SIGHUP while it lives, on a thread of its own. The first and the
/// second are told there, and may not throw; a third ends the process at once.
class StopSignals {
 public:
  StopSignals(std::function<void()> first, std::function<void()> second);
  /// Returns when nothing is being told any more.
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

 private:
  void wait();

  std::function<void()> first_, second_;
  int heard_ = 0;
  asio::io_context context_{1};
  asio::signal_set signals_;
  std::jthread thread_;  // last: joined before all that it uses goes
};

}  // namespace annulet::runtime
