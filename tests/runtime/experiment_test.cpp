/// T, the best step size for it, and many of them side by side.
#include "runtime/experiment.hpp"

#include <array>
#include <atomic>
#include <cmath>
#include <stdexcept>

#include <boost/test/unit_test.hpp>

#include "runtime/in_parallel.hpp"
#include "tests/model/samples.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(experiment)

namespace {

const PaperProblem& small_problem() {
  static const PaperProblem problem = make_paper_problem(tests::sparse_sample());
  return problem;
}

/// Reached within some tens of steps on the small sample.
Trial small_trial(std::size_t devices, model::Step h) {
  auto trial = paper_trial(devices, h);
  trial.target = 0.02;
  return trial;
}

constexpr StepChoice kStep{StepChoice::Family::constant, -5};  // 1

}  // namespace

BOOST_AUTO_TEST_CASE(the_problem_is_the_paper_s) {
  const auto& problem = small_problem();
  BOOST_TEST(problem.rows->size() == 60U);
  BOOST_TEST(problem.l2 == 1.0 / 60);
  BOOST_TEST(problem.f_star > 0);
  BOOST_TEST(problem.f_star < std::log(2.0));
  BOOST_TEST(problem.kappa() > 1);
  BOOST_CHECK_THROW((void)make_paper_problem(tests::dense_sample()), model::DataError);
}

// On the grid of t, with averages of the devices only.
BOOST_AUTO_TEST_CASE(t_is_a_multiple_of_h_and_the_gap_is_within_eps) {
  const auto reached = steps_to_target(small_problem(), small_trial(2, 4), {kStep.options(), 1});
  BOOST_TEST_REQUIRE(reached.steps.has_value());
  BOOST_TEST(*reached.steps % 4 == 0);
  BOOST_TEST(*reached.steps == 4 * reached.rounds);
  BOOST_TEST(reached.gap <= 0.02);
  BOOST_TEST(reached.seconds == static_cast<double>(*reached.steps));  // a second each
  const auto cut =
      steps_to_target(small_problem(), small_trial(2, 4), {kStep.options(), 1, *reached.steps - 1});
  BOOST_TEST(!cut.steps.has_value());
  BOOST_TEST(cut.gap > 0.02);
}

BOOST_AUTO_TEST_CASE(one_shot_averaging_has_one_round) {
  auto trial = small_trial(3, 1);
  trial.one_shot = true;
  const auto reached = steps_to_target(small_problem(), trial, {kStep.options(), 1});
  BOOST_TEST_REQUIRE(reached.steps.has_value());
  BOOST_TEST(reached.rounds == 1);
}

BOOST_AUTO_TEST_CASE(slow_devices_take_longer_and_shares_have_the_sizes_asked_for) {
  auto trial = small_trial(3, 4);
  trial.step_seconds = {1, 3, 1};
  trial.sizes = {4, 1, 1};
  const auto reached = steps_to_target(small_problem(), trial, {kStep.options(), 1});
  BOOST_TEST_REQUIRE(reached.steps.has_value());
  BOOST_TEST(reached.seconds == 3 * static_cast<double>(*reached.steps));
}

BOOST_AUTO_TEST_CASE(a_step_size_says_what_it_is) {
  BOOST_TEST((StepChoice{StepChoice::Family::decaying, -3}.text()) == "d0.125");
  BOOST_TEST((StepChoice{StepChoice::Family::constant, -5}.text()) == "c0.03125");
  BOOST_TEST(kStep.options().value == 1);
  BOOST_TEST((StepChoice{StepChoice::Family::decaying, -3}.options().scale) == 0.125);
  BOOST_TEST((StepChoice{StepChoice::Family::decaying, -3}.options().max) == 32);
  BOOST_TEST(step_grid().size() == 19U);
  BOOST_TEST((step_grid().front() == StepChoice{StepChoice::Family::decaying, -3}));
  const auto late = nearest_first(step_grid(), -1);
  BOOST_TEST(late.size() == 19U);
  BOOST_TEST((late.front() == StepChoice{StepChoice::Family::decaying, -1}));
}

