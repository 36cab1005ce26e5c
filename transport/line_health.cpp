/// When a line counts as lossy.
#include "transport/line_health.hpp"

#include <chrono>

namespace annulet::transport {

bool is_held_back(const LineHealth& seen) noexcept {
  constexpr std::uint64_t kFewest = 2, kOneIn = 500;
  constexpr std::chrono::milliseconds kFar{2};
  return seen.slows_down && seen.round_trip >= kFar && seen.lost >= kFewest &&
         seen.lost >= (seen.segments + kOneIn - 1) / kOneIn;
}

}  // namespace annulet::transport
