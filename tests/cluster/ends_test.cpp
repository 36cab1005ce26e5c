/// Runs that end by time, or at a target.
#include <algorithm>
#include <string>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/sim_cluster.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(ends)

namespace {

namespace data = boost::unit_test::data;
using namespace std::chrono_literals;

constexpr double kFar = 1e-2;  // a gap that some hundred steps reach

std::vector<model::Step> evaluated_steps(const SimDevice& device) {
  std::vector<model::Step> steps;
  for (const auto& event : device.evaluations) steps.push_back(event.step);
  return steps;
}

/// All have ended with the same words, after the same round, with the same model.
void expect_one_end(const SimCluster& ring, const std::string& reason) {
  for (std::size_t r = 0; r < ring.size(); ++r) {
    BOOST_TEST(ring[r].code() == 0);
    BOOST_TEST(ring[r].reason() == reason);
    BOOST_TEST(ring[r].end->rounds == ring[0].end->rounds);
    BOOST_TEST((ring[r].end->model_hash == ring[0].end->model_hash));
    BOOST_TEST((ring[r].end->objective == ring[0].end->objective));
    BOOST_TEST((ring[r].end->target_reached == ring[0].end->target_reached));
    BOOST_TEST(ring[r].final_model == ring[r].last_round_model);
  }
}

/// Above every loss but that of x = 0, so that a target is not met at once.
std::vector<std::string> gap_of(double gap) {
  return {"run.steps=5000", "run.target_gap=" + std::to_string(gap)};
}

}  // namespace

// ---- time ---------------------------------------------------------------------------------------

// A round of three devices: 4 steps of 240 operations at 1 MHz, then 4 hops of 1 ms, of which the
// starter waits for 3 or 5 when its neighbours are ahead or behind: rounds end
// at 4.96, 8.92, 14.88, 19.84 and 23.8 ms, the steps of the next one 0.96 ms later. The first round
// whose steps end when the time is up is the last.
BOOST_AUTO_TEST_CASE(the_round_whose_steps_end_when_the_time_is_up_is_the_last) {
  struct Case {
    const char* time;
    std::int64_t rounds;
    double seconds;
  };
  for (const auto& [time, rounds, seconds] : {Case{"1ms", 2, 8.92e-3},
                                              {"12ms", 4, 19.84e-3},
                                              {"15840us", 4, 19.84e-3},
                                              {"15841us", 5, 23.8e-3}}) {
    SimCluster ring(3, small_config({"run.steps=100000", std::string("run.time=") + time}));
    ring.run();
    BOOST_TEST(ring[0].end->rounds == rounds, time);
    if (std::string(time) == "1ms") {
      expect_one_end(ring, "done: run.time = 1ms reached");
      BOOST_TEST(!ring[0].end->target_reached.has_value());
    }
    BOOST_TEST(*ring[0].end->virtual_seconds == seconds,
               boost::test_tools::tolerance(1e-9));  // of a double of nanoseconds
  }
}

BOOST_AUTO_TEST_CASE(evaluations_take_none_of_the_time) {
  SimCluster ring(3, small_config({"run.steps=100000", "run.time=12ms", "output.eval_every=4"}));
  ring.run();
  BOOST_TEST(evaluated_steps(ring[0]) == std::vector<model::Step>({0, 4, 8, 12, 16}),
             boost::test_tools::per_element());
  expect_one_end(ring, "done: run.time = 12ms reached");
}

BOOST_AUTO_TEST_CASE(steps_may_end_a_run_before_its_time) {
  SimCluster ring(2, small_config({"run.time=1h"}));
  ring.run();
  BOOST_TEST(ring[0].end->steps == 24);
  expect_one_end(ring, "done: run.steps = 24 reached");
}

BOOST_AUTO_TEST_CASE(only_the_starters_clock_counts) {
  // The joiner came long before; its own clock says nothing.
  SimCluster ring(small_config({"run.steps=100000", "run.time=12ms"}));
  runtime::StartOptions options;
  options.devices = 2;
  ring.start({.name = "device-0", .after = 2s}, options);
  ring.join({.name = "device-1", .host = "device-1"}, "device-0");
  ring.run();
  expect_one_end(ring, "done: run.time = 12ms reached");
}

