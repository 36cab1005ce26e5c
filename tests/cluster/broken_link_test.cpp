/// When a data link alone goes wrong: cut, failing, damaged or standing still, at any byte.
#include <algorithm>
#include <string>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/sim_cluster.hpp"
#include "transport/frame.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(broken_link)

namespace {

using namespace std::chrono_literals;
namespace data = boost::unit_test::data;
using devices::Duration;
using transport::Fault;
using transport::FaultPlan;
using transport::Way;

constexpr Duration kDelay = 1ms, kPeerTimeout = 1s;

// A joiner's links in the order in which they come about: to the starter, from its predecessor, to
// its successor.
constexpr std::size_t kFromPrevious = 1, kToNext = 2;
// Its successor greets it with 64 bytes; then comes the header of the first all-reduce.
constexpr std::uint64_t kGreeting = 64;

/// device-2 of 4 has one faulty link.
struct BrokenRing {
  BrokenRing(std::size_t link, const FaultPlan& plan, std::vector<std::string> settings = {})
      : cluster(config_of(std::move(settings))) {
    runtime::StartOptions options;
    options.devices = 4;
    cluster.start({.name = "device-0"}, options);
    cluster.join({.name = "device-1"});
    cluster.join({.name = "device-2", .faulty_link = link, .fault = plan});
    cluster.join({.name = "device-3"});
    cluster.run();
  }

  static runtime::RunConfig config_of(std::vector<std::string> settings) {
    settings.insert(settings.end(), {"run.steps=12", "schedule.h=2"});
    return small_config(settings);
  }

  /// All end with 5, all name the same device, all hold models that a sound ring has held.
  void check(const SimCluster& sound_ring) {
    for (std::size_t r = 0; r < 4; ++r) {
      const SimDevice& device = cluster[r];
      BOOST_TEST_CONTEXT(device.options.name << ": " << device.reason()) {
        BOOST_TEST(device.code() == 5);
        BOOST_TEST(device.end->lost_device.value_or("nobody") == lost());
        for (const auto& round : device.rounds) {
          BOOST_TEST(round.model_hash == sound_ring[0].hash_after(round.round));
        }
      }
    }
  }
  [[nodiscard]] std::string lost() const { return cluster[0].end->lost_device.value_or("nobody"); }
  [[nodiscard]] Duration last_end() const {
    Duration last{0};
    for (std::size_t r = 0; r < 4; ++r) last = std::max(last, cluster[r].ended_at.since_start);
    return last;
  }
  [[nodiscard]] Duration last_round() const {
    Duration last{0};
    for (std::size_t r = 0; r < 4; ++r) {
      if (cluster[r].rounds.empty()) continue;
      last = std::max(last, cluster[r].round_times.back().since_start);
    }
    return last;
  }

  SimCluster cluster;
};

const SimCluster& sound_ring() {
  static const auto ring = [] {
    auto cluster = std::make_unique<SimCluster>(4, small_config({"run.steps=12", "schedule.h=2"}));
    cluster->run();
    return cluster;
  }();
  return *ring;
}

/// Bytes that pass a data link of the sound ring, about: those of device-2.
std::uint64_t bytes_in_all() { return sound_ring()[2].rounds.back().model_bytes; }

}  // namespace

BOOST_AUTO_TEST_CASE(a_cut_data_link_ends_the_run_and_names_one_of_its_ends) {
  const std::uint64_t byte = kGreeting + 600;
  BrokenRing ring(kToNext, {.fault = Fault::cut, .way = Way::sending, .byte = byte});
  ring.check(sound_ring());
  BOOST_TEST(ring.lost() == "device-3");
  BOOST_TEST(ring.cluster[1].reason() ==
             "device lost: device-3: its link to device-2 failed: Connection reset by peer");
  // The news takes a few delays, no timeout.
  BOOST_TEST((ring.last_end() - ring.last_round() < 100 * kDelay));
}

BOOST_AUTO_TEST_CASE(a_failing_data_link_names_the_neighbour_at_its_other_end) {
  const auto unreachable = std::make_error_code(std::errc::host_unreachable);
  BrokenRing from(
      kFromPrevious,
      {.fault = Fault::fail, .way = Way::receiving, .byte = kGreeting + 600, .error = unreachable});
  from.check(sound_ring());
  BOOST_TEST(from.lost() == "device-1");
  BOOST_TEST(from.cluster[3].reason() ==
             "device lost: device-1: its link to device-2 failed: No route to host");
  BrokenRing to(
      kToNext,
      {.fault = Fault::fail, .way = Way::sending, .byte = kGreeting + 600, .error = unreachable});
  to.check(sound_ring());
  BOOST_TEST(to.lost() == "device-3");
}

