/// A ring in memory is a ring: the same bits after every round.
#include "runtime/memory_ring.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "runtime/model_hash.hpp"
#include "runtime/wiring.hpp"
#include "tests/model/samples.hpp"
#include "tests/support/sim_cluster.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(memory_ring)

namespace {

struct Hashes final : Observer {
  void round_done(const RoundDone& event, std::span<const float> /*x*/) override {
    rounds.push_back(event.model_hash);
    rounds.push_back(std::bit_cast<std::uint64_t>(event.loss));
  }
  std::vector<std::uint64_t> rounds;
};

struct Ring {
  std::size_t devices = 1;
  std::vector<double> speeds{1e6};
  double drop = 0;
};

std::shared_ptr<const model::Dataset> data_of(const RunConfig& config) {
  return config.data.train.file == tests::kDenseFile ? tests::dense_sample()
                                                     : tests::sparse_sample();
}

/// The model's hash and the loss after each round, and what the run gives.
std::vector<std::uint64_t> on_a_ring(const RunConfig& config, const Ring& ring) {
  SharedData data;
  data.put(config.data.train, *data_of(config));
  Simulation simulation;
  simulation.devices = ring.devices;
  simulation.flops_per_second = ring.speeds;
  simulation.drop = ring.drop;
  Hashes observer;
  const auto end = simulate(config, simulation, data, observer);
  BOOST_TEST(end.exit_reason == "done");
  observer.rounds.push_back(end.model_hash.value_or(0));
  return observer.rounds;
}

MemoryRingInputs inputs_of(const RunConfig& config, std::size_t devices) {
  const auto data = data_of(config);
  MemoryRingInputs in;
  in.config = config;
  in.shards = cut_shards(config, data, devices);
  in.rows = data->rows();
  in.classes = 4;
  return in;
}

std::vector<std::uint64_t> in_memory(const RunConfig& config, const Ring& ring) {
  auto in = inputs_of(config, ring.devices);
  in.flops_per_second = ring.speeds;
  in.drop = ring.drop;
  MemoryRing memory(in);
  std::vector<std::uint64_t> hashes;
  while (memory.state().t < config.run.steps) {
    BOOST_TEST_REQUIRE(memory.take_round());
    for (std::size_t rank = 0; rank < ring.devices; ++rank) {
      BOOST_TEST(memory.state(rank).hash == memory.state().hash);
    }
    hashes.push_back(memory.state().hash);
    hashes.push_back(std::bit_cast<std::uint64_t>(memory.state().facts.loss));
  }
  std::vector<float> output = memory.state().x;
  if (config.run.output) memory.averaged(0, output);
  hashes.push_back(hash_of(output));
  return hashes;
}

void check_same(const std::vector<std::string>& settings, const Ring& ring) {
  const auto config = tests::small_config(settings);
  const auto expected = on_a_ring(config, ring);
  BOOST_TEST(expected.size() > 1);
  BOOST_TEST(in_memory(config, ring) == expected, boost::test_tools::per_element());
}

void check_same_on_all(const std::vector<std::string>& settings) {
  for (const std::size_t devices : std::array<std::size_t, 4>{1, 2, 3, 8})
    check_same(settings, {.devices = devices});
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_round_of_a_fixed_schedule_has_the_same_bits) { check_same_on_all({}); }

BOOST_AUTO_TEST_CASE(so_it_does_with_more_devices_than_parameters) {
  check_same({"run.steps=8"}, {.devices = 14});  // d = 12: two segments are empty
}

BOOST_AUTO_TEST_CASE(so_it_does_under_every_schedule) {
  for (const std::string schedule :
       {R"(schedule={kind="doubling", alpha=3, t0=8})", R"(schedule={kind="one-shot"})",
        R"(schedule={kind="theory", kappa=1})", R"(schedule={kind="guarded", t0=4})",
        R"(schedule={kind="qsr", alpha=1})"}) {
    check_same_on_all({"run.steps=100", schedule});
  }
}

BOOST_AUTO_TEST_CASE(so_it_does_with_weights_of_samples_and_equal_ones) {
  for (const std::string weights : {"samples", "equal"}) {
    for (const std::string partition : {"by-label", "dirichlet(0.3)", "all"}) {
      check_same({"round.weights=" + weights, "data.partition=" + partition}, {.devices = 3});
    }
  }
}

BOOST_AUTO_TEST_CASE(so_it_does_with_drift_correction_and_outer_momentum) {
  check_same_on_all({"train.correct_drift=true", "data.partition=by-label"});
  check_same({"train.correct_drift=true", "train.drift_rate=0.5"}, {.devices = 3});
  check_same_on_all({"outer.momentum=0.5", "outer.rate=0.9"});
}

BOOST_AUTO_TEST_CASE(so_it_does_with_a_codec) {
  const auto dense = std::string("data.train=") + tests::kDenseFile;
  for (const std::string codec : {"f16", "q8", "q4"}) {
    const auto compress = "net.compress=" + codec;
    check_same_on_all({compress});
    check_same_on_all({compress, "train.correct_drift=true", "data.partition=by-label",
                       "outer.momentum=0.5", "run.output=linear"});
    // 4 x 200 and more parameters: several blocks a segment.
    check_same_on_all({compress, dense, R"(model={kind="mlp", layers=[130]})"});
    check_same({compress, "round.pace=time", "train.correct_drift=true"},
               {.devices = 8, .speeds = {1e6, 1e6, 2.5e5, 1e6}, .drop = 0.2});
  }
}

BOOST_AUTO_TEST_CASE(so_it_does_with_dense_rows_epochs_and_averages) {
  const auto data = std::string("data.train=") + tests::kDenseFile;
  check_same_on_all({data, R"(model={kind="softmax", l2=0.01, bias=true})"});
  check_same_on_all({"data.sampling=shuffle", "run.output=quadratic"});
}

BOOST_AUTO_TEST_CASE(so_it_does_where_devices_are_slow_or_absent) {
  const std::vector<std::string> paced{"round.pace=time", "train.correct_drift=true"};
  check_same(paced, {.devices = 3, .speeds = {1e6, 3e5, 7e5}});
  check_same(paced, {.devices = 8, .speeds = {1e6, 1e6, 2.5e5, 1e6}, .drop = 0.2});
  check_same({"run.steps=80"}, {.devices = 3, .speeds = {1e6}, .drop = 0.4});
}

// Half floats of models are off by 2^-11 of them where those of changes are not: x is that of the
// changes but for that, and not the same.
BOOST_AUTO_TEST_CASE(models_may_travel_in_the_place_of_changes) {
  const auto config = tests::small_config();
  auto in = inputs_of(config, 3);
  MemoryRing changes(in);
  in.models_as = transport::codec_of(transport::Compress::f16);
  MemoryRing models(in);
  while (changes.state().t < config.run.steps) {
    BOOST_TEST_REQUIRE(changes.take_round());
    BOOST_TEST_REQUIRE(models.take_round());
  }
  const auto& x = changes.state().x;
  double largest = 0;
  for (const float value : x) largest = std::max(largest, std::abs(static_cast<double>(value)));
  for (std::size_t j = 0; j < x.size(); ++j) {
    // Six rounds of three roundings of what is no larger than the largest.
    BOOST_TEST(std::abs(models.state().x[j] - x[j]) < 6 * 3 * 0x1p-11 * largest);
  }
  BOOST_TEST((models.state().x != x));
}

BOOST_AUTO_TEST_CASE(so_it_does_where_averages_come_a_round_late) {
  const std::string late = "net.overlap=true", corrected = "train.correct_drift=true";
  check_same_on_all({late, "run.steps=27"});
  check_same_on_all({late, corrected, "data.partition=by-label", "run.output=quadratic"});
  check_same_on_all({late, R"(schedule={kind="guarded", t0=4})", "run.steps=100"});
  check_same_on_all({late, corrected, "net.compress=q4", "data.partition=by-label"});
  const Ring uneven{.devices = 4, .speeds = {1e6, 3e5, 7e5}, .drop = 0.2};
  check_same({late, corrected, "round.pace=time", "run.steps=80"}, uneven);
  check_same({late, corrected, "round.pace=time", "net.compress=q8", "run.steps=80"}, uneven);
}

// As on any other ring: without steps it would never come to an end.
BOOST_AUTO_TEST_CASE(a_schedule_that_chooses_no_step_is_an_error) {
  struct Idle final : SyncSchedule {
    [[nodiscard]] model::Step local_steps(const RoundFacts& /*facts*/) const override { return 0; }
    [[nodiscard]] std::string reason(const RoundFacts& /*facts*/) const override { return ""; }
    [[nodiscard]] std::string name() const override { return "idle"; }
  };
  Schedules schedules = Schedules::builtin();
  schedules.add(
      {.name = "idle", .make = [](const auto&, const auto&) { return std::make_unique<Idle>(); }});
  auto in = inputs_of(tests::small_config(), 2);
  in.config.schedule.kind = "idle";
  in.schedules = &schedules;
  MemoryRing ring(in);
  BOOST_CHECK_THROW(static_cast<void>(ring.take_round()), std::logic_error);
}

// What devices leave out counts for the round that was averaged, whose corrections those are.
BOOST_AUTO_TEST_CASE(corrections_sum_to_0_where_late_averages_are_compressed) {
  const auto config =
      tests::small_config({"net.overlap=true", "net.compress=q4", "train.correct_drift=true",
                           "data.partition=by-label", "run.steps=96"});
  MemoryRing ring(inputs_of(config, 3));
  while (ring.state().t < config.run.steps) {
    BOOST_TEST_REQUIRE(ring.take_round());
    for (std::size_t j = 0; j < ring.state().v.size(); ++j) {
      double sum = 0;
      for (std::size_t w = 0; w < 3; ++w) sum += ring.share(w) * ring.state(w).v[j];
      // Floats of about 1, rounded some ten times in each of 24 rounds.
      BOOST_TEST(std::abs(sum) < 24 * 10 * 0x1p-24);
    }
  }
}

BOOST_AUTO_TEST_CASE(time_is_that_of_the_slowest_device) {
  const auto config = tests::small_config();
  auto in = inputs_of(config, 3);
  const double flops = model::make_objective<float>({.features = 12})->step_flops(4);
  in.flops_per_second = {flops, flops / 2, flops};
  MemoryRing ring(in);
  BOOST_TEST(ring.take_round());
  BOOST_TEST(ring.seconds() == 8);  // four steps of two seconds
  BOOST_TEST(ring.steps_of_all() == 12);
}

BOOST_AUTO_TEST_CASE(devices_apart_are_devices_that_never_average) {
  const auto config = tests::small_config({"schedule.kind=one-shot", "run.output=quadratic"});
  MemoryRing together(inputs_of(config, 3)), apart(inputs_of(config, 3));
  BOOST_TEST(together.take_round());
  apart.take_steps_apart(10);
  apart.take_steps_apart(14);
  std::vector<float> mean, average, expected;
  apart.mean(mean);
  apart.averaged(0, average);
  together.averaged(0, expected);
  // Up to the rounding of x to float between the two stretches.
  for (std::size_t j = 0; j < mean.size(); ++j) {
    BOOST_TEST(std::abs(mean[j] - together.state().x[j]) < 1e-5);
    BOOST_TEST(std::abs(average[j] - expected[j]) < 1e-5);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
