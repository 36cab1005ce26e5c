/// Rounds with a codec: what becomes of residuals and of drift correction.
#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "devices/processor.hpp"
#include "runtime/local_sgd.hpp"
#include "tests/support/sim_rings.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(compressed_round)

namespace {

using tests::SimRings;

constexpr std::size_t kDimension = 40;
constexpr model::Step kH = 4;

/// Each step is eta (pull_i + V_i - x_i): a device's own data pull it to its own point.
class Spring final : public model::LocalSolver<float> {
 public:
  Spring(std::size_t rank, float size) : rank_(rank), size_(size) {}
  model::StepReport take_steps(model::Params<float> x, model::Step t, model::Step h,
                               const model::StepSize& eta, const model::StepExtras<float>& extras,
                               const std::stop_token& /*stop*/) override {
    model::StepReport report;
    for (model::Step s = t; s < t + h; ++s) {
      for (std::size_t i = 0; i < x.size(); ++i) {
        x[i] += static_cast<float>(eta(s)) * (pull(i) + extras.correction[i] - x[i]);
      }
      report.sum_eta += eta(s);
      ++report.steps;
    }
    report.finite = finite;
    return report;
  }
  model::Sampler& sampler() noexcept override { return *sampler_; }

  [[nodiscard]] float pull(std::size_t i) const {
    return size_ * std::sin(static_cast<float>(7 * i + 3 * rank_ + 1));
  }
  bool finite = true;

 private:
  std::size_t rank_;
  float size_;
  std::unique_ptr<model::Sampler> sampler_ =
      std::make_unique<model::Sampler>(model::Sampling::cyclic, 1, 1, 1);
};

struct Devices {
  /// size: of what pulls.
  explicit Devices(std::vector<double> weights, float size = 1)
      : shares(std::move(weights)), speeds(shares.size(), 1.0), ends(shares.size()) {
    for (std::size_t r = 0; r < shares.size(); ++r) {
      solvers.push_back(std::make_unique<Spring>(r, size));
      State state;
      state.x = state.v = state.r = std::vector<float>(kDimension);
      states.push_back(std::move(state));
    }
  }

  void take_rounds(transport::Compress compress, int rounds, const RoundRules& rules = {}) {
    SimRings rings(shares.size());
    model::StepSizeOptions options;
    options.value = eta;
    const auto steps = model::make_step_size(options, {});
    const auto schedule = make_schedule({.kind = "fixed", .h = kH}, {});
    rings.on_all([&](std::size_t rank, transport::Ring& ring) -> asio::awaitable<void> {
      devices::VirtualProcessor processor(rings.world(), speeds[rank]);
      std::uint64_t operations = 0;
      LocalSgd run{.clock = rings.world(),
                   .processor = processor,
                   .ring = ring,
                   .solver = *solvers[rank],
                   .eta = *steps,
                   .schedule = *schedule,
                   .rules = rules_of(rank, rules),
                   .codec = transport::codec_of(compress),
                   .horizon = 1'000'000,
                   .step_flops = 1,
                   .request = [] { return std::uint32_t{0}; },
                   .operations = operations};
      RoundRecord record;
      for (int i = 0; i < rounds; ++i) ends[rank] = co_await take_round(run, states[rank], record);
    });
  }

  [[nodiscard]] RoundRules rules_of(std::size_t rank, RoundRules rules) const {
    rules.share = shares[rank];
    rules.rank = rank;
    return rules;
  }

  /// Of uneven rounds: what is known of the last one.
  void set_step_seconds(const std::vector<float>& seconds) {
    for (auto& state : states) state.step_seconds = seconds;
  }

  /// The largest entry of sum_w p_w V_w.
  [[nodiscard]] double sum_of_corrections() const {
    double largest = 0;
    for (std::size_t i = 0; i < kDimension; ++i) {
      double sum = 0;
      for (std::size_t r = 0; r < shares.size(); ++r) {
        sum += shares[r] * static_cast<double>(states[r].v[i]);
      }
      largest = std::max(largest, std::abs(sum));
    }
    return largest;
  }

  double eta = 0.125;
  std::vector<double> shares;
  std::vector<double> speeds;
  std::vector<std::unique_ptr<Spring>> solvers;
  std::vector<State> states;
  std::vector<RoundEnd> ends;
};

}  // namespace

// As exactly as float32 has them: 30 rounds of entries below 2, a few roundings each, times 1/E = 2
// and 1/p_w <= 10. Without the residuals it is 1e-2.
BOOST_AUTO_TEST_CASE(corrections_sum_to_0_as_residuals_count) {
  for (const auto compress : {transport::Compress::q8, transport::Compress::q4}) {
    Devices devices({0.5, 0.4, 0.1});
    devices.take_rounds(compress, 30);
    BOOST_TEST(devices.sum_of_corrections() < 30 * 2 * 2 * 10 * 0x1p-22);
    BOOST_TEST(std::ranges::any_of(devices.states[0].r, [](float r) { return r != 0; }));
    for (const auto& state : devices.states) BOOST_TEST((state.x == devices.states[0].x));
  }
}