BOOST_AUTO_TEST_CASE(giving_up_early_does_not_change_the_winner) {
  const auto trial = small_trial(2, 4);
  Tuning tuning{.most = 2000};
  const auto tuned = tune(small_problem(), trial, tuning);
  BOOST_TEST_REQUIRE(tuned.has_value());
  double least = 1e9;
  for (const auto& step : step_grid()) {
    std::vector<double> steps;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      const auto reached = steps_to_target(small_problem(), trial, {step.options(), seed, 2000});
      if (reached.steps) steps.push_back(static_cast<double>(*reached.steps));
    }
    if (steps.size() == 3) least = std::min(least, mean_and_spread(steps).mean);
  }
  BOOST_TEST(tuned->steps().mean == least);
  BOOST_TEST(tuned->runs.size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_target_that_no_step_reaches_has_no_winner) {
  auto trial = small_trial(2, 4);
  trial.target = 1e-12;
  BOOST_TEST(!tune(small_problem(), trial, {.seeds = 1, .most = 50}).has_value());
}

BOOST_AUTO_TEST_CASE(never_means_that_no_seed_reaches_it) {
  const auto trial = small_trial(2, 4);
  std::vector<model::Step> steps;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const auto reached = steps_to_target(small_problem(), trial, {kStep.options(), seed});
    BOOST_TEST_REQUIRE(reached.steps.has_value());
    steps.push_back(*reached.steps);
  }
  const auto [least, most] = std::ranges::minmax(steps);
  BOOST_TEST_REQUIRE(least < most);  // else the seeds say nothing
  Tuning tuning{.steps = {kStep}, .most = most - 1};
  BOOST_TEST(!tune(small_problem(), trial, tuning).has_value());
  tuning.any_seed = true;
  BOOST_TEST(tune(small_problem(), trial, tuning).has_value());
  tuning.most = least - 1;
  BOOST_TEST(!tune(small_problem(), trial, tuning).has_value());
}

BOOST_AUTO_TEST_CASE(numbers_do_not_depend_on_threads) {
  std::vector<Cell> cells;
  for (const std::size_t devices : std::array<std::size_t, 3>{1, 2, 3}) {
    cells.push_back({std::to_string(devices), small_trial(devices, 2), {.seeds = 2, .most = 500}});
  }
  std::size_t begun = 0, shown = 0;
  const auto show = [&](const CellProgress& now) {
    ++(now.begins ? begun : shown);
    BOOST_TEST(now.done == shown);
    BOOST_TEST(now.all == 3U);
  };
  const auto alone = measure(small_problem(), cells, 1, {});
  const auto together = measure(small_problem(), cells, 3, show);
  BOOST_TEST(begun == 3U);
  BOOST_TEST(shown == 3U);
  for (const auto& [name, tuned] : alone) {
    BOOST_TEST_REQUIRE(tuned.has_value());
    BOOST_TEST(tuned->steps().mean == together.at(name)->steps().mean);
    BOOST_TEST((tuned->step == together.at(name)->step));
  }
}

BOOST_AUTO_TEST_CASE(every_piece_is_done_once_and_errors_come_through) {
  std::vector<std::atomic<int>> done(20);
  in_parallel(3, done.size(), [&](std::size_t i) { ++done[i]; });
  for (const auto& count : done) BOOST_TEST(count == 1);
  const auto fails = [](std::size_t i) {
    if (i == 1) throw std::runtime_error("no");
  };
  BOOST_CHECK_THROW(in_parallel(2, 4, fails), std::runtime_error);
  std::size_t begun = 0;
  const auto count_and_fail = [&](std::size_t i) {
    ++begun;
    fails(i);
  };
  BOOST_CHECK_THROW(in_parallel(1, 4, count_and_fail), std::runtime_error);
  BOOST_TEST(begun == 2U);
}

BOOST_AUTO_TEST_CASE(as_many_of_the_largest_cells_as_threads_run_at_a_time) {
  std::vector<Cell> cells;
  for (const std::size_t devices : std::array<std::size_t, 4>{4, 16, 1, 8}) {
    cells.push_back({std::to_string(devices), small_trial(devices, 2), {}});
  }
  BOOST_TEST(most_devices(cells, 1) == 16U);
  BOOST_TEST(most_devices(cells, 2) == 24U);
  BOOST_TEST(most_devices(cells, 9) == 29U);
}

BOOST_AUTO_TEST_CASE(mean_and_deviation_of_a_sample) {
  const auto found = mean_and_spread({1, 2, 3, 4});
  BOOST_TEST(found.mean == 2.5);
  BOOST_TEST(std::abs(found.deviation - std::sqrt(5.0 / 3)) < 1e-15);
  BOOST_TEST(mean_and_spread({7}).deviation == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
