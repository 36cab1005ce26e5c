/// When a device goes: who ends when, with what code and whose name. Times are exact.
#include <algorithm>
#include <string>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/sim_cluster.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(lost_device)

namespace {

namespace data = boost::unit_test::data;
using namespace std::chrono_literals;
using devices::Duration;

// One way of the simulated link; its rate is unlimited. A joiner has its line to the starter after
// 4 delays (connect, hello, run file), the starter has it after 3; heartbeats leave every fifth of
// the second that is the peer timeout from then on.
constexpr Duration kDelay = 1ms, kPeerTimeout = 1s, kBeat = kPeerTimeout / 5;
constexpr Duration kJoinersFirst = 5 * kDelay, kStartersFirst = 4 * kDelay;  // arrival of beat 0

/// When a silence is noticed that began at `when`: heartbeats arrive at first + k beats.
Duration noticed(Duration first, Duration when) {
  return first + (when - first) / kBeat * kBeat + kPeerTimeout;
}

/// Steps so slow that training lasts for seconds.
constexpr ClusterOptions kSlow{.link = {0, kDelay}, .flops_per_second = 1e4};
const std::vector<std::string> kLong{"run.steps=400"};

Duration end_of(const SimDevice& device) { return device.ended_at.since_start; }

/// Devices of which one is stopped for a while.
void fill(SimCluster& ring, std::size_t W, std::size_t stopped, Stop stop) {
  runtime::StartOptions options;
  options.devices = W;
  for (std::size_t r = 0; r < W; ++r) {
    DeviceOptions device{.name = "device-" + std::to_string(r)};
    if (r == stopped) device.stopped = stop;
    if (r == 0) {
      ring.start(std::move(device), options);
    } else {
      ring.join(std::move(device));
    }
  }
}

/// Each survivor names the lost one and keeps the model of its last finished round, which is the
/// same on all that finished it.
void check_survivors(SimCluster& ring, std::size_t lost, const std::string& reason) {
  const std::string name = "device-" + std::to_string(lost);
  const std::string all_say = "device lost: " + name + ": " + reason;
  const SimDevice& first = ring[lost == 0 ? 1 : 0];
  for (std::size_t r = 0; r < ring.size(); ++r) {
    if (r == lost) continue;
    BOOST_TEST_CONTEXT(ring[r].options.name) {
      BOOST_TEST(ring[r].code() == 5);
      BOOST_TEST(ring[r].reason() == all_say);
      BOOST_TEST(ring[r].end->lost_device.value_or("nobody") == name);
      BOOST_REQUIRE(ring[r].lost.has_value());
      BOOST_TEST(ring[r].lost->round == ring[r].end->rounds);
      BOOST_REQUIRE(!ring[r].rounds.empty());
      BOOST_TEST(ring[r].final_model == ring[r].last_round_model);
      const auto both =
          static_cast<std::int64_t>(std::min(ring[r].rounds.size(), first.rounds.size()));
      BOOST_TEST(ring[r].end->rounds - both <= 1);
      BOOST_TEST(ring[r].hash_after(both) == first.hash_after(both));
    }
  }
}

}  // namespace

BOOST_DATA_TEST_CASE(a_cut_cable_is_noticed_one_peer_timeout_after_the_last_heartbeat,
                     data::make({612, 700, 790, 1304}), when_ms) {
  const Duration when = std::chrono::milliseconds(when_ms);
  SimCluster ring(4, small_config(kLong), kSlow);
  ring.at(when, [&] { ring.lan->cut("device-2"); });
  ring.run();
  check_survivors(ring, 2, "silent for 1 s");
  // The others hear it one delay later and say goodbye; the starter answers when all have, and
  // ends when they have closed.
  const Duration declared = noticed(kJoinersFirst, when);
  BOOST_TEST((end_of(ring[1]) == declared + 3 * kDelay));
  BOOST_TEST((end_of(ring[3]) == declared + 3 * kDelay));
  BOOST_TEST((end_of(ring[0]) == declared + 4 * kDelay));
  BOOST_TEST((end_of(ring[0]) - when <= kPeerTimeout + 1s));
  // The device at the end of the cable believes that the starter has gone.
  BOOST_TEST(ring[2].reason() == "device lost: device-0: silent for 1 s");
  BOOST_TEST((end_of(ring[2]) == noticed(kStartersFirst, when)));
}

BOOST_AUTO_TEST_CASE(who_loses_the_starter_names_the_starter) {
  SimCluster ring(4, small_config(kLong), kSlow);
  ring.at(700ms, [&] { ring.lan->cut("device-0"); });
  ring.run();
  check_survivors(ring, 0, "silent for 1 s");
  for (std::size_t r = 1; r < 4; ++r) {
    BOOST_TEST((end_of(ring[r]) == noticed(kStartersFirst, 700ms)));
  }
  BOOST_TEST(ring[0].code() == 5);
}

