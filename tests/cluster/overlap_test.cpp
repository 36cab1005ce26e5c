/// Whole rings whose averages come a round late: models, times, ends.
#include <cmath>
#include <string>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "runtime/objective_options.hpp"
#include "tests/support/kept_devices.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(overlap)

namespace {

namespace data = boost::unit_test::data;
using namespace std::chrono_literals;
using devices::Duration;
using Settings = std::vector<std::string>;

const Settings kOverlap{"net.overlap=true"};
const Settings kCorrected{"net.overlap=true", "train.correct_drift=true",
                          "data.partition=by-label"};

runtime::RunConfig config_of(Settings settings, const Settings& more = {}) {
  settings.insert(settings.end(), more.begin(), more.end());
  return small_config(settings);
}

void check_same_models(const SimCluster& cluster) {
  for (std::size_t r = 0; r < cluster.size(); ++r) {
    BOOST_TEST(cluster[r].reason() == "done");
    BOOST_REQUIRE(cluster[r].rounds.size() == cluster[0].rounds.size());
    for (const auto& round : cluster[r].rounds) {
      BOOST_TEST(round.model_hash == cluster[0].hash_after(round.round));
    }
    BOOST_TEST(cluster[r].final_model == cluster[0].final_model, boost::test_tools::per_element());
  }
}

constexpr std::size_t kThree = 3;

/// Local steps of H = 4 take that long, an all-reduce of two devices two delays of 1 ms.
constexpr Duration kAverage = 2ms;
ClusterOptions steps_of(Duration round) {
  const auto options = runtime::objective_options(small_config().model, {12, 2, 60});
  const double flops = 4 * model::make_objective<float>(options)->step_flops(4);
  return {.flops_per_second = flops / devices::seconds(round)};
}

}  // namespace

BOOST_DATA_TEST_CASE(all_devices_hold_the_same_model_after_every_round,
                     data::make<std::size_t>({2, 3, 5}) *
                         data::make<std::string>({"schedule.h=4",
                                                  "schedule={kind=\"doubling\", t0=4}",
                                                  "schedule={kind=\"guarded\", t0=4}"}),
                     W, schedule) {
  SimCluster cluster(W, config_of(kCorrected, {schedule, "run.steps=50"}));
  cluster.run();
  check_same_models(cluster);
  BOOST_TEST(cluster[0].end->steps == 50);
  BOOST_TEST(*cluster[0].end->objective < *cluster[0].end->objective_start);
  BOOST_TEST(cluster[0].final_model == cluster[0].last_round_model);
}

BOOST_AUTO_TEST_CASE(so_they_do_where_devices_are_slow_or_absent) {
  SimCluster cluster(4, config_of(kCorrected, {"round.pace=time", "run.steps=96"}),
                     {.flops_per_second = 1e4, .slowdown = 3, .drop = 0.2});
  cluster.run();
  check_same_models(cluster);
  int missed = 0;
  for (const auto& round : cluster[1].rounds) missed += round.own_steps == 0 ? 1 : 0;
  BOOST_TEST(missed > 0);
  // Its speed is known when the first average is there, which is when two rounds are taken.
  const auto& slow = cluster[0].rounds;
  for (std::size_t i = 0; i < slow.size(); ++i) {
    if (slow[i].own_steps > 0) BOOST_TEST((slow[i].own_steps < 4) == (i > 1));
  }
  BOOST_TEST(*cluster[0].end->objective < *cluster[0].end->objective_start);
}