// A device that missed the round has passed on what others sent, and quantised it.
BOOST_AUTO_TEST_CASE(corrections_sum_to_0_where_devices_miss_rounds) {
  Devices devices({0.5, 0.4, 0.1});
  devices.set_step_seconds({0, 0, 0});
  devices.take_rounds(transport::Compress::q4, 30, {.drops = {.probability = 0.3, .seed = 5}});
  BOOST_TEST(devices.sum_of_corrections() < 30 * 2 * 2 * 10 * 0x1p-22);
}

// One of four steps counts as four: what it leaves out is divided by 4 p_w in its place.
BOOST_AUTO_TEST_CASE(corrections_sum_to_0_where_devices_are_slow) {
  Devices devices({0.5, 0.4, 0.1});
  devices.speeds = {1, 1, 0.25};
  devices.set_step_seconds({0, 0, 0});
  devices.take_rounds(transport::Compress::q4, 30, {.paced = true});
  BOOST_TEST(devices.states[0].step_seconds == (std::vector<float>{1, 1, 4}),
             boost::test_tools::per_element());
  BOOST_TEST(devices.sum_of_corrections() < 30 * 2 * 2 * 10 * 0x1p-22);
}

// Each parameter ends at the mean of the pulls, as uncompressed: changes and their rounding vanish.
BOOST_AUTO_TEST_CASE(rounds_converge_to_what_they_converge_to_without) {
  for (const auto compress :
       {transport::Compress::f16, transport::Compress::q8, transport::Compress::q4}) {
    Devices devices({0.5, 0.4, 0.1});
    devices.take_rounds(compress, 150);
    for (std::size_t i = 0; i < kDimension; ++i) {
      double mean = 0;
      for (std::size_t r = 0; r < 3; ++r) {
        mean += devices.shares[r] * static_cast<double>(devices.solvers[r]->pull(i));
      }
      BOOST_TEST(std::abs(static_cast<double>(devices.states[0].x[i]) - mean) < 1e-5);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_round_that_did_not_happen_leaves_residuals_as_they_were) {
  Devices devices({0.5, 0.4, 0.1});
  devices.take_rounds(transport::Compress::q4, 3);
  const auto before = devices.states;
  devices.solvers[1]->finite = false;
  devices.take_rounds(transport::Compress::q4, 1);
  for (std::size_t r = 0; r < 3; ++r) {
    BOOST_TEST((devices.ends[r] == RoundEnd::diverged));
    BOOST_TEST(devices.states[r].r == before[r].r, boost::test_tools::per_element());
    BOOST_TEST(devices.states[r].x == before[r].x, boost::test_tools::per_element());
    BOOST_TEST(devices.states[r].v == before[r].v, boost::test_tools::per_element());
  }
}

// What they had left out is still to be sent.
BOOST_AUTO_TEST_CASE(a_round_that_all_miss_leaves_residuals_as_they_were) {
  Devices devices({0.5, 0.4, 0.1});
  devices.set_step_seconds({0, 0, 0});
  devices.take_rounds(transport::Compress::q4, 3);
  const auto before = devices.states;
  devices.take_rounds(transport::Compress::q4, 1, {.drops = {.probability = 1, .seed = 5}});
  for (std::size_t r = 0; r < 3; ++r) {
    BOOST_TEST((devices.ends[r] == RoundEnd::committed));
    BOOST_TEST(devices.states[r].round == 4);
    BOOST_TEST(devices.states[r].r == before[r].r, boost::test_tools::per_element());
    BOOST_TEST(devices.states[r].x == before[r].x, boost::test_tools::per_element());
    BOOST_TEST(devices.states[r].v == before[r].v, boost::test_tools::per_element());
  }
}

// Device 2 takes one step of four, which counts four times: the sum leaves the floats where no
// model has. Its block is NaN on all devices.
BOOST_AUTO_TEST_CASE(a_sum_beyond_the_floats_is_a_divergence) {
  for (const auto compress : {transport::Compress::none, transport::Compress::f16,
                              transport::Compress::q8, transport::Compress::q4}) {
    Devices devices({0.45, 0.05, 0.5}, 3e38F);
    devices.eta = 0.5;
    devices.set_step_seconds({1, 1, 4});
    const auto before = devices.states;
    devices.take_rounds(compress, 1, {.paced = true});
    for (std::size_t r = 0; r < 3; ++r) {
      BOOST_TEST((devices.ends[r] == RoundEnd::diverged));
      BOOST_TEST(devices.states[r].x == before[r].x, boost::test_tools::per_element());
      BOOST_TEST(devices.states[r].r == before[r].r, boost::test_tools::per_element());
      BOOST_TEST(devices.states[r].round == 0);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
