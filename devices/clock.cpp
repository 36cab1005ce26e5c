/// Sleeping, in terms of a wait that says how it ended.
#include "devices/clock.hpp"

#include <system_error>

#include <asio/error.hpp>

namespace annulet::devices {

asio::awaitable<void> Clock::sleep_until(TimePoint when) {
  const bool came = co_await reach(when);
  if (!came) throw std::system_error(asio::error::operation_aborted);
}

}  // namespace annulet::devices
