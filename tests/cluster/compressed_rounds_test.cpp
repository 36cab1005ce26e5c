/// Whole runs with net.compress: the same models on all devices, fewer bytes, cut and continued.
#include <array>
#include <ostream>
#include <string>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "runtime/data_source.hpp"
#include "runtime/wiring.hpp"
#include "tests/model/samples.hpp"
#include "tests/support/kept_devices.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(compressed_rounds)

namespace {

namespace data = boost::unit_test::data;
using Settings = std::vector<std::string>;

const std::vector<std::string> kCodecs{"f16", "q8", "q4"};

runtime::RunConfig config_of(const std::string& codec, const Settings& more = {}) {
  Settings settings{"run.steps=60", "output.checkpoint_every=1ms", "net.compress=" + codec};
  settings.insert(settings.end(), more.begin(), more.end());
  return small_config(settings);
}

/// All that works on the model at once.
const Settings kEverything{"train.correct_drift=true", "data.partition=by-label",
                           "outer.momentum=0.5", "data.sampling=shuffle",
                           "schedule={kind=\"doubling\", t0=4}"};

const Settings kUneven{"train.correct_drift=true", "data.partition=by-label", "round.pace=time",
                       "outer.momentum=0.5"};
const ClusterOptions kSlowAndAbsent{.flops_per_second = 1e4, .slowdown = 3, .drop = 0.2};

void check_same_models(const SimCluster& cluster) {
  for (std::size_t r = 0; r < cluster.size(); ++r) {
    BOOST_TEST(cluster[r].reason() == "done");
    BOOST_REQUIRE(cluster[r].rounds.size() == cluster[0].rounds.size());
    for (std::size_t i = 0; i < cluster[r].rounds.size(); ++i) {
      BOOST_TEST(cluster[r].rounds[i].model_hash == cluster[0].rounds[i].model_hash);
    }
  }
}

/// A run that was cut goes on to the same end.
void check_cut(const runtime::RunConfig& config, const ClusterOptions& shape) {
  const std::size_t W = 3;
  SimCluster uncut(W, config, shape);
  uncut.run();
  KeptDevices devices(W);
  auto first = devices.ring(config, false, shape);
  (*first)[0].at_round = [&](const runtime::RoundDone& round) {
    if (round.round == 4) (*first)[0].request_stop();
  };
  first->run();
  BOOST_TEST((*first)[0].end->rounds >= 4);
  BOOST_TEST((*first)[0].end->rounds < uncut[0].end->rounds);
  auto second = devices.ring(config, true, shape);
  second->run();
  for (std::size_t r = 0; r < W; ++r) {
    BOOST_TEST((*second)[r].reason() == "done");
    BOOST_TEST(*(*second)[r].end->model_hash == *uncut[r].end->model_hash);
    BOOST_TEST(*(*second)[r].end->sent_model_bytes_per_device ==
               *uncut[r].end->sent_model_bytes_per_device);
  }
}

}  // namespace

BOOST_DATA_TEST_CASE(all_devices_hold_the_same_model_after_every_round,
                     data::make(kCodecs) * data::make<std::size_t>({1, 2, 3, 8}), codec, W) {
  SimCluster cluster(W, config_of(codec, kEverything));
  cluster.run();
  check_same_models(cluster);
  BOOST_TEST(cluster[0].end->compress == codec);
  // A codec that loses nothing would not be one; alone there is nothing to send.
  SimCluster plain(W, config_of("none", kEverything));
  plain.run();
  BOOST_TEST((cluster[0].final_model == plain[0].final_model) == (W == 1));
  BOOST_TEST(*cluster[0].end->objective < *cluster[0].end->objective_start);
}

