/// A few numbers of every device, known to all afterwards: over the same ring, in double.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <asio/awaitable.hpp>

#include "devices/clock.hpp"
#include "transport/ring.hpp"

namespace annulet::runtime {

/// result[r][i] is number i of rank r, exactly as rank r passed it (within float's range; others
/// come as NaN). Rides as an all-reduce in which every device fills slots of its own and zeros
/// elsewhere: three floats hold a double, and adding zeros changes no bit. Counted as control.
asio::awaitable<std::vector<std::vector<double>>> gather(transport::Ring& ring,
                                                         transport::Operation operation,
                                                         std::vector<double> mine,
                                                         devices::TimePoint deadline);

/// Adds up number i of all ranks, in rank order: the same bits on all devices.
[[nodiscard]] double sum_of(const std::vector<std::vector<double>>& gathered, std::size_t i);

}  // namespace annulet::runtime