// The first steps are taken before, the last average is made after what goes on side by side.
BOOST_DATA_TEST_CASE(a_round_takes_as_long_as_the_longer_of_steps_and_average,
                     data::make({1, 2, 7}), compute_ms) {
  const Duration compute = std::chrono::milliseconds(compute_ms);
  SimCluster together(2, config_of(kOverlap), steps_of(compute));
  SimCluster apart(2, small_config(), steps_of(compute));
  together.run();
  apart.run();
  // They begin a hop apart, and take turns in being the first to end a round: after four each is
  // where it was.
  for (std::size_t r = 0; r < 2; ++r) {
    const auto& overlapped = together[r].round_times;
    const auto& one_by_one = apart[r].round_times;
    BOOST_REQUIRE(overlapped.size() == 6U);
    BOOST_REQUIRE(one_by_one.size() == 6U);
    BOOST_TEST((one_by_one[4] - one_by_one[0]).count() == 4 * (compute + kAverage).count());
    BOOST_TEST((overlapped[4] - overlapped[0]).count() == 4 * std::max(compute, kAverage).count());
  }
  double spent = 0;
  for (const auto& round : together[0].rounds) {
    spent += round.compute_s + round.wait_s + round.average_s;
  }
  BOOST_TEST(spent == *together[0].end->virtual_seconds, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(together[0].end->sent_model_bytes_per_device.value() ==
             apart[0].end->sent_model_bytes_per_device.value());
  BOOST_TEST(together[0].end->rounds == apart[0].end->rounds);
}

// With a single round there is nothing to be late; one device alone has no averages to wait for.
BOOST_AUTO_TEST_CASE(where_nothing_can_be_late_it_changes_nothing) {
  const Settings one_shot{"schedule.kind=one-shot", "run.output=uniform"};
  SimCluster late(3, config_of(kOverlap, one_shot)), plain(3, small_config(one_shot));
  late.run();
  plain.run();
  BOOST_TEST(late[0].final_model == plain[0].final_model, boost::test_tools::per_element());
  BOOST_TEST(*late[0].end->virtual_seconds == *plain[0].end->virtual_seconds);
  const Settings alone{"schedule={kind=\"guarded\", t0=4}", "train.correct_drift=true"};
  SimCluster late_alone(1, config_of(kOverlap, alone)), plain_alone(1, small_config(alone));
  late_alone.run();
  plain_alone.run();
  BOOST_TEST(late_alone[0].final_model == plain_alone[0].final_model,
             boost::test_tools::per_element());
  BOOST_TEST(late_alone[0].rounds.size() == plain_alone[0].rounds.size());
}

// What is said of step t, and what a run gives that ends there, is of the steps before t: those
// under way do not count.
BOOST_DATA_TEST_CASE(a_run_of_t_steps_ends_with_what_a_longer_one_has_at_t,
                     data::make<std::string>({"last", "quadratic"}), output) {
  const Settings settings{"run.output=" + output, "output.eval_every=4"};
  SimCluster longer(3, config_of(kCorrected, settings));
  SimCluster shorter(3, config_of(kCorrected, {settings[0], settings[1], "run.steps=12"}));
  longer.run();
  shorter.run();
  const auto at = [](const SimDevice& device, model::Step t) {
    for (const auto& event : device.evaluations)
      if (event.step == t) return event.objective;
    return std::nan("");
  };
  for (const model::Step t : {4, 8, 12}) BOOST_TEST(at(shorter[1], t) == at(longer[1], t));
  BOOST_TEST(*shorter[0].end->objective == at(longer[0], 12));
}

BOOST_AUTO_TEST_CASE(a_target_is_reached_by_the_model_that_the_run_gives) {
  const Settings target{"run.target_loss=0.66", "run.steps=400", "run.output=linear"};
  KeptDevices devices(2);
  const auto ring = devices.ring(config_of(kOverlap, target), false);
  ring->run();
  BOOST_TEST((*ring)[0].reason() == "done: run.target_loss = 0.66 reached");
  BOOST_TEST(*(*ring)[0].end->objective <= 0.66);
  BOOST_TEST((*ring)[0].end->steps < 400);
  // The checkpoint has what was under way, and another try the same end.
  const auto again = devices.ring(config_of(kOverlap, target), true);
  again->run();
  BOOST_TEST(*(*again)[0].end->model_hash == *(*ring)[0].end->model_hash);
  BOOST_TEST((*again)[0].rounds.empty());
}

// The draws, the iterates and the corrections of steps that came to nothing must not count.
BOOST_AUTO_TEST_CASE(a_run_interrupted_while_it_steps_and_averages_goes_on) {
  const Settings all{"run.steps=60", "output.checkpoint_every=1ms", "data.sampling=shuffle",
                     "run.output=linear"};
  const auto config = config_of(kCorrected, all);
  SimCluster uncut(kThree, config);
  uncut.run();
  KeptDevices devices(kThree);
  const auto first = devices.ring(config, false);
  (*first)[0].at_round = [&](const runtime::RoundDone& event) {
    if (event.round != 5) return;
    first->at(first->world().now().since_start + 100us, [&] { (*first)[0].stop->hurry(); });
  };
  first->run();
  BOOST_TEST((*first)[0].reason() == "interrupted in the middle of a round");
  BOOST_TEST(devices.rounds(0).front() == 5);
  const auto second = devices.ring(config, true);
  second->run();
  for (std::size_t r = 0; r < kThree; ++r) {
    BOOST_TEST((*second)[r].reason() == "done");
    BOOST_TEST((*second)[r].rounds.size() < uncut[r].rounds.size());
    for (const auto& round : (*second)[r].rounds) {
      BOOST_TEST(round.model_hash == uncut[r].hash_after(round.round));
    }
    BOOST_TEST(*(*second)[r].end->model_hash == *uncut[r].end->model_hash);
  }
}

BOOST_AUTO_TEST_CASE(a_device_lost_beside_steps_leaves_the_last_average_on_all) {
  const auto config = config_of(kCorrected, {"run.steps=400", "output.checkpoint_every=1ms"});
  SimCluster uncut(kThree, config);
  uncut.run();
  KeptDevices devices(kThree);
  const auto first = devices.ring(config, false, steps_of(100ms));
  first->at(1030ms, [&] { first->lan->kill("device-2"); });
  first->run();
  for (const std::size_t r : {0U, 1U}) {
    BOOST_TEST((*first)[r].code() == 5);
    BOOST_TEST((*first)[r].reason() == "device lost: device-2: connection closed");
    BOOST_TEST((*first)[r].final_model == (*first)[r].last_round_model);
    BOOST_TEST((*first)[r].end->steps == 4 * (*first)[r].end->rounds);
    // At once, and not when the steps of 100 ms are taken.
    BOOST_TEST(((*first)[r].ended_at.since_start <= 1036ms));
  }
  const auto second = devices.ring(config, true);
  second->run();
  BOOST_TEST(*(*second)[0].end->model_hash == *uncut[0].end->model_hash);
}

BOOST_AUTO_TEST_CASE(a_run_that_was_ended_by_its_steps_says_that_more_of_them_go_another_way) {
  const Settings kept{"output.checkpoint_every=1ms"};
  KeptDevices devices(2);
  const auto first = devices.ring(config_of(kOverlap, kept), false);
  first->run();
  BOOST_TEST((*first)[0].reason() == "done");
  const auto second = devices.ring(config_of(kOverlap, {kept[0], "run.steps=48"}), true);
  second->run();
  BOOST_TEST((*second)[0].reason() == "done");
  BOOST_TEST((*second)[0].start->cut);
  BOOST_TEST((*second)[0].rounds.front().round == 7);
  BOOST_TEST((*second)[0].end->steps == 48);
  BOOST_TEST((*second)[1].final_model == (*second)[0].final_model,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(steps_that_are_under_way_have_been_taken) {
  const Settings kept{"output.checkpoint_every=1ms"};
  KeptDevices devices(2);
  const auto first = devices.ring(config_of(kOverlap, kept), false);
  (*first)[0].at_round = [&](const runtime::RoundDone& event) {
    if (event.round == 2) (*first)[0].request_stop();
  };
  first->run();
  BOOST_TEST((*first)[0].end->steps == 12);
  const auto second = devices.ring(config_of(kOverlap, {kept[0], "run.steps=14"}), true);
  second->run();
  BOOST_TEST((*second)[0].reason() ==
             "run.steps = 14 is less than the 16 steps that the run has taken: give it more with "
             "--set run.steps=32");
}

BOOST_AUTO_TEST_CASE(a_run_that_diverges_keeps_the_last_good_model_on_all) {
  const auto config = config_of(kOverlap, {"train.lr.value=100", "model.l2=10", "schedule.h=1",
                                           "run.steps=1000", "output.checkpoint_every=1ms"});
  KeptDevices devices(kThree);
  const auto ring = devices.ring(config, false);
  ring->run();
  for (std::size_t r = 0; r < kThree; ++r) {
    const auto& device = (*ring)[r];
    BOOST_TEST(device.code() == 9);
    BOOST_TEST(device.reason().starts_with("diverged: the model of several devices is not finite "
                                           "after step " +
                                           std::to_string(device.end->steps + 1)),
               device.reason());
    BOOST_TEST(device.end->rounds > 5);
    BOOST_TEST(device.final_model == (*ring)[0].final_model);
    for (const float value : device.final_model) BOOST_TEST(std::isfinite(value));
  }
  // Its last checkpoints have the change that was not finite under way, and can be read.
  runtime::RealDisk disk;
  const auto kept = read_resume(disk, devices.folder(0), runtime::ResumedBy::device);
  BOOST_TEST(kept.refused.empty());
  BOOST_TEST(devices.rounds(0).front() >= (*ring)[0].end->rounds - 1);
  const auto again = devices.ring(config, true);
  again->run();
  BOOST_TEST((*again)[1].reason() == (*ring)[1].reason());
  BOOST_TEST(*(*again)[1].end->model_hash == *(*ring)[1].end->model_hash);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