BOOST_AUTO_TEST_CASE(a_killed_joiner_ends_the_run_at_once) {
  SimCluster ring(4, small_config(kLong), kSlow);
  ring.at(700ms, [&] { ring.lan->kill("device-2"); });
  ring.run();
  check_survivors(ring, 2, "connection closed");
  BOOST_TEST((end_of(ring[1]) == 700ms + 4 * kDelay));
  BOOST_TEST((end_of(ring[3]) == 700ms + 4 * kDelay));
  BOOST_TEST((end_of(ring[0]) == 700ms + 5 * kDelay));
}

BOOST_AUTO_TEST_CASE(a_killed_starter_ends_the_run_at_once) {
  SimCluster ring(4, small_config(kLong), kSlow);
  ring.at(700ms, [&] { ring.lan->kill("device-0"); });
  ring.run();
  check_survivors(ring, 0, "connection closed");
  for (std::size_t r = 1; r < 4; ++r) BOOST_TEST((end_of(ring[r]) == 700ms + kDelay));
}

// A device that is stopped and continued finds the others gone and all its links broken: it must
// not blame a neighbour. A stop shorter than peer_timeout is nothing to anyone.
BOOST_DATA_TEST_CASE(who_stood_still_names_itself,
                     data::make<std::size_t>({0, 1, 2}) * data::make({700, 1304}), stopped,
                     when_ms) {
  const devices::TimePoint when{std::chrono::milliseconds(when_ms)};
  SimCluster ring(small_config(kLong), kSlow);
  fill(ring, 3, stopped, {when, when + 5s});
  ring.run();
  check_survivors(ring, stopped, "silent for 1 s");
  BOOST_TEST(ring[stopped].code() == 5);
  const std::string name = "device-" + std::to_string(stopped);
  BOOST_TEST(ring[stopped].reason() == "device lost: " + name +
                                           " (this device): it stood still for longer than "
                                           "net.peer_timeout");
  BOOST_TEST(ring[stopped].end->lost_device.value_or("nobody") == name);
  BOOST_TEST(ring[stopped].final_model == ring[stopped].last_round_model);
}

BOOST_DATA_TEST_CASE(a_short_stop_is_lived_through, data::make<std::size_t>({0, 1}), stopped) {
  SimCluster ring(small_config(kLong), kSlow);
  fill(ring, 3, stopped,
       {devices::TimePoint{700ms}, devices::TimePoint{700ms + kPeerTimeout * 3 / 4}});
  ring.run();
  for (std::size_t r = 0; r < 3; ++r) BOOST_TEST(ring[r].reason() == "done");
}

// Every moment from the first contact to the last goodbye: who is left ends in order, within the
// promised second, and never waits for --wait or for ever.
BOOST_DATA_TEST_CASE(a_device_may_die_at_any_moment, data::make({0, 1, 2}), victim) {
  const std::string name = "device-" + std::to_string(victim);
  SimCluster undisturbed(3, small_config());
  undisturbed.run();
  const Duration end = end_of(undisturbed[0]);
  for (Duration when = 500us; when < end; when += 730us) {
    SimCluster ring(3, small_config());
    ring.at(when, [&] { ring.lan->kill(name); });
    ring.run();
    for (std::size_t r = 0; r < 3; ++r) {
      const SimDevice& device = ring[r];
      if (device.options.name == name) continue;
      BOOST_TEST_CONTEXT(device.options.name << " after " << when.count()
                                             << " ns: " << device.reason()) {
        // Before the view, a dead joiner is only one that has not come; the starter waits.
        const bool waited = device.code() == 6;
        const bool finished = device.code() == 0;
        BOOST_TEST((device.code() == 5 || waited || finished));
        if (!waited && !finished) BOOST_TEST((end_of(device) <= when + 10s + 10 * kDelay));
        if (device.start && !finished) {
          BOOST_TEST((end_of(device) <= when + 1s));
          BOOST_TEST(device.end->lost_device.value_or("nobody") == name);
        }
      }
    }
  }
}

// The same with the cable: within peer_timeout + 1 s once the view is there.
BOOST_DATA_TEST_CASE(a_cable_may_be_cut_at_any_moment, data::make({0, 1, 2}), victim) {
  const std::string name = "device-" + std::to_string(victim);
  SimCluster undisturbed(3, small_config());
  undisturbed.run();
  const Duration end = end_of(undisturbed[0]);
  for (Duration when = 500us; when < end; when += 730us) {
    SimCluster ring(3, small_config());
    ring.at(when, [&] { ring.lan->cut(name); });
    ring.run();
    for (std::size_t r = 0; r < 3; ++r) {
      const SimDevice& device = ring[r];
      if (device.options.name == name) continue;
      BOOST_TEST_CONTEXT(device.options.name << " after " << when.count()
                                             << " ns: " << device.reason()) {
        const bool waited = device.code() == 6, finished = device.code() == 0;
        BOOST_TEST((device.code() == 5 || waited || finished));
        if (!device.start) continue;
        BOOST_TEST((end_of(device) <= when + kPeerTimeout + 1s));
        if (!finished) BOOST_TEST(device.end->lost_device.value_or("nobody") == name);
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
