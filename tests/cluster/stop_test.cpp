/// Ends that somebody wants, and models that are not numbers any more.
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/sim_cluster.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(stop)

namespace {

namespace data = boost::unit_test::data;
using namespace std::chrono_literals;

/// Ctrl-C on `device` when it has finished that round.
void stop_after(SimDevice& device, std::int64_t round) {
  device.at_round = [&device, round](const runtime::RoundDone& event) {
    if (event.round == round) device.request_stop();
  };
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_starter_ends_the_run_on_all_after_the_same_round) {
  SimCluster ring(4, small_config());
  stop_after(ring[0], 2);
  ring.run();
  for (std::size_t r = 0; r < 4; ++r) {
    BOOST_TEST(ring[r].code() == 130);
    BOOST_TEST(ring[r].reason() == "interrupted");
    BOOST_TEST(ring[r].end->rounds == 3);
    BOOST_TEST(ring[r].end->steps == 12);
    BOOST_TEST(*ring[r].end->model_hash == *ring[0].end->model_hash);
    BOOST_TEST(ring[r].final_model == ring[0].last_round_model);
    BOOST_TEST(!ring[r].lost.has_value());
    // The last model is evaluated as after a whole run.
    BOOST_TEST(*ring[r].end->objective == *ring[0].end->objective);
  }
}

BOOST_AUTO_TEST_CASE(a_second_request_ends_in_the_middle_of_a_round_and_keeps_those_before) {
  ClusterOptions slow;
  slow.flops_per_second = 100;  // a round takes many seconds
  SimCluster ring(3, small_config(), slow);
  ring[0].at_round = [&](const runtime::RoundDone& event) {
    if (event.round != 2) return;
    ring.world().at(ring.world().now() + 100ms, [&] {
      ring[0].request_stop();
      ring[0].stop->hurry();
    });
  };
  ring.run(1h);
  BOOST_TEST(ring[0].code() == 130);
  BOOST_TEST(ring[0].reason() == "interrupted in the middle of a round");
  for (const std::size_t r : {1U, 2U}) {
    BOOST_TEST(ring[r].code() == 5);
    BOOST_TEST(ring[r].reason() == "device lost: device-0: interrupted in the middle of a round");
  }
  for (std::size_t r = 0; r < 3; ++r) {
    BOOST_TEST(ring[r].end->rounds == 2);
    BOOST_TEST(ring[r].final_model == ring[0].last_round_model);
    BOOST_TEST((ring[r].ended_at - ring[0].round_times.back() < 1s));
    // The last evaluation was of another model.
    BOOST_TEST(!ring[r].end->objective.has_value());
    BOOST_TEST(!ring[r].end->parameters_norm.has_value());
  }
}

BOOST_AUTO_TEST_CASE(a_joiner_leaves_after_the_round_and_the_others_say_so) {
  SimCluster ring(4, small_config());
  stop_after(ring[2], 2);
  ring.run();
  BOOST_TEST(ring[2].code() == 130);
  BOOST_TEST(ring[2].reason() == "left");
  BOOST_TEST(ring[2].end->rounds == 2);
  for (const std::size_t r : {0U, 1U, 3U}) {
    BOOST_TEST(ring[r].code() == 5);
    BOOST_TEST(ring[r].reason() == "device lost: device-2: left");
    BOOST_TEST(ring[r].end->lost_device.value_or("nobody") == "device-2");
    // The news may overtake the last bytes of that round.
    BOOST_TEST((ring[r].end->rounds == 1 || ring[r].end->rounds == 2));
    BOOST_TEST(*ring[r].end->model_hash == ring[2].hash_after(ring[r].end->rounds));
    BOOST_TEST((ring[r].ended_at - ring[2].round_times.back() < 1s));
  }
}

BOOST_AUTO_TEST_CASE(a_request_while_devices_gather_ends_all_before_step_0) {
  SimCluster ring(small_config());
  runtime::StartOptions options;
  options.devices = 3;
  ring.start({.name = "device-0"}, options);
  ring.join({.name = "device-1"});
  ring.at(400ms, [&] { ring[0].request_stop(); });
  ring.run();
  BOOST_TEST(ring[0].code() == 130);
  BOOST_TEST(ring[0].reason() == "interrupted before step 0");
  BOOST_TEST(ring[0].end->rounds == 0);
  BOOST_TEST(ring[0].final_model.empty());
  BOOST_TEST(ring[1].code() == 130);
  BOOST_TEST(ring[1].reason() ==
             "The starter ended the run before step 0: interrupted before step 0");
  BOOST_TEST((ring[1].ended_at.since_start < 500ms));
}

BOOST_AUTO_TEST_CASE(a_joiner_may_leave_while_devices_gather) {
  SimCluster ring(small_config());
  runtime::StartOptions options;
  options.devices = 3;
  ring.start({.name = "device-0"}, options);
  ring.join({.name = "device-1"});
  ring.join({.name = "device-2", .after = 600ms});
  ring.join({.name = "device-3", .after = 600ms});
  ring.at(400ms, [&] { ring[1].request_stop(); });
  ring.run();
  BOOST_TEST(ring[1].code() == 130);
  BOOST_TEST(ring[1].reason() == "interrupted before step 0");
  for (const std::size_t r : {0U, 2U, 3U}) BOOST_TEST(ring[r].reason() == "done");
  BOOST_TEST(ring[0].start->devices.size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_request_while_dialling_is_heard) {
  SimCluster ring(small_config());
  ring.join({.name = "device-1", .wait = 60s});
  ring.at(1500ms, [&] { ring[0].request_stop(); });
  ring.run();
  BOOST_TEST(ring[0].code() == 130);
  BOOST_TEST((ring[0].ended_at.since_start == 1500ms));
}

// At every moment of a run: all end, and with the same model unless a joiner has left.
BOOST_DATA_TEST_CASE(a_request_may_come_at_any_moment, data::make({0, 2}), who) {
  SimCluster undisturbed(3, small_config());
  undisturbed.run();
  const auto end = undisturbed[0].ended_at.since_start;
  for (devices::Duration when = 4500us; when < end; when += 1110us) {  // the joiners are there
    SimCluster ring(3, small_config());
    ring.at(when, [&] { ring[static_cast<std::size_t>(who)].request_stop(); });
    if (who == 2) ring.join({.name = "device-9", .after = 3s});  // in case its place is free
    ring.run();
    BOOST_TEST_CONTEXT("after " << when.count() << " ns: " << ring[0].reason()) {
      const SimDevice& asked = ring[static_cast<std::size_t>(who)];
      BOOST_TEST((asked.code() == 130 || asked.code() == 0));
      BOOST_TEST((ring[1].ended_at.since_start < when + 5s));
      if (asked.end->rounds == 0) continue;
      for (std::size_t r = 0; r < 3; ++r) {
        BOOST_TEST(asked.end->rounds - ring[r].end->rounds <= (who == 0 ? 0 : 1));
        if (ring[r].end->rounds == 0) continue;
        BOOST_TEST(*ring[r].end->model_hash == asked.hash_after(ring[r].end->rounds));
        if (who == 0) BOOST_TEST(ring[r].code() == asked.code());
      }
    }
  }
}

// ---- divergence ---------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_diverging_run_keeps_the_last_good_model_on_all) {
  // Each step multiplies the parameters by about 1 - 100 x 10.
  SimCluster ring(3, small_config({"train.lr.value=100", "model.l2=10", "schedule.h=1"}));
  ring.run();
  for (std::size_t r = 0; r < 3; ++r) {
    BOOST_TEST(ring[r].code() == 9);
    BOOST_TEST(ring[r].reason() ==
               "diverged: the model of several devices is not finite after step " +
                   std::to_string(ring[r].end->steps + 1) +
                   ". Lower train.lr, or schedule.h where H is large.");
    BOOST_TEST(ring[r].end->rounds > 5);
    BOOST_TEST(ring[r].final_model == ring[r].last_round_model);
    BOOST_TEST(ring[r].final_model == ring[0].final_model);
    for (const float value : ring[r].final_model) BOOST_TEST(std::isfinite(value));
  }
}

// A step of factor -1.5 may leave y finite while y - x is beyond what a float can hold: such a
// model must not be committed either. Nor one that a codec has made NaN.
BOOST_DATA_TEST_CASE(no_model_that_is_not_finite_is_ever_committed,
                     data::make({1.2, 1.5, 1.9, 2.5}) *
                         data::make<std::string>({"none", "f16", "q8", "q4"}),
                     lr, codec) {
  SimCluster ring(2, small_config({"train.lr.value=" + std::to_string(lr), "model.l2=2",
                                   "schedule.h=1", "run.steps=1000", "net.compress=" + codec}));
  ring.run();
  BOOST_TEST(ring[0].code() == 9);
  for (const float value : ring[0].final_model) BOOST_TEST(std::isfinite(value));
}

// All models may be finite while x + rate D is not. Where that is in the last round of a run, no
// local steps follow that would find out.
BOOST_DATA_TEST_CASE(an_average_that_is_not_finite_is_never_a_run_s_model,
                     data::make<std::string>({"none", "f16", "q8", "q4"}), codec) {
  int of_the_average = 0;
  for (int steps = 1; steps <= 8; ++steps) {
    // A round multiplies the parameters by about -10 x 10^6.
    SimCluster ring(
        3, small_config({"train.lr.value=1", "model.l2=10", "schedule.h=1", "outer.rate=1e6",
                         "run.steps=" + std::to_string(steps), "net.compress=" + codec}));
    ring.run();
    const bool ended_well = ring[0].code() == 0;
    const auto reason = ring[0].reason();
    of_the_average += reason.starts_with("diverged: the averaged model is not finite") ? 1 : 0;
    for (std::size_t r = 0; r < 3; ++r) {
      BOOST_TEST(ring[r].code() == (ended_well ? 0 : 9), ring[r].reason());
      BOOST_TEST(ring[r].reason() == reason);
      BOOST_TEST(ring[r].end->rounds == ring[0].end->rounds);
      BOOST_TEST(ring[r].final_model == ring[0].final_model);
      for (const float value : ring[r].final_model) BOOST_TEST(std::isfinite(value));
    }
  }
  BOOST_TEST(of_the_average > 0);
}

BOOST_AUTO_TEST_CASE(the_one_culprit_is_named) {
  SimCluster ring(small_config());
  // Its first step leaves the numbers. (No file can hold such a row.)
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  model::DataPath path;
  path.file = "/data/long";
  ring.data.put(path, model::Dataset::sparse({0, 1, 2}, {0, 1}, {kInfinity, 1}, {1, -1}, 12));
  runtime::StartOptions options;
  options.devices = 3;
  ring.start({.name = "device-0"}, options);
  ring.join({.name = "device-1"});
  ring.join({.name = "device-2", .own_data = path});
  ring.run();
  for (std::size_t r = 0; r < 3; ++r) {
    BOOST_TEST(ring[r].code() == 9);
    BOOST_TEST(
        ring[r].reason().starts_with("diverged: the model of device-2 is not finite after step 4."),
        ring[r].reason());
    BOOST_TEST(ring[r].end->rounds == 0);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
