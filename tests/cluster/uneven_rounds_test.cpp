/// Rings of unlike devices, and of devices that miss rounds.
#include <boost/test/unit_test.hpp>

#include "tests/support/sim_cluster.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(uneven_rounds)

namespace {

using Settings = std::vector<std::string>;

runtime::RunConfig paced(Settings more = {}) {
  more.insert(more.end(), {"run.steps=96", "schedule.h=8", "round.pace=time"});
  return small_config(more);
}

}  // namespace

BOOST_AUTO_TEST_CASE(among_equals_the_pace_changes_nothing) {
  SimCluster steps(3, small_config({"run.steps=96", "schedule.h=8", "train.correct_drift=true"}));
  SimCluster time(3, paced({"train.correct_drift=true"}));
  steps.run();
  time.run();
  BOOST_TEST(time[0].rounds.size() == 12U);
  BOOST_TEST(time[0].final_model == steps[0].final_model, boost::test_tools::per_element());
}

// Rounds cost 8 steps of a fast device in place of 8 of a slow one; only the first, when nobody
// knows who is slow, costs the latter.
BOOST_AUTO_TEST_CASE(nobody_waits_for_the_slow_device) {
  const ClusterOptions slow{.flops_per_second = 1e4, .slowdown = 4};
  SimCluster waiting(4, small_config({"run.steps=96", "schedule.h=8"}), slow);
  SimCluster time(4, paced(), slow);
  waiting.run();
  time.run();
  const auto& rounds = time[1].rounds;
  BOOST_TEST(rounds[0].own_steps == 8);
  for (std::size_t i = 0; i < rounds.size(); ++i) {
    BOOST_TEST(time[0].rounds[i].own_steps == (i == 0 ? 8 : 2));
    BOOST_TEST(time[0].rounds[i].h == 8);
    BOOST_TEST(time[0].hash_after(rounds[i].round) == time[1].hash_after(rounds[i].round));
  }
  const double fast = rounds[1].compute_s;
  BOOST_TEST(waiting[0].rounds[1].compute_s == 4 * fast, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(time[0].rounds[1].compute_s == fast, boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(devices_that_miss_rounds_come_back_with_the_same_model) {
  const ClusterOptions shape{.drop = 0.3};
  SimCluster ring(4, paced({"outer.momentum=0.5", "train.correct_drift=true"}), shape);
  SimCluster again(4, paced({"outer.momentum=0.5", "train.correct_drift=true"}), shape);
  ring.run();
  again.run();
  int missed = 0;
  for (std::size_t r = 0; r < ring.size(); ++r) {
    BOOST_TEST(ring[r].reason() == "done");
    BOOST_TEST(ring[r].final_model == ring[0].final_model, boost::test_tools::per_element());
    BOOST_TEST(ring[r].final_model == again[r].final_model, boost::test_tools::per_element());
    for (const auto& round : ring[r].rounds) missed += round.own_steps == 0 ? 1 : 0;
  }
  BOOST_TEST(missed > 5);  // of 48; 14 are expected
  BOOST_TEST(missed < 25);
  BOOST_TEST(*ring[0].end->objective < *ring[0].end->objective_start);
}

BOOST_AUTO_TEST_CASE(others_miss_other_rounds_with_another_seed) {
  const ClusterOptions shape{.drop = 0.3};
  SimCluster one(2, paced({"run.seed=1"}), shape);
  SimCluster two(2, paced({"run.seed=2"}), shape);
  one.run();
  two.run();
  const auto misses = [](const SimDevice& device) {
    std::vector<bool> out;
    for (const auto& round : device.rounds) out.push_back(round.own_steps == 0);
    return out;
  };
  BOOST_TEST((misses(one[0]) != misses(one[1])));
  BOOST_TEST((misses(one[0]) != misses(two[0])));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
