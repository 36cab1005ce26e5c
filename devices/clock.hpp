/// Time is asked for, never read behind our back: a real clock, or virtual time in a simulation.
#pragma once

#include <asio/awaitable.hpp>

#include "devices/units.hpp"

namespace annulet::devices {

/// Never goes back. Awaited on one thread, asked by any that works for that one.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual TimePoint now() const = 0;
  /// Returns at `when` or later; at once when that is past. Cancellable (operation_aborted).
  virtual asio::awaitable<void> sleep_until(TimePoint when) = 0;
};

}  // namespace annulet::devices
