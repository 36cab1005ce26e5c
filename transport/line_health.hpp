/// What has become of the packets of a connection.
#pragma once

#include <algorithm>
#include <cstdint>

#include "devices/units.hpp"

namespace annulet::transport {

/// As the kernel counts it on the side that sends. No segments: nothing is known.
struct LineHealth {
  std::uint64_t segments = 0;       // with data, that were sent
  std::uint64_t lost = 0;           // of them, those that were sent anew and had to be
  devices::Duration round_trip{0};  // the quickest of the last minutes
  bool slows_down = false;          // for each loss, as cubic does and bbr does not

  /// What was added after `then`. Losses may have become fewer: that one was none is heard later.
  [[nodiscard]] LineHealth since(const LineHealth& then) const noexcept {
    return {segments - then.segments, lost - std::min(lost, then.lost), round_trip, slows_down};
  }
  bool operator==(const LineHealth&) const = default;
};

/// Do losses, and not the line, say how much the connection sends? From one segment in 500 on, and
/// where a round trip takes 2 ms: on nearer paths what is lost is soon made up for.
/// Source: Mathis et al. 1997; docs/decisions/0042.
[[nodiscard]] bool is_held_back(const LineHealth& seen) noexcept;

}  // namespace annulet::transport