BOOST_AUTO_TEST_CASE(an_interrupted_run_is_interrupted_whatever_the_time) {
  SimCluster ring(2, small_config({"run.steps=100000", "run.time=1s"}));
  ring[0].at_round = [&](const auto& event) {
    if (event.round == 2) ring[0].request_stop();
  };
  ring.run();
  BOOST_TEST(ring[1].code() == 130);
  BOOST_TEST(ring[1].reason() == "interrupted");
}

// ---- targets ------------------------------------------------------------------------------------

BOOST_DATA_TEST_CASE(a_loss_ends_the_run_on_all_in_the_same_round,
                     data::make<std::size_t>({1, 2, 3, 5}), W) {
  SimCluster ring(W, small_config({"run.steps=5000", "run.target_loss=0.67"}));
  ring.run();
  expect_one_end(ring, "done: run.target_loss = 0.67 reached");
  BOOST_TEST((ring[0].end->target_reached == true));
  BOOST_TEST(*ring[0].end->objective <= 0.67);
  BOOST_TEST(ring[0].end->steps < 5000);
  const auto& seen = ring[0].evaluations;
  BOOST_TEST_REQUIRE(seen.size() >= 2U);
  BOOST_TEST(seen[seen.size() - 2].objective > 0.67);  // it was the first to be low enough
  BOOST_TEST(seen.back().step == ring[0].end->steps);  // and is not evaluated again
}

