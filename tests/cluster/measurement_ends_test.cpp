/// How a measurement ends that does not come to its end: a device goes, stands still, has had
/// enough.
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "runtime/measure_request.hpp"
#include "tests/support/sim_cluster.hpp"
#include "transport/faulty_link.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(measurement_ends)

namespace {

namespace data = boost::unit_test::data;
using namespace std::chrono_literals;
using transport::Fault;
using transport::Way;

constexpr int kLost = 5, kInterrupted = 130;

runtime::RunConfig request(std::vector<std::int64_t> elements = {1 << 18, 1 << 8}) {
  runtime::RunConfig config;
  runtime::ask_to_measure(config, {.hop = 300ms, .time = 1s, .elements = std::move(elements)});
  return config;
}

/// Three devices; the last one has a link that breaks.
SimCluster& with_fault(SimCluster& ring, std::size_t link, const transport::FaultPlan& fault) {
  runtime::StartOptions options;
  options.devices = 3;
  ring.start({.name = "device-0"}, options);
  ring.join({.name = "device-1"});
  ring.join({.name = "device-2", .faulty_link = link, .fault = fault});
  ring.run();
  return ring;
}

void check_all_lost(const SimCluster& ring, const std::string& name) {
  for (std::size_t r = 0; r < ring.size(); ++r) {
    if (ring[r].options.name == name) continue;
    BOOST_TEST_CONTEXT(ring[r].options.name << ": " << ring[r].reason()) {
      BOOST_TEST(ring[r].code() == kLost);
      BOOST_TEST(ring[r].end->lost_device.value_or("nobody") == name);
      BOOST_TEST(ring[r].end->measured == 0U);
    }
  }
}

}  // namespace

// While its neighbours are tried, while it is, and between sums.
BOOST_DATA_TEST_CASE(a_device_that_goes_ends_it_on_all,
                     data::make({1, 2}) * data::make({100, 900, 1700, 2600, 4000}), who, when_ms) {
  SimCluster ring(3, request(), {.link = {1.25e6, 2ms}});
  const auto name = "device-" + std::to_string(who);
  ring.at(std::chrono::milliseconds(when_ms), [&ring, name] { ring.lan->kill(name); });
  ring.run();
  check_all_lost(ring, name);
  BOOST_TEST((ring[0].ended_at.since_start < std::chrono::milliseconds(when_ms) + 1s));
}

BOOST_DATA_TEST_CASE(a_device_that_falls_silent_is_noticed, data::make({100, 1700, 4000}),
                     when_ms) {
  SimCluster ring(3, request(), {.link = {1.25e6, 2ms}});
  ring.at(std::chrono::milliseconds(when_ms), [&ring] { ring.lan->cut("device-2"); });
  ring.run();
  for (const std::size_t r : {0U, 1U}) {
    BOOST_TEST(ring[r].reason() == "device lost: device-2: silent for 5 s");
    BOOST_TEST((ring[r].ended_at.since_start < std::chrono::milliseconds(when_ms) + 6s));
  }
}

// Links of device-2: its line to the starter, then from device-1 or to device-0, as they come.
BOOST_DATA_TEST_CASE(a_link_that_breaks_anywhere_ends_it_on_all,
                     data::make<std::size_t>({1, 2}) *
                         data::make<std::uint64_t>({30, 64, 100, 5'000, 700'000}),
                     link, byte) {
  SimCluster ring(request(), {.link = {1.25e6, 2ms}});
  with_fault(ring, link, {.fault = Fault::cut, .way = Way::receiving, .byte = byte});
  for (std::size_t r = 0; r < 3; ++r) {
    BOOST_TEST_CONTEXT(ring[r].options.name << ": " << ring[r].reason()) {
      const bool is_untouched = ring[r].code() == 0;  // so much never comes that way
      BOOST_TEST((is_untouched || ring[r].code() == kLost));
      BOOST_TEST(ring[r].code() == ring[0].code());
    }
  }
}

// Heartbeats go on: it is an answer that is missed, and the one who owes it is named.
BOOST_AUTO_TEST_CASE(a_line_that_stands_still_is_noticed_by_who_tries_it) {
  constexpr std::size_t kFromPrevious = 1;
  SimCluster ring(request(), {.link = {1.25e6, 2ms}});
  with_fault(ring, kFromPrevious, {.fault = Fault::stall, .way = Way::receiving, .byte = 10'000});
  BOOST_TEST(ring[0].reason() ==
             "device lost: device-2: its link to device-1 failed: Connection timed out");
  for (std::size_t r = 0; r < 3; ++r) {
    BOOST_TEST(ring[r].code() == kLost);
    BOOST_TEST((ring[r].ended_at.since_start < 65s));
  }
}

BOOST_DATA_TEST_CASE(the_starter_ends_it_for_all_in_order, data::make({300, 1700, 3000}), when_ms) {
  SimCluster ring(3, request(), {.link = {1.25e6, 2ms}});
  ring.at(std::chrono::milliseconds(when_ms), [&ring] { ring[0].request_stop(); });
  ring.run();
  for (std::size_t r = 0; r < 3; ++r) {
    BOOST_TEST(ring[r].code() == kInterrupted);
    BOOST_TEST(ring[r].reason() == "interrupted");
  }
  BOOST_TEST((ring[0].ended_at.since_start < std::chrono::milliseconds(when_ms) + 3s));
}

BOOST_AUTO_TEST_CASE(a_joiner_that_has_had_enough_is_lost_to_the_others) {
  SimCluster ring(3, request(), {.link = {1.25e6, 2ms}});
  ring.at(500ms, [&ring] { ring[1].request_stop(); });
  ring.run();
  BOOST_TEST(ring[1].code() == kInterrupted);
  BOOST_TEST(ring[0].reason() == "device lost: device-1: left");
  check_all_lost(ring, "device-1");
}

BOOST_AUTO_TEST_CASE(sums_that_do_not_fit_into_memory_are_refused_before_they_are_made) {
  SimCluster ring(request({1 << 28}), {.memory_bytes = 1'000'000'000});
  runtime::StartOptions options;
  options.devices = 2;
  ring.start({.name = "device-0"}, options);
  ring.run();
  BOOST_TEST(ring[0].reason() ==
             "sums of 1.1 GB do not fit into this device's memory: ask for smaller ones");
  BOOST_TEST((ring[0].end->error == ErrorCode::out_of_memory));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
