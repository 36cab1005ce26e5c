/// When a run ends, and what is said of it.
#include "runtime/run_ends.hpp"

#include <vector>

#include <boost/test/unit_test.hpp>

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(run_ends)

namespace {

using namespace std::chrono_literals;

RunConfig config_of(RunSection run, model::Step eval_every = 0) {
  RunConfig config;
  config.run = run;
  config.eval_every = eval_every;
  return config;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_run_of_steps_alone_is_done) {
  const RunEnds ends(config_of({.steps = 8}));
  BOOST_TEST(!ends.has_target());
  BOOST_TEST(!ends.time_is_up(1000h));
  BOOST_TEST(!ends.is_due(0, 4));
  BOOST_TEST(ends.reason() == "done");
}

BOOST_AUTO_TEST_CASE(time_is_up_to_the_nanosecond) {
  RunEnds ends(config_of({.steps = 8, .time = 5ms}));
  BOOST_TEST(!ends.time_is_up(5ms - 1ns));
  BOOST_TEST(ends.time_is_up(5ms));
  BOOST_TEST(ends.reason() == "done: run.steps = 8 reached");
  ends.time_passed();
  BOOST_TEST(ends.reason() == "done: run.time = 5ms reached");
}

BOOST_AUTO_TEST_CASE(what_is_due_follows_eval_every_or_else_growth) {
  const RunEnds every(config_of({.steps = 800, .target_loss = 0.5}, 100));
  BOOST_TEST(!every.is_due(0, 99));
  BOOST_TEST(every.is_due(99, 101));
  const RunEnds growing(config_of({.steps = 800, .target_loss = 0.5}));
  BOOST_TEST(growing.is_due(0, 1));
  // ..., 94, 103, 113, ...
  BOOST_TEST(!growing.is_due(94, 102));
  BOOST_TEST(growing.is_due(94, 103));
  BOOST_TEST(!growing.is_due(103, 112));
  BOOST_TEST(growing.is_due(103, 113));
  BOOST_TEST(growing.is_due(90, 200));
}

BOOST_AUTO_TEST_CASE(targets_are_met_from_above_and_not_before_round_1) {
  RunEnds loss(config_of({.steps = 8, .target_loss = 0.5}));
  loss.evaluated(0, 0.1, {});
  BOOST_TEST(!loss.reached());
  loss.evaluated(4, 0.6, {});
  BOOST_TEST(!loss.reached());
  BOOST_TEST(loss.reason() == "done: run.steps = 8 reached, run.target_loss = 0.5 not");
  loss.evaluated(5, 0.5, {});
  BOOST_TEST(loss.reached());
  BOOST_TEST(loss.reason() == "done: run.target_loss = 0.5 reached");
  RunEnds gap(config_of({.steps = 8, .target_gap = 0.01}));
  gap.evaluated(4, 0.001, {});
  BOOST_TEST(!gap.reached());
  gap.evaluated(4, 7, -1e-9);
  BOOST_TEST(gap.reached());
  BOOST_TEST(gap.reason() == "done: run.target_gap = 0.01 reached");
}

BOOST_AUTO_TEST_CASE(ends_are_listed_for_people) {
  BOOST_TEST(ends_text({.steps = 8000}) == "8,000 steps");
  BOOST_TEST(ends_text({.steps = 9, .steps_given = false, .time = 10min}) == "10m");
  BOOST_TEST(ends_text({.steps = 9, .time = 90s, .target_gap = 1e-3}) ==
             "f - f* <= 0.001 or 90s or 9 steps");
  BOOST_TEST(ends_text({.steps = 9, .steps_given = false, .target_loss = 0.35}) == "f <= 0.35");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
