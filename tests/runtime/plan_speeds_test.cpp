/// Plans of devices of unlike speeds, of momentum, and of rounds that follow the time.
#include <ostream>
#include <string>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/runtime/planned_run.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(plan_speeds)

namespace {

namespace data = boost::unit_test::data;

}  // namespace

BOOST_AUTO_TEST_CASE(all_wait_for_the_slowest_board) {
  const auto config = config_of("kind = \"fixed\", h = 5");
  const auto alike = plan_of(config, {.devices = 3, .flops_per_second = {2e6}});
  const auto mixed = plan_of(config, {.devices = 3, .flops_per_second = {8e6, 2e6, 4e6}});
  BOOST_TEST(mixed.fewest.compute_s == alike.fewest.compute_s);
  BOOST_TEST(mixed.fewest.seconds() == alike.fewest.seconds());
  BOOST_TEST(
      mixed.step_s == (std::vector{alike.step_s[0] / 4, alike.step_s[0], alike.step_s[0] / 2}),
      boost::test_tools::per_element());
}

// Devices of unlike speeds, the first four times slower: rounds, bytes and time are those of the
// run with both keys. With H = 1 all wait all the same, for a device that then finds a part of the
// average done: of such a run the plan is a bound.
BOOST_DATA_TEST_CASE(paced_rounds_with_momentum_cost_what_they_do_in_a_run,
                     data::make<std::size_t>({2, 3, 8}) *
                         data::make<std::string>({"kind = \"fixed\", h = 1",
                                                  "kind = \"fixed\", h = 16",
                                                  "kind = \"fixed\", h = 40",
                                                  "kind = \"doubling\", alpha = 16, t0 = 64"}) *
                         data::make<double>({0, 0.5}),
                     W, schedule, momentum) {
  auto config = config_of(schedule, "steps = 320");
  config.pace = Pace::time;
  config.outer.momentum = momentum;
  const PlannedRing ring{.devices = W, .flops_per_second = {0.25e5, 1e5}};
  const auto plan = plan_of(config, ring);
  const auto end = simulated(config, ring);
  BOOST_TEST(plan.exact);
  BOOST_TEST(plan.fewest.rounds == end.rounds);
  BOOST_TEST(plan.fewest.model_bytes == end.sent_model_bytes_per_device.value());
  BOOST_TEST(plan.every_step.model_bytes == end.baseline_bytes_per_device.value());
  BOOST_TEST_MESSAGE("planned " << plan.fewest.seconds() << " s, simulated "
                                << end.virtual_seconds.value() << " s");
  const double seconds = end.virtual_seconds.value();
  if (plan.fewest.most_h > 1) {
    BOOST_TEST(plan.fewest.seconds() == seconds, boost::test_tools::tolerance(0.01));
  } else {
    BOOST_TEST(seconds < plan.fewest.seconds() * 1.01);
    BOOST_TEST(seconds > plan.fewest.seconds() - plan.fewest.average_s / 2);
  }
}

BOOST_AUTO_TEST_CASE(momentum_costs_nothing_and_pace_two_facts_and_a_slot_each) {
  auto config = config_of("kind = \"fixed\", h = 16");
  const PlannedRing ring{.devices = 4};
  const double plain = plan_of(config, ring).fewest.model_bytes;
  config.outer.momentum = 0.5;
  BOOST_TEST(plan_of(config, ring).fewest.model_bytes == plain);
  config.pace = Pace::time;
  // 10 rounds of 2 (W-1)/W (W + 2) floats more.
  BOOST_TEST(plan_of(config, ring).fewest.model_bytes == plain + 10 * 1.5 * 6 * 4);
}

// H follows the time; that of a plan is near enough that H is another by one at most.
BOOST_DATA_TEST_CASE(balanced_takes_about_the_rounds_that_are_planned,
                     data::make<std::size_t>({1, 2, 3, 8}) *
                         data::make<std::string>({"", ", budget = 0.5", ", h_max = 40"}) *
                         data::make<double>({1, 4}) * data::make<std::string>({"steps", "time"}),
                     W, keys, slowdown, pace) {
  auto config = config_of("kind = \"balanced\"" + keys, "steps = 2000");
  config.pace = pace == "time" ? Pace::time : Pace::steps;
  const PlannedRing ring{.devices = W, .flops_per_second = {1e5 / slowdown, 1e5}};
  const auto plan = plan_of(config, ring);
  const auto end = simulated(config, ring);
  BOOST_TEST_MESSAGE("planned " << plan.fewest.rounds << " to " << plan.most.rounds << ", came "
                                << end.rounds);
  BOOST_TEST(!plan.exact);
  BOOST_TEST(plan.fewest.rounds <= end.rounds);
  BOOST_TEST(end.rounds <= plan.most.rounds);
  BOOST_TEST(plan.fewest.model_bytes <= end.sent_model_bytes_per_device.value());
  BOOST_TEST(end.sent_model_bytes_per_device.value() <= plan.most.model_bytes);
  BOOST_TEST(plan.every_step.model_bytes == end.baseline_bytes_per_device.value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