// Slow devices take fewer steps, absent ones pass on what comes with what they had left out.
BOOST_DATA_TEST_CASE(so_they_do_where_devices_are_slow_or_absent, data::make(kCodecs), codec) {
  SimCluster cluster(4, config_of(codec, kUneven), kSlowAndAbsent);
  cluster.run();
  check_same_models(cluster);
  int missed = 0, slow = 0;
  for (std::size_t r = 0; r < cluster.size(); ++r) {
    for (const auto& round : cluster[r].rounds) {
      missed += round.own_steps == 0 ? 1 : 0;
      slow += round.own_steps > 0 && round.own_steps < round.h ? 1 : 0;
    }
  }
  BOOST_TEST(missed > 0);
  BOOST_TEST(slow > 0);
  BOOST_TEST(*cluster[0].end->objective < *cluster[0].end->objective_start);
}

// 12 parameters on 3 devices: 4 values a block. With facts, which no codec touches: a rank sends
// 2 (W-1) segments, and the facts once or twice.
BOOST_AUTO_TEST_CASE(books_have_the_bytes_of_the_blocks) {
  const std::size_t W = 3;
  constexpr std::size_t kFactBytes = 24;
  for (const auto& [codec, block] :
       {std::pair<std::string, std::size_t>{"f16", 12}, {"q8", 8}, {"q4", 6}}) {
    SimCluster cluster(W, config_of(codec));
    cluster.run();
    const std::array<std::uint64_t, W> tails{1, 1, 2};
    for (std::size_t r = 0; r < W; ++r) {
      std::uint64_t bytes = 0, baseline = 0;
      for (const auto& round : cluster[r].rounds) {
        bytes += 4 * block + tails.at(r) * kFactBytes;
        baseline += 4 * bytes_of_round(12, W, r);  // H = 1, as float32: 4 steps a round
        BOOST_TEST(round.model_bytes == bytes);
        BOOST_TEST(round.baseline_bytes == baseline);
      }
    }
  }
}

// The average of the iterates is not compressed: it costs what it costs without.
BOOST_AUTO_TEST_CASE(the_average_of_the_iterates_travels_as_float32) {
  const auto of_the_end = [](const std::string& codec) {
    SimCluster cluster(3, config_of(codec, {"run.output=linear"}));
    cluster.run();
    check_same_models(cluster);
    double of_rounds = 0;
    for (std::size_t r = 0; r < 3; ++r) {
      of_rounds += static_cast<double>(cluster[r].rounds.back().model_bytes);
    }
    return 3 * *cluster[0].end->sent_model_bytes_per_device - of_rounds;
  };
  BOOST_TEST(of_the_end("q4") == of_the_end("none"));
}

BOOST_DATA_TEST_CASE(a_run_that_was_cut_goes_on_to_the_same_end, data::make(kCodecs), codec) {
  check_cut(config_of(codec, kEverything), {});
  check_cut(config_of(codec, kUneven), kSlowAndAbsent);
}

// What a device loses in mid-round did not happen: the others end with a model that a sound ring
// had.
BOOST_DATA_TEST_CASE(a_link_that_breaks_leaves_models_that_all_had, data::make(kCodecs), codec) {
  SimCluster sound(4, config_of(codec));
  sound.run();
  const std::uint64_t bytes = sound[2].rounds.back().model_bytes;
  for (const auto fault : {transport::Fault::cut, transport::Fault::corrupt}) {
    for (std::uint64_t byte = 120; byte < bytes; byte += 151) {
      SimCluster cluster(config_of(codec));
      runtime::StartOptions options;
      options.devices = 4;
      cluster.start({.name = "device-0"}, options);
      cluster.join({.name = "device-1"});
      cluster.join({.name = "device-2",
                    .faulty_link = 2,  // to device-3
                    .fault = {.fault = fault, .way = transport::Way::sending, .byte = byte}});
      cluster.join({.name = "device-3"});
      cluster.run();
      for (std::size_t r = 0; r < 4; ++r) {
        BOOST_TEST(cluster[r].code() == 5, cluster[r].reason());
        for (const auto& round : cluster[r].rounds) {
          BOOST_TEST(round.model_hash == sound[0].hash_after(round.round));
        }
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
