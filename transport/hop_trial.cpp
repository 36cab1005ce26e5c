/// Sums that are only timed.
#include "transport/hop_trial.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "transport/ring_bytes.hpp"

namespace annulet::transport {
namespace {

constexpr std::size_t kLarge = std::size_t{16} << 10;  // elements, 64 KiB
constexpr int kSmallOnes = 3;

asio::awaitable<devices::Duration> time_of(Ring& ring, devices::Clock& clock, Operation operation,
                                           std::size_t elements, devices::TimePoint deadline) {
  std::vector<float> values(elements);
  const auto start = clock.now();
  co_await ring.all_reduce(operation, values, {}, deadline);
  co_return clock.now() - start;
}

}  // namespace

asio::awaitable<devices::LinkSpeed> measure_hop(Ring& ring, devices::Clock& clock,
                                                Operation operation, devices::TimePoint deadline) {
  const auto size = ring.place().size;
  const auto W = static_cast<double>(size), hops = 2 * (W - 1);
  co_await time_of(ring, clock, operation, 1, deadline);
  auto small = co_await time_of(ring, clock, operation, 1, deadline);
  for (int i = 1; i < kSmallOnes; ++i) {
    small = std::min(small, co_await time_of(ring, clock, operation, 1, deadline));
  }
  const auto large = co_await time_of(ring, clock, operation, kLarge, deadline);
  const double bytes = hops / W * static_cast<double>(kLarge * sizeof(float));
  const double byte_s = std::max(0.0, devices::seconds(large - small) / bytes);
  const double framing_s = byte_s * static_cast<double>(all_reduce_framing(size));
  const double delay_s = std::max(0.0, devices::seconds(small) - framing_s) / hops;
  co_return devices::LinkSpeed{byte_s > 0 ? 1 / byte_s : 0, devices::from_seconds(delay_s)};
}

asio::awaitable<bool> word_of_first(Ring& ring, Operation operation, bool ours,
                                    devices::TimePoint deadline) {
  std::vector<float> word{ring.place().rank == 0 && ours ? 1.0F : 0.0F};
  co_await ring.all_reduce(operation, word, {}, deadline);
  co_return word[0] > 0;
}

}  // namespace annulet::transport