BOOST_AUTO_TEST_CASE(a_link_cut_at_any_byte_ends_the_run_on_all) {
  for (std::uint64_t byte = 0; byte < bytes_in_all(); byte += 23) {
    BOOST_TEST_CONTEXT("byte " << byte) {
      BrokenRing ring(kToNext, {.fault = Fault::cut, .way = Way::sending, .byte = byte});
      ring.check(sound_ring());
      BOOST_TEST((ring.lost() == "device-2" || ring.lost() == "device-3"), ring.lost());
      // Before the greeting is through, only a deadline tells that a link is missing.
      BOOST_TEST((ring.last_end() - ring.last_round() < kPeerTimeout + 1s));
    }
  }
}

// The checksum of a segment leaves only after the one before it has been verified: damage is found
// by the very next device.
BOOST_AUTO_TEST_CASE(a_flipped_bit_at_any_byte_is_found_by_the_next_device) {
  int by_checksum = 0;
  for (std::uint64_t byte = 0; byte < bytes_in_all(); byte += 19) {
    BOOST_TEST_CONTEXT("byte " << byte) {
      BrokenRing ring(kToNext, {.fault = Fault::corrupt, .way = Way::sending, .byte = byte});
      ring.check(sound_ring());
      BOOST_TEST(ring.lost() == "device-2");
      BOOST_TEST((ring.last_end() - ring.last_round() < kPeerTimeout + 1s));
      const std::string reason = ring.cluster[1].reason();
      by_checksum += reason ==
                     "device lost: device-2: its link to device-3 failed: data damaged "
                     "on the way (checksum differs)";
    }
  }
  BOOST_TEST(by_checksum > 15);  // the others hit greetings and headers
}

// Its control lines live, so that no heartbeat is missed: only the starter sees that nothing moves.
BOOST_AUTO_TEST_CASE(a_link_that_stands_still_at_any_byte_ends_the_run_on_all) {
  for (std::uint64_t byte = 0; byte < bytes_in_all(); byte += 29) {
    BOOST_TEST_CONTEXT("byte " << byte) {
      BrokenRing ring(kToNext, {.fault = Fault::stall, .way = Way::sending, .byte = byte});
      ring.check(sound_ring());
      BOOST_TEST((ring.lost() == "device-2" || ring.lost() == "device-3"), ring.lost());
      // A heartbeat until the starter hears of the last byte, and one until it looks again.
      BOOST_TEST((ring.last_end() - ring.last_round() <= kPeerTimeout + 3 * kPeerTimeout / 5));
    }
  }
}

// A standstill in the last bytes of an average: some have finished that round and wait in the next.
BOOST_AUTO_TEST_CASE(a_standstill_that_some_have_passed_is_seen) {
  bool some_were_ahead = false;
  for (std::uint64_t byte = kGreeting + 400; byte < kGreeting + 900; byte += 4) {
    BrokenRing ring(kToNext, {.fault = Fault::stall, .way = Way::sending, .byte = byte});
    ring.check(sound_ring());
    some_were_ahead |= ring.cluster[0].rounds.size() != ring.cluster[3].rounds.size();
  }
  BOOST_TEST(some_were_ahead);
}

// Before step 0: what a line shows, the way of the sums, and memory are talked over by sums, too.
BOOST_DATA_TEST_CASE(a_standstill_of_the_first_sums_is_seen,
                     data::make<std::string>({"net.streams=auto", "net.exchange=auto",
                                              "run.max_memory=1 GB"}) *
                         data::make<std::uint64_t>({0, 40, 48}),
                     setting, byte) {
  BrokenRing ring(kToNext, {.fault = Fault::stall, .way = Way::sending, .byte = kGreeting + byte},
                  {setting});
  for (std::size_t r = 0; r < 4; ++r) {
    const SimDevice& device = ring.cluster[r];
    BOOST_TEST(device.code() == 5, device.reason());
    BOOST_TEST(device.rounds.empty());
    BOOST_TEST((ring.lost() == "device-2" || ring.lost() == "device-3"), ring.lost());
  }
  BOOST_TEST((ring.last_end() < 3 * kPeerTimeout));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
