/// Whole runs with net.exchange = "auto": the ring's models, in fewer hops where those are what
/// counts.
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/sim_cluster.hpp"
#include "transport/faulty_link.hpp"
#include "transport/ring_bytes.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(exchange)

namespace {

namespace data = boost::unit_test::data;
using namespace std::chrono_literals;
using transport::Fault;
using transport::Way;
using Settings = std::vector<std::string>;

runtime::RunConfig config_of(const std::string& exchange, const Settings& more = {}) {
  Settings settings{"run.steps=24", "net.exchange=" + exchange};
  settings.insert(settings.end(), more.begin(), more.end());
  return small_config(settings);
}

/// All that sends sums of other kinds and lengths.
const Settings kEverything{"train.correct_drift=true", "data.partition=by-label",
                           "outer.momentum=0.5",       "run.output=quadratic",
                           "round.pace=time",          "data.scale=standard"};

void check_same_rounds(const SimCluster& cluster, const SimCluster& expected) {
  for (std::size_t r = 0; r < cluster.size(); ++r) {
    BOOST_TEST(cluster[r].reason() == "done");
    BOOST_REQUIRE(cluster[r].rounds.size() == expected[r].rounds.size());
    for (std::size_t i = 0; i < cluster[r].rounds.size(); ++i) {
      BOOST_TEST(cluster[r].rounds[i].model_hash == expected[r].rounds[i].model_hash);
    }
  }
}

/// device-2 of 4; the fourth of its links is the one to device-0, which is no neighbour.
SimCluster& run_with_fault(SimCluster& cluster, const transport::FaultPlan& fault) {
  constexpr std::size_t kToStranger = 3;
  runtime::StartOptions options;
  options.devices = 4;
  cluster.start({.name = "device-0"}, options);
  cluster.join({.name = "device-1"});
  cluster.join({.name = "device-2", .faulty_link = kToStranger, .fault = fault});
  cluster.join({.name = "device-3"});
  cluster.run();
  return cluster;
}

}  // namespace

BOOST_DATA_TEST_CASE(the_models_are_those_of_the_ring,
                     data::make<std::size_t>({2, 3, 4, 7}) * data::make({false, true}), W,
                     everything) {
  const auto more = everything ? kEverything : Settings{};
  SimCluster ring(W, config_of("ring", more)), mesh(W, config_of("auto", more));
  ring.run();
  mesh.run();
  BOOST_TEST(ring[0].start->exchange == "");
  for (std::size_t r = 0; r < W; ++r) BOOST_TEST(mesh[r].start->exchange == "mesh");
  check_same_rounds(mesh, ring);
}

BOOST_DATA_TEST_CASE(streams_change_no_model,
                     data::make<std::size_t>({2, 3}) * data::make<std::string>({"2", "8", "auto"}) *
                         data::make<std::string>({"none", "q4"}) *
                         data::make<std::string>({"ring", "auto"}),
                     W, streams, codec, exchange) {
  const Settings coded{"net.compress=" + codec};
  SimCluster one(W, config_of("ring", coded));
  one.run();
  SimCluster several(W, config_of(exchange, {"net.streams=" + streams, coded[0]}));
  several.run();
  check_same_rounds(several, one);
}

BOOST_AUTO_TEST_CASE(a_round_takes_one_hop_and_its_bytes_are_counted) {
  const std::size_t W = 5;
  SimCluster ring(W, config_of("ring")), mesh(W, config_of("auto"));
  ring.run();
  mesh.run();
  const auto hops = [](const SimCluster& cluster) {
    const auto& rounds = cluster[0].rounds;
    return (rounds.back().wait_s + rounds.back().average_s) / 1e-3;
  };
  BOOST_TEST(hops(ring) > 7.9);  // 2(W-1), and no time for bytes
  BOOST_TEST(hops(mesh) < 1.1);
  for (std::size_t r = 0; r < W; ++r) {
    const auto& first = mesh[r].rounds.front();
    const auto d = mesh[r].start->dimension;
    constexpr std::size_t kFacts = 6;
    BOOST_TEST(first.model_bytes == transport::mesh_bytes({d, kFacts}, W));
    BOOST_TEST(first.baseline_bytes == 4 * first.model_bytes);  // h = 4
  }
}

// At 2 kB/s it is the bytes that count, and a ring sends fewer. A simulated line delivers what was
// sent at once in one piece: the 16 KiB of a trial's segment after 8 s.
BOOST_AUTO_TEST_CASE(slow_lines_and_codecs_keep_the_ring) {
  SimCluster slow(4, config_of("auto", {"net.peer_timeout=10s"}), {.link = {2000, 1ms}});
  slow.run();
  BOOST_TEST(slow[1].reason() == "done");
  BOOST_TEST(slow[1].start->exchange == "ring");
  SimCluster coded(4, config_of("auto", {"net.compress=q8"}));
  coded.run();
  BOOST_TEST(coded[1].start->exchange == "ring");
}

// A model that would fit alone, by less than what travels with it, and one with room for that.
BOOST_DATA_TEST_CASE(a_mesh_has_room_for_the_facts_too,
                     data::make<std::string>({"262140", "262100"}) ^
                         data::make<std::string>({"ring", "mesh"}),
                     features, way) {
  SimCluster pair(2, config_of("auto", {"run.steps=4", "data.features=" + features}),
                  {.link = {0, 20ms}});
  pair.run();
  const auto d = pair[1].start->dimension;
  BOOST_TEST(transport::fits_mesh(2, d));
  BOOST_TEST(pair[1].start->exchange == way);
  const transport::Summed round{d, 6};
  BOOST_TEST(pair[1].rounds.front().model_bytes ==
             (way == "mesh" ? transport::mesh_bytes(round, 2)
                            : transport::all_reduce_bytes(round, {1, 2})));
}

// 64 bytes of greeting, then the sums of 48 + 4 d + 8 bytes each: at any byte.
BOOST_AUTO_TEST_CASE(a_link_to_a_stranger_cut_at_any_byte_ends_the_run_on_all) {
  SimCluster sound(4, config_of("ring"));
  sound.run();
  for (std::uint64_t byte = 0; byte < 600; byte += 23) {
    BOOST_TEST_CONTEXT("byte " << byte) {
      SimCluster cluster(config_of("auto"));
      run_with_fault(cluster, {.fault = Fault::cut, .way = Way::receiving, .byte = byte});
      const auto lost = cluster[0].end->lost_device.value_or("nobody");
      BOOST_TEST((lost == "device-0" || lost == "device-2"));
      for (std::size_t r = 0; r < 4; ++r) {
        BOOST_TEST(cluster[r].code() == 5);
        BOOST_TEST(cluster[r].end->lost_device.value_or("nobody") == lost);
        for (const auto& round : cluster[r].rounds) {
          BOOST_TEST(round.model_hash == sound[0].hash_after(round.round));
        }
      }
    }
  }
}

BOOST_DATA_TEST_CASE(a_link_to_a_stranger_that_stands_still_is_noticed,
                     data::make<std::uint64_t>({0, 30, 64, 100, 300}), byte) {
  SimCluster cluster(config_of("auto"));
  run_with_fault(cluster, {.fault = Fault::stall, .way = Way::receiving, .byte = byte});
  for (std::size_t r = 0; r < 4; ++r) {
    BOOST_TEST_CONTEXT(cluster[r].options.name << ": " << cluster[r].reason()) {
      BOOST_TEST(cluster[r].code() == 5);
      BOOST_TEST((cluster[r].ended_at.since_start < 10s));  // peer_timeout is 1 s
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
