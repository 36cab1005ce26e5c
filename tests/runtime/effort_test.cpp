/// How unequal parts of a round are weighed.
#include "runtime/effort.hpp"

#include <array>
#include <limits>

#include <boost/test/unit_test.hpp>

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(effort)

namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

}  // namespace

BOOST_AUTO_TEST_CASE(who_takes_all_steps_has_its_share_exactly) {
  const Effort all{.share = 0.3, .eta = 1.7, .full_eta = 1.7};
  BOOST_TEST(weight_of(all) == 0.3);
  BOOST_TEST(left_out(all).effort == 0.0);
  BOOST_TEST(left_out(all).share == 0.0);
  const auto factors = normalised({});
  BOOST_TEST(factors.full == 1.0);
  BOOST_TEST(factors.average == 1.0);
}

BOOST_AUTO_TEST_CASE(who_takes_a_quarter_weighs_four_times_as_much) {
  const Effort quarter{.share = 0.5, .eta = 0.5, .full_eta = 2};
  BOOST_TEST(weight_of(quarter) == 2.0);
  BOOST_TEST(left_out(quarter).effort == 0.375);
  BOOST_TEST(normalised({0.375, 0}).average == 0.625);  // Ebar/E = (1 + 1/4) / 2
}

BOOST_AUTO_TEST_CASE(steps_of_size_0_are_no_reason_to_divide_by_0) {
  BOOST_TEST(weight_of({.share = 0.5, .eta = 0, .full_eta = 0}) == 0.5);
  BOOST_TEST(weight_of({.share = 0.5, .eta = 0, .full_eta = 2}) == 0.5);
}

BOOST_AUTO_TEST_CASE(who_is_absent_is_left_out) {
  const Effort absent{.share = 0.25, .present = false};
  BOOST_TEST(weight_of(absent) == 0.0);
  BOOST_TEST(left_out(absent).share == 0.25);
  BOOST_TEST(normalised({0, 0.25}).full == 4.0 / 3);
  // One third of the effort of those who are left is missing: 0.25 of 0.75.
  BOOST_TEST(normalised({0.25, 0.25}).average == 1 - 1.0 / 3);
  const auto nobody = normalised({0, 0.99999994F});
  BOOST_TEST(nobody.full == 0.0);
  BOOST_TEST(nobody.average == 0.0);
}

BOOST_AUTO_TEST_CASE(slow_devices_take_what_fits) {
  const std::array<float, 4> seconds{1, 1, 2, 4.1F};
  BOOST_TEST(paced_steps(16, seconds, 0) == 16);
  BOOST_TEST(paced_steps(16, seconds, 2) == 8);
  BOOST_TEST(paced_steps(16, seconds, 3) == 3);
  BOOST_TEST(paced_steps(1, seconds, 3) == 1);
}

// Before the first round, on a clock that stands still, or from a broken device.
BOOST_AUTO_TEST_CASE(where_a_speed_is_not_known_all_take_all_steps) {
  for (const float odd : {0.0F, -1.0F, kNone, std::numeric_limits<float>::infinity()}) {
    BOOST_TEST(paced_steps(16, std::array{1.0F, odd}, 0) == 16);
    BOOST_TEST(paced_steps(16, std::array{odd, 2.0F}, 1) == 16);
  }
  BOOST_TEST(paced_steps(16, {}, 0) == 16);
}

BOOST_AUTO_TEST_CASE(the_ring_computes_as_long_as_its_slowest_device) {
  const std::array<float, 3> seconds{1, 1, 4};
  BOOST_TEST(ring_step_seconds(8, seconds, std::array<model::Step, 3>{8, 8, 8}) == 4.0);
  BOOST_TEST(ring_step_seconds(8, seconds, std::array<model::Step, 3>{8, 8, 2}) == 1.0);
  BOOST_TEST(ring_step_seconds(8, seconds, std::array<model::Step, 3>{4, 4, 1}) == 0.5);
  // Who missed the round has not kept it waiting, nor does it matter that it was never timed.
  BOOST_TEST(ring_step_seconds(8, seconds, std::array<model::Step, 3>{8, 8, 0}) == 1.0);
  BOOST_TEST(ring_step_seconds(8, std::array{1.0F, 0.0F}, std::array<model::Step, 2>{8, 0}) == 1.0);
  BOOST_TEST(ring_step_seconds(8, seconds, std::array<model::Step, 3>{0, 0, 0}) == 0.0);
}

BOOST_AUTO_TEST_CASE(an_average_takes_what_is_left_of_the_round) {
  BOOST_TEST(ring_average_seconds(5, 3) == 2.0);
  BOOST_TEST(ring_average_seconds(5, 0) == 0.0);  // nobody was timed
  BOOST_TEST(ring_average_seconds(3, 3) == 0.0);
  BOOST_TEST(ring_average_seconds(2, 3) == 0.0);
}

BOOST_AUTO_TEST_CASE(times_that_cannot_be_are_not_known) {
  for (const float odd : {0.0F, -1.0F, kNone, std::numeric_limits<float>::infinity()}) {
    const std::array seconds{2.0F, odd, 3.0F};
    BOOST_TEST(ring_step_seconds(4, seconds, std::array<model::Step, 3>{4, 4, 4}) == 0.0);
    BOOST_TEST(ring_average_seconds(odd, 1) == 0.0);
    BOOST_TEST(ring_average_seconds(5, odd) == 0.0);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
