/// What a ring was found to take, for those who reckon with it.
#pragma once

#include <cstddef>
#include <vector>

#include "devices/units.hpp"
#include "runtime/observer.hpp"

namespace annulet::runtime {

/// The slowest hop, as an index; of equals the first.
[[nodiscard]] std::size_t slowest_hop(const RingMeasured& ring);
/// One link for all hops, as plans have it: the slowest rate and the mean delay.
[[nodiscard]] devices::LinkSpeed link_of(const RingMeasured& ring);
/// What an all-reduce around such a ring takes by the formula: 2(W-1)/W of the bytes at the slowest
/// rate, and 2(W-1) delays.
[[nodiscard]] double formula_seconds(const RingMeasured& ring, std::int64_t elements);
/// Fills in the times of `sums`, of which the first of `seconds` does not count. A device may begin
/// the next sum while another ends this one, so that single ones take longer and shorter by turns,
/// which come back after one for each device: taken are the means of so many in succession.
void fill_in(SumsMeasured& sums, std::vector<double> seconds, std::size_t devices);

}  // namespace annulet::runtime
