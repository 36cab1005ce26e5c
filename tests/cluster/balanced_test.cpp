/// Rings whose H follows the time that steps and averages take.
#include <vector>

#include <boost/test/unit_test.hpp>

#include "model/objective.hpp"
#include "runtime/objective_options.hpp"
#include "tests/support/sim_cluster.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(balanced)

namespace {

using Settings = std::vector<std::string>;

// Links have a delay of 1 ms and any rate: 2(W-1) ms an average.
constexpr std::size_t kDevices = 4;
constexpr double kAverage = 0.006, kPaper = 25;  // seconds; steps that an average takes the time of

runtime::RunConfig balanced_config(Settings more = {}) {
  more.insert(more.begin(), {"schedule={kind=\"balanced\"}", "run.steps=1000"});
  return small_config(more);
}

/// Of a device that takes kAverage/kPaper seconds for a step.
double speed() {
  const auto config = small_config();
  const auto options = runtime::objective_options(config.model, {12, 2, 60});
  const auto flops = model::make_objective<float>(options)->step_flops(config.train.batch);
  return flops * kPaper / kAverage;
}

std::vector<model::Step> rounds_of(const SimDevice& device) {
  std::vector<model::Step> rounds;
  for (const auto& round : device.rounds) rounds.push_back(round.h);
  return rounds;
}

void check_agreed(const SimCluster& ring) {
  for (std::size_t r = 0; r < ring.size(); ++r) {
    BOOST_TEST(ring[r].reason() == "done");
    BOOST_TEST(rounds_of(ring[r]) == rounds_of(ring[0]), boost::test_tools::per_element());
    BOOST_TEST(ring[r].final_model == ring[0].final_model, boost::test_tools::per_element());
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(averages_take_a_fifth_of_the_time) {
  SimCluster ring(kDevices, balanced_config(), {.flops_per_second = speed()});
  ring.run();
  check_agreed(ring);
  const std::vector<model::Step> expected{1,   1,   2,   4,   8,   16,  32,  64, 100,
                                          100, 100, 100, 100, 100, 100, 100, 72};
  BOOST_TEST(rounds_of(ring[0]) == expected, boost::test_tools::per_element());
  double averages = 0, all = 0;  // of one device it may be a hop more, of another one less
  for (std::size_t r = 0; r < kDevices; ++r) {
    const auto& round = ring[r].rounds[10];
    averages += round.wait_s + round.average_s;
    all += round.wait_s + round.average_s + round.compute_s;
  }
  BOOST_TEST(averages / all == 0.2, boost::test_tools::tolerance(1e-6));
  BOOST_TEST(ring[0].rounds[0].reason == "no average has been timed yet");
  BOOST_TEST(ring[0].rounds[2].reason == "an average takes the time of 25 steps: twice the last H");
  BOOST_TEST(ring[0].rounds[8].reason == "an average takes the time of 25 steps");
}

// Waiting for a slow device grows with H: it counts as steps, or H would grow without end.
BOOST_AUTO_TEST_CASE(waiting_is_no_communication) {
  SimCluster ring(kDevices, balanced_config(), {.flops_per_second = speed(), .slowdown = 4});
  ring.run();
  check_agreed(ring);
  // Steps of four times as long; and the others' part of the average is done when the slow device
  // comes: 4 hops of 6 are left. 25 x 4/6 x 1/4 x 4 = 16.7, once the slow one is ahead by that.
  const std::vector<model::Step> begin{1, 1, 2, 4, 8, 16, 18, 17, 17, 17};
  auto found = rounds_of(ring[0]);
  found.resize(begin.size());
  BOOST_TEST(found == begin, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(where_nobody_waits_steps_are_those_of_the_fast) {
  SimCluster ring(kDevices, balanced_config({"round.pace=time"}),
                  {.flops_per_second = speed(), .slowdown = 4});
  ring.run();
  check_agreed(ring);
  const std::vector<model::Step> begin{1, 1, 2, 4, 8, 16, 32, 64, 100, 100};
  auto found = rounds_of(ring[0]);
  found.resize(begin.size());
  BOOST_TEST(found == begin, boost::test_tools::per_element());
  BOOST_TEST(ring[0].rounds[9].own_steps == 25);
}

BOOST_AUTO_TEST_CASE(devices_that_miss_rounds_do_not_confuse_the_others) {
  SimCluster ring(kDevices, balanced_config(), {.flops_per_second = speed(), .drop = 0.2});
  ring.run();
  check_agreed(ring);
  for (const auto h : rounds_of(ring[0])) BOOST_TEST((h >= 1 && h <= 101));
}

// Evaluations are no part of a round.
BOOST_AUTO_TEST_CASE(evaluations_change_no_h) {
  SimCluster plain(kDevices, balanced_config(), {.flops_per_second = speed()});
  SimCluster evaluated(kDevices, balanced_config({"output.eval_every=150"}),
                       {.flops_per_second = speed()});
  plain.run();
  evaluated.run();
  BOOST_TEST(evaluated[0].evaluations.size() > 3);
  BOOST_TEST(rounds_of(evaluated[0]) == rounds_of(plain[0]), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
