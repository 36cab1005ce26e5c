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
#include "runtime/ring_measurement.hpp"
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
using transport::Fault;
using transport::Way;

constexpr double kNanosecond = 1e-9;
constexpr std::uint64_t kLarge = 1 << 20, kSmall = 1 << 10;

runtime::RunConfig request(std::vector<std::uint64_t> bytes = {kLarge, 64 << 10, kSmall},
                           Duration hop = 300ms) {
  return runtime::measuring({.hop = hop, .time = 1s, .bytes = std::move(bytes)});
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
      BOOST_TEST(std::abs(hop.delay_s - devices::seconds(delay)) < 2 * kNanosecond);
      BOOST_TEST(hop.bytes_per_second == rate, boost::test_tools::tolerance(1e-6));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