BOOST_AUTO_TEST_CASE(without_eval_every_models_are_evaluated_when_t_has_grown_by_a_tenth) {
  SimCluster ring(2, small_config({"run.steps=50", "run.target_loss=0.1", "schedule.h=1"}));
  ring.run();
  std::vector<model::Step> expected;
  for (model::Step t = 0; t <= 20; ++t) expected.push_back(t);
  for (const model::Step t : {22, 24, 26, 28, 30, 33, 36, 39, 42, 46, 50}) expected.push_back(t);
  BOOST_TEST(evaluated_steps(ring[0]) == expected, boost::test_tools::per_element());
  BOOST_TEST(evaluated_steps(ring[1]) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_target_that_is_not_reached_is_told) {
  SimCluster ring(2, small_config({"run.target_loss=0.1"}));
  ring.run();
  expect_one_end(ring, "done: run.steps = 24 reached, run.target_loss = 0.1 not");
  BOOST_TEST((ring[0].end->target_reached == false));
}

BOOST_AUTO_TEST_CASE(a_target_may_be_reached_at_the_very_end) {
  SimCluster far(2, small_config());
  far.run();
  const double f = *far[0].end->objective;
  const auto settings = std::vector<std::string>{"run.target_loss=" + std::to_string(f + 1e-5),
                                                 "output.eval_every=1000"};
  SimCluster ring(2, small_config(settings));
  ring.run();
  BOOST_TEST((ring[0].end->target_reached == true));
  BOOST_TEST(ring[0].end->steps == 24);
}

BOOST_AUTO_TEST_CASE(a_target_that_x_0_meets_leaves_a_model_all_the_same) {
  SimCluster ring(2, small_config({"run.target_loss=100"}));
  ring.run();
  expect_one_end(ring, "done: run.target_loss = 100 reached");
  BOOST_TEST(ring[0].end->rounds == 1);
}

BOOST_DATA_TEST_CASE(a_gap_ends_the_run_on_all_in_the_same_round,
                     data::make<std::size_t>({1, 2, 3, 5}), W) {
  SimCluster ring(W, small_config(gap_of(kFar)));
  ring.run();
  expect_one_end(ring, "done: run.target_gap = 0.01 reached");
  for (std::size_t r = 0; r < W; ++r) {
    const auto& end = *ring[r].end;
    BOOST_TEST((end.target_reached == true));
    BOOST_TEST((end.f_star == ring[0].end->f_star));
    BOOST_TEST(*end.gap == *end.objective - *end.f_star);
    BOOST_TEST(*end.gap <= kFar);
    BOOST_TEST(*end.gap > 0);
    BOOST_TEST(*ring[r].evaluations[ring[r].evaluations.size() - 2].gap > kFar);
    BOOST_TEST(ring[r].optima.size() == (r == 0 ? 1U : 0U));
    // The search is before step 0: it takes none of the time.
    BOOST_TEST(ring[r].rounds[0].seconds < 0.1);
  }
  BOOST_TEST(ring[0].optima[0].gradient_norm <= 1e-9);
  BOOST_TEST(ring[0].searches.size() > 1U);
}

BOOST_AUTO_TEST_CASE(every_partition_and_weight_has_the_same_least_value) {
  std::vector<double> found;
  for (const char* partition : {"all", "by-label", "iid"}) {
    auto settings = gap_of(0.1);
    settings.push_back(std::string("data.partition=") + partition);
    settings.emplace_back("round.weights=equal");
    SimCluster ring(3, small_config(settings));
    ring.run();
    found.push_back(*ring[0].end->f_star);
    BOOST_TEST(found.back() == found.front());
  }
}

BOOST_AUTO_TEST_CASE(a_device_with_data_of_its_own_is_refused_where_the_least_value_is_needed) {
  SimCluster ring(small_config(gap_of(kFar)));
  runtime::StartOptions options;
  options.devices = 2;
  model::DataPath own;
  own.file = kSparseFile;
  ring.start({.name = "device-0"}, options);
  ring.join({.name = "device-1", .own_data = own});
  ring.join({.name = "device-2", .after = 1s});
  ring.run();
  BOOST_TEST(ring[1].code() == 4);
  BOOST_TEST(ring[1].reason().find("brings data of its own, so nobody can know the least value") !=
                 std::string::npos,
             ring[1].reason());
  BOOST_TEST(ring[0].code() == 0);
  BOOST_TEST(ring[2].code() == 0);
}

BOOST_AUTO_TEST_CASE(the_starter_hears_of_its_own_data_before_anyone_waits) {
  SimCluster ring(small_config(gap_of(kFar)));
  runtime::StartOptions options;
  options.devices = 2;
  model::DataPath own;
  own.file = kSparseFile;
  ring.start({.name = "device-0", .own_data = own}, options);
  ring.run();
  BOOST_TEST(ring[0].code() == 4);
  BOOST_TEST(ring[0].reason().starts_with("device-0 brings data of its own"), ring[0].reason());
  BOOST_TEST((ring[0].ended_at.since_start < 1s));
}

// Every fifth row has no feature and cannot be told apart; the other labels a plane separates only
// in part, so that without l2 some direction has no end.
BOOST_AUTO_TEST_CASE(without_a_least_value_a_gap_ends_the_run_before_step_0) {
  SimCluster ring(2, small_config({"run.target_gap=0.01", "model.l2=0"}));
  model::DataPath path;
  path.file = kSparseFile;
  ring.data.put(path, model::Dataset::sparse({0, 1, 2, 3, 4}, {0, 0, 0, 0}, {1, 2, -1, -2},
                                             {1, 1, -1, -1}, 12));
  ring.run();
  BOOST_TEST(ring[0].code() == 4);
  BOOST_TEST(ring[0].reason() ==
             "run.target_gap: f has no least value on these data: the larger the parameters, the "
             "better they fit. Set model.l2 above 0; \"1/n\" is the paper's");
  BOOST_TEST(ring[1].code() == 5);
  BOOST_TEST(ring[0].end->rounds == 0);
}

BOOST_AUTO_TEST_CASE(a_request_during_the_search_ends_it) {
  SimCluster ring(2, small_config(gap_of(kFar)));
  ring[0].at_search = [&] { ring[0].request_stop(); };
  ring.run();
  BOOST_TEST(ring[0].code() == 130);
  BOOST_TEST(ring[0].reason() == "interrupted before step 0");
  BOOST_TEST(ring[0].searches.size() == 1U);
  BOOST_TEST(ring[1].reason() == "device lost: device-0: interrupted before step 0");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
