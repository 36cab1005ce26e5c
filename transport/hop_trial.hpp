/// What a hop of a ring takes, as sums around it show.
#pragma once

#include <asio/awaitable.hpp>

#include "devices/clock.hpp"
#include "devices/units.hpp"
#include "transport/ring.hpp"

namespace annulet::transport {

/// Delay and rate of a hop, this worker's view of it: from the quickest of three sums of one
/// element and from one of 64 KiB, so that the rate shows. All workers call it at the same point;
/// one sum before these waits until they have. operation: of all five. rate 0: too high to be seen.
/// Throws as all_reduce does. Without a mesh.
asio::awaitable<devices::LinkSpeed> measure_hop(Ring& ring, devices::Clock& clock,
                                                Operation operation, devices::TimePoint deadline);

/// Whether worker 0 says yes, on all; what others say does not matter.
asio::awaitable<bool> word_of_first(Ring& ring, Operation operation, bool ours,
                                    devices::TimePoint deadline);

}  // namespace annulet::transport
