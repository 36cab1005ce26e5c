/// The one place that reads the machine's clock.
#include "devices/steady_clock.hpp"

#include <chrono>
#include <utility>

#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

namespace annulet::devices {

SteadyClock::SteadyClock(asio::any_io_executor executor) : executor_(std::move(executor)) {}

TimePoint SteadyClock::now() const {
  return {
      std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch())};
}

asio::awaitable<bool> SteadyClock::reach(TimePoint when) {
  asio::steady_timer timer(executor_, std::chrono::steady_clock::time_point(when.since_start));
  asio::error_code cancelled;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  co_return !cancelled;
}

}  // namespace annulet::devices
