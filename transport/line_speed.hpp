/// What one connection was seen to take.
#pragma once

#include "devices/units.hpp"

namespace annulet::transport {

struct LineSpeed {
  devices::Duration round_trip{0};  // of a header there and one back: the median
  devices::Duration least{0};       // and the quickest
  double bytes_per_second = 0;      // there; 0: too high to be seen
  /// One way, without the time that the header's own bytes take.
  [[nodiscard]] devices::Duration delay() const noexcept;
};

}  // namespace annulet::transport
