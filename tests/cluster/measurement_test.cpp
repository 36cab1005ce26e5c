/// Rings that are only measured: in virtual time what is found is what the links are.
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "runtime/measure_request.hpp"
#include "runtime/measured_ring.hpp"
#include "tests/support/sim_cluster.hpp"
#include "transport/faulty_link.hpp"
#include "transport/ring_bytes.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(measurement)

namespace {

namespace data = boost::unit_test::data;
using namespace std::chrono_literals;
using devices::Duration;
using devices::LinkSpeed;

constexpr double kNanosecond = 1e-9;
constexpr std::int64_t kLarge = 1 << 18, kMiddle = 1 << 14, kSmall = 1 << 8;  // elements

runtime::RunConfig request(std::vector<std::int64_t> elements = {kLarge, kMiddle, kSmall},
                           Duration hop = 300ms) {
  runtime::RunConfig config;
  runtime::ask_to_measure(config, {.hop = hop, .time = 1s, .elements = std::move(elements)});
  return config;
}

/// A ring of W without data on any disk.
SimCluster& without_data(SimCluster& ring, std::size_t W) {
  runtime::StartOptions options;
  options.devices = W;
  ring.start({.name = "device-0", .has_data = false}, options);
  for (std::size_t r = 1; r < W; ++r) {
    ring.join({.name = "device-" + std::to_string(r), .has_data = false});
  }
  return ring;
}

const runtime::RingMeasured& result_of(const SimDevice& device) {
  return device.measurements.back();
}

}  // namespace

// The cable's own figures, to the nanosecond that virtual time counts in.
BOOST_DATA_TEST_CASE(what_is_found_is_the_cable,
                     data::make<std::size_t>({2, 3, 5}) *
                         data::make<double>({125e3, 1.25e6, 125e6}) * data::make({0, 2, 40}),
                     W, rate, delay_ms) {
  const Duration delay = std::chrono::milliseconds(delay_ms);
  SimCluster ring(request(), {.link = {rate, delay}});
  without_data(ring, W).run();
  for (std::size_t r = 0; r < W; ++r) {
    BOOST_TEST(ring[r].reason() == "done");
    BOOST_TEST(ring[r].end->measured == W);
    BOOST_TEST(!ring[r].start);  // nothing is trained
    BOOST_REQUIRE(result_of(ring[r]).hops.size() == W);
    for (const auto& hop : result_of(ring[r]).hops) {
      const double header_s = 48 / rate;
      BOOST_TEST(hop.round_trip_s == 2 * (devices::seconds(delay) + header_s),
                 boost::test_tools::tolerance(1e-6));
      BOOST_TEST(std::abs(hop.delay_s - devices::seconds(delay)) < 5 * kNanosecond);
      BOOST_TEST(hop.bytes_per_second == rate, boost::test_tools::tolerance(1e-6));
    }
  }
}

// device-1 sends at a tenth of the others' rate.
BOOST_DATA_TEST_CASE(the_slow_hop_is_the_one_that_is_marked, data::make<std::size_t>({0, 1, 2, 3}),
                     slow) {
  constexpr double kRate = 1.25e6;
  SimCluster ring(request(), {.link = {kRate, 2ms}});
  runtime::StartOptions options;
  options.devices = 4;
  const auto device = [&](std::size_t r) {
    DeviceOptions made{.name = "device-" + std::to_string(r)};
    if (r == slow) made.shape = LinkSpeed{kRate / 10, {}};
    return made;
  };
  ring.start(device(0), options);
  for (std::size_t r = 1; r < 4; ++r) ring.join(device(r));
  ring.run();
  const auto& found = result_of(ring[3]);
  BOOST_REQUIRE(found.hops.size() == 4U);
  BOOST_TEST(runtime::slowest_hop(found) == slow);
  for (std::size_t r = 0; r < 4; ++r) {
    // The last 10 ms of what the slow one has sent cross the cable once more.
    BOOST_TEST(found.hops[r].bytes_per_second == (r == slow ? kRate / 10 : kRate),
               boost::test_tools::tolerance(1e-2));
  }
  BOOST_TEST(runtime::link_of(found).bytes_per_second == found.hops[slow].bytes_per_second);
}

