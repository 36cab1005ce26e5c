/// A short wait without sleeping, for what comes soon.
#pragma once

#include <cstdint>

#include "devices/clock.hpp"

namespace annulet::devices {

/// A thread that sleeps is awake again some 50 microseconds after what it waits for, several times
/// what a small message takes in a LAN. So look again and again for a while before sleeping - but
/// only while that pays: each time in vain doubles how many later waits go to sleep at once, and
/// where a little longer would have been enough, later waits look for up to four times as long.
class Spin {
 public:
  /// longest: what one wait may take of the processor, not counting what others had meanwhile, or
  /// up to four times that where it has paid; 0: sleep at once. Only with a clock that goes on
  /// meanwhile: a real one.
  Spin(const Clock& clock, Duration longest)
      : clock_(&clock), longest_(longest), allowed_(longest) {}

  [[nodiscard]] Duration longest() const noexcept { return longest_; }
  /// There is nothing yet: look once more? Others have had the processor meanwhile. If not, sleep.
  [[nodiscard]] bool once_more();
  /// It has come: the next wait begins anew.
  void came() noexcept;
  /// It has come while this thread slept: the next wait begins anew. may_pay: whether it can be of
  /// use to look for longer.
  void woke(bool may_pay = true) noexcept;

 private:
  enum class State { looking, spinning, sleeping };
  [[nodiscard]] bool begin();

  const Clock* clock_;
  Duration longest_;
  Duration allowed_;  // longest_, or two or four times that
  State state_ = State::looking;
  Duration spent_{0};  // of this wait, by this thread
  TimePoint begun_, looked_;
  std::uint32_t in_vain_ = 0;  // waits in a row
  std::uint32_t to_skip_ = 0;  // waits that sleep at once
};

}  // namespace annulet::devices
