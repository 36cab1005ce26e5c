/// Counts the signals that ask for an end.
#include "runtime/stop_signals.hpp"

#include <csignal>
#include <cstdlib>
#include <utility>

namespace annulet::runtime {

StopSignals::StopSignals(std::function<void()> first, std::function<void()> second)
    : first_(std::move(first)),
      second_(std::move(second)),
      signals_(context_, SIGINT, SIGTERM, SIGHUP) {
  wait();
  thread_ = std::jthread([this] { context_.run(); });
}

StopSignals::~StopSignals() { context_.stop(); }

void StopSignals::wait() {
  signals_.async_wait([this](asio::error_code error, int) {
    if (error) return;
    ++heard_;
    if (heard_ > 2) std::_Exit(kInterrupted);
    (heard_ == 1 ? first_ : second_)();
    wait();
  });
}

}  // namespace annulet::runtime