// While a hop is tried, all others say next to nothing.
BOOST_AUTO_TEST_CASE(one_hop_is_loaded_at_a_time) {
  const std::size_t W = 4;
  SimCluster ring(request(), {.link = {1.25e6, 2ms}});
  std::vector<std::vector<std::uint64_t>> carried;  // of each device, when so many hops are known
  without_data(ring, W);
  ring[0].at_measured = [&](const runtime::RingMeasured& event) {
    if (!event.sums.empty()) return;
    auto& now = carried.emplace_back();
    for (std::size_t r = 0; r < W; ++r) now.push_back(ring[r].carried);
  };
  ring.run();
  BOOST_REQUIRE(carried.size() == W + 1);
  for (std::size_t from = 0; from < W; ++from) {
    for (std::size_t r = 0; r < W; ++r) {
      const auto sent = carried[from + 1][r] - carried[from][r];
      constexpr std::uint64_t kMuch = 400'000, kLittle = 10'000;
      if (r == from) BOOST_TEST(sent > kMuch);
      if (r != from) BOOST_TEST(sent < kLittle);
    }
  }
}

// A ring of equal cables takes what the formula says, its headers and checksums beside.
BOOST_DATA_TEST_CASE(sums_take_what_the_formula_says,
                     data::make<std::size_t>({2, 3, 5}) * data::make<double>({1.25e6, 12.5e6}), W,
                     rate) {
  SimCluster ring(request(), {.link = {rate, 2ms}});
  without_data(ring, W).run();
  const auto& found = result_of(ring[0]);
  BOOST_REQUIRE(found.sums.size() == 3U);
  for (const auto& sums : found.sums) {
    BOOST_TEST_CONTEXT(sums.elements << " elements") {
      const double formula = runtime::formula_seconds(found, sums.elements);
      BOOST_TEST(!sums.over_mesh);
      if (formula > 5) {  // five times what each size may take: left out
        BOOST_TEST(sums.repetitions == 0);
        continue;
      }
      BOOST_REQUIRE(sums.repetitions > 0);
      // Headers, checksums, and the starter's word; of whole elements a segment may have one more.
      const double more =
          static_cast<double>(transport::all_reduce_framing(W) + 3 * sizeof(float)) / rate;
      // Sums in succession overlap where a segment takes longer than its way.
      const double overlap = sums.elements == kLarge ? 2 * static_cast<double>(W) * 2e-3 : 0;
      BOOST_TEST(sums.median_s > formula - overlap);
      BOOST_TEST(sums.median_s < formula + more);
    }
  }
}

// 1 Mbit/s: nine seconds of it are the sums of 64 KiB, as one of 1 MiB is left out.
BOOST_AUTO_TEST_CASE(a_slow_ring_does_not_take_minutes) {
  SimCluster ring(request(), {.link = {125e3, 2ms}});
  without_data(ring, 4).run();
  BOOST_TEST(ring[0].reason() == "done");
  BOOST_TEST(result_of(ring[0]).sums.front().repetitions == 0U);
  BOOST_TEST((ring[0].ended_at.since_start < 20s));
  auto quick = request({kLarge, kMiddle, kSmall}, 100ms);
  quick.measure->time = 300ms;
  SimCluster hasty(quick, {.link = {125e3, 2ms}});
  without_data(hasty, 4).run();
  BOOST_TEST((hasty[0].ended_at.since_start < ring[0].ended_at.since_start / 2));
}

BOOST_AUTO_TEST_CASE(small_sums_go_over_the_mesh_where_that_is_asked_for) {
  auto config = request({kLarge, kSmall}, Duration{0});
  config.exchange = runtime::Exchange::automatic;
  SimCluster ring(config, {.link = {1.25e6, 2ms}});
  without_data(ring, 4).run();
  const auto& found = result_of(ring[0]);
  BOOST_TEST(ring[2].reason() == "done");
  BOOST_TEST(found.hops.empty());  // none was asked for
  BOOST_REQUIRE(found.sums.size() == 2U);
  BOOST_TEST(!found.sums[0].over_mesh);
  BOOST_TEST(found.sums[1].over_mesh);
  BOOST_TEST(found.sums[1].median_s < 4e-3);  // one hop, of six
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
