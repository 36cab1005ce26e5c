/// Slowest rates, mean delays, and sums that follow each other.
#include "runtime/measured_ring.hpp"

#include <algorithm>

namespace annulet::runtime {

std::size_t slowest_hop(const RingMeasured& ring) {
  std::size_t slowest = 0;
  for (std::size_t r = 1; r < ring.hops.size(); ++r) {
    const double rate = ring.hops[r].bytes_per_second, least = ring.hops[slowest].bytes_per_second;
    if (rate > 0 && (least == 0 || rate < least)) slowest = r;
  }
  return slowest;
}

devices::LinkSpeed link_of(const RingMeasured& ring) {
  double delays = 0;
  for (const auto& hop : ring.hops) delays += hop.delay_s;
  return {ring.hops[slowest_hop(ring)].bytes_per_second,
          devices::from_seconds(delays / static_cast<double>(ring.hops.size()))};
}

double formula_seconds(const RingMeasured& ring, std::int64_t elements) {
  const auto link = link_of(ring);
  const auto W = static_cast<double>(ring.devices.size());
  const double bytes = sizeof(float) * static_cast<double>(elements), rate = link.bytes_per_second;
  const double bytes_s = rate > 0 ? 2 * (W - 1) / W * bytes / rate : 0;
  return bytes_s + 2 * (W - 1) * devices::seconds(link.delay);
}

void fill_in(SumsMeasured& sums, std::vector<double> seconds, std::size_t devices) {
  if (seconds.size() < 2) return;
  sums.repetitions = seconds.size() - 1;
  const auto width = std::min(devices, seconds.size() - 1), means = seconds.size() - width;
  for (std::size_t i = 0; i < means; ++i) {
    double sum = 0;
    for (std::size_t k = i + 1; k < seconds.size() && k <= i + width; ++k) sum += seconds[k];
    seconds[i] = sum / static_cast<double>(width);
  }
  seconds.resize(means);
  std::ranges::sort(seconds);
  const std::size_t last = means - 1;
  sums.median_s = seconds[(last + 1) / 2];
  sums.p10_s = seconds[last / 10];
  sums.p90_s = seconds[last - last / 10];
}

}  // namespace annulet::runtime
