/// The one place that reads the machine's clock.
#include "devices/steady_clock.hpp"

#include <chrono>
#include <utility>

#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

namespace annulet::devices {

SteadyClock::SteadyClock(asio::any_io_executor executor) : executor_(std::move(executor)) {}

TimePoint SteadyClock::now() const {
  return {
      std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch())};
}

asio::awaitable<void> SteadyClock::sleep_until(TimePoint when) {
  asio::steady_timer timer(executor_, std::chrono::steady_clock::time_point(when.since_start));
  co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace annulet::devices
