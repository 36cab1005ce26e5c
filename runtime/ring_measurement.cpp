/// Trials, sums that are only timed, and one device's word on both.
#include "runtime/ring_measurement.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "runtime/gather.hpp"
#include "transport/hop_trial.hpp"
#include "transport/ring_bytes.hpp"

namespace annulet::runtime {
namespace {

// As in training.cpp: all waits are watched by heartbeats and by the starter.
constexpr std::chrono::hours kLongest{24};
constexpr std::size_t kMostSums = 10'000;
// Sizes of which one would take longer than so many times measure.time are left out.
constexpr double kPatience = 5;
// What the first device says with a sum, and of each size.
constexpr float kLast = 0, kAgain = 1, kEnd = 2;
constexpr float kLeftOut = 0, kRing = 1, kMesh = 2;

/// Of what another device says.
double sound(double said) { return std::isfinite(said) && said > 0 ? said : 0; }

}  // namespace

RingMeasurement::RingMeasurement(MeasurementInputs inputs, std::vector<std::string> devices)
    : in_(std::move(inputs)), is_first_(in_.ring.place().rank == 0) {
  known_.devices = std::move(devices);
}

transport::Operation RingMeasurement::next_operation() noexcept {
  return {in_.epoch, ++operations_, 0, false};
}

devices::TimePoint RingMeasurement::limit() const { return in_.clock.now() + kLongest; }

asio::awaitable<TrainingEnd> RingMeasurement::run() {
  in_.observer.measured(known_);
  const auto is_over = [this] { return stopped_ || (!is_first_ && in_.stop()); };
  const bool tries = in_.measure.hop > devices::Duration{0};
  for (std::size_t from = 0; tries && from < known_.devices.size() && !is_over(); ++from) {
    co_await measure_hop(from);
  }
  std::vector<float> ways;
  if (!is_over()) ways = co_await choose_ways();
  for (std::size_t i = 0; i < ways.size() && !is_over(); ++i) {
    if (ways[i] == kMesh && !in_.ring.has_mesh()) co_await in_.add_mesh();
    const auto bytes = in_.measure.bytes[i];
    if (ways[i] == kLeftOut) known_.sums.push_back({.bytes = bytes});
    if (ways[i] != kLeftOut) co_await time_sums(bytes, ways[i] == kMesh);
    in_.observer.measured(known_);
  }
  if (stopped_) co_return TrainingEnd::stopped;
  co_return is_over() ? TrainingEnd::left : TrainingEnd::done;
}

asio::awaitable<void> RingMeasurement::measure_hop(std::size_t from) {
  const auto [rank, size] = in_.ring.place();
  transport::LineSpeed line;
  if (rank == from) line = co_await in_.ring.try_next(in_.measure.hop);
  if (rank == (from + 1) % size) co_await in_.ring.answer_previous();
  std::vector<double> mine{devices::seconds(line.round_trip), devices::seconds(line.least),
                           devices::seconds(line.delay()), line.bytes_per_second,
                           in_.stop() ? 1.0 : 0.0};
  const auto all = co_await gather(in_.ring, next_operation(), std::move(mine), limit());
  const auto& said = all[from];
  known_.hops.push_back({sound(said[0]), sound(said[1]), sound(said[2]), sound(said[3])});
  stopped_ = all[0][4] > 0;
  in_.observer.measured(known_);
}

asio::awaitable<std::vector<float>> RingMeasurement::choose_ways() {
  devices::LinkSpeed link;
  if (in_.may_mesh) {
    link = co_await transport::measure_hop(in_.ring, in_.clock, next_operation(), limit());
  }
  std::vector<float> ways(in_.measure.bytes.size());
  const double most = kPatience * devices::seconds(in_.measure.time);
  for (std::size_t i = 0; is_first_ && i < ways.size(); ++i) {
    const auto bytes = in_.measure.bytes[i];
    const bool takes_mesh =
        in_.may_mesh && transport::is_mesh_faster(known_.devices.size(), bytes, link);
    const bool is_long = !known_.hops.empty() && formula_seconds(known_, bytes) > most;
    ways[i] = takes_mesh ? kMesh : is_long ? kLeftOut : kRing;
  }
  co_await in_.ring.all_reduce(next_operation(), ways, {}, limit());
  co_return ways;
}

asio::awaitable<void> RingMeasurement::time_sums(std::uint64_t bytes, bool over_mesh) {
  std::vector<float> values(static_cast<std::size_t>(bytes / sizeof(float)));
  SumsMeasured sums{.bytes = bytes, .over_mesh = over_mesh};
  const auto begin = in_.clock.now();
  float said = kAgain;
  for (std::size_t done = 0; said == kAgain; ++done) {
    said = is_first_ ? word(done, begin) : 0.0F;
    const auto start = in_.clock.now();
    co_await in_.ring.all_reduce(next_operation(), values, {&said, 1}, limit());
    // All begin the first one when they come to it.
    if (is_first_ && done > 0) sums.seconds.push_back(devices::seconds(in_.clock.now() - start));
  }
  stopped_ = said == kEnd;
  std::ranges::sort(sums.seconds);
  known_.sums.push_back(std::move(sums));
}

/// Of the first device: is there to be another sum after the one that follows `done`?
float RingMeasurement::word(std::size_t done, devices::TimePoint begin) const {
  if (in_.stop()) return kEnd;
  if (done == 0) return kAgain;
  const double passed = devices::seconds(in_.clock.now() - begin);
  const auto n = static_cast<double>(done);
  const bool fits = passed * (n + 2) / n <= devices::seconds(in_.measure.time);
  return fits && done < kMostSums ? kAgain : kLast;
}

std::size_t slowest_hop(const RingMeasured& ring) {
  const auto slower = [](const HopMeasured& a, const HopMeasured& b) {
    return a.bytes_per_second > 0 &&
           (b.bytes_per_second == 0 || a.bytes_per_second < b.bytes_per_second);
  };
  return static_cast<std::size_t>(std::ranges::min_element(ring.hops, slower) - ring.hops.begin());
}

devices::LinkSpeed link_of(const RingMeasured& ring) {
  double delays = 0;
  for (const auto& hop : ring.hops) delays += hop.delay_s;
  return {ring.hops[slowest_hop(ring)].bytes_per_second,
          devices::from_seconds(delays / static_cast<double>(ring.hops.size()))};
}

double formula_seconds(const RingMeasured& ring, std::uint64_t bytes) {
  const auto link = link_of(ring);
  const auto W = static_cast<double>(ring.devices.size()), vector = static_cast<double>(bytes);
  const double rate = link.bytes_per_second;
  const double bytes_s = rate > 0 ? 2 * (W - 1) / W * vector / rate : 0;
  return bytes_s + 2 * (W - 1) * devices::seconds(link.delay);
}

}  // namespace annulet::runtime
