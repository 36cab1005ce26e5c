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
  /// Returns true at `when` or later, at once when that is past; false when cancelled before. No
  /// exception then: most deadlines end so.
  virtual asio::awaitable<bool> reach(TimePoint when) = 0;
  /// The same for those who have more to do. Cancellable (operation_aborted).
  asio::awaitable<void> sleep_until(TimePoint when);
};

}  // namespace annulet::devices
