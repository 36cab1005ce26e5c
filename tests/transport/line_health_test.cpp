/// When losses hold a connection back.
#include "transport/line_health.hpp"

#include <chrono>

#include <boost/test/unit_test.hpp>

namespace annulet::transport {
BOOST_AUTO_TEST_SUITE(line_health)

namespace {

using namespace std::chrono_literals;

constexpr LineHealth kWeak{.segments = 500, .lost = 5, .round_trip = 20ms, .slows_down = true};

}  // namespace

BOOST_AUTO_TEST_CASE(one_lost_segment_in_a_hundred_holds_back) { BOOST_TEST(is_held_back(kWeak)); }

BOOST_AUTO_TEST_CASE(one_in_five_hundred_is_the_least) {
  auto seen = kWeak;
  seen.segments = 2500;
  BOOST_TEST(is_held_back(seen));
  seen.segments = 2501;
  BOOST_TEST(!is_held_back(seen));
}

BOOST_AUTO_TEST_CASE(one_loss_is_an_accident) {
  auto seen = kWeak;
  seen.segments = 100;
  seen.lost = 1;
  BOOST_TEST(!is_held_back(seen));
  seen.lost = 2;
  BOOST_TEST(is_held_back(seen));
}

BOOST_AUTO_TEST_CASE(near_lines_make_up_for_losses) {
  auto seen = kWeak;
  seen.round_trip = 1999us;
  BOOST_TEST(!is_held_back(seen));
  seen.round_trip = 2ms;
  BOOST_TEST(is_held_back(seen));
}

BOOST_AUTO_TEST_CASE(who_does_not_slow_down_is_not_held_back) {
  auto seen = kWeak;
  seen.slows_down = false;
  BOOST_TEST(!is_held_back(seen));
}

BOOST_AUTO_TEST_CASE(of_what_is_not_known_nothing_is_said) { BOOST_TEST(!is_held_back({})); }

BOOST_AUTO_TEST_CASE(what_was_lost_before_does_not_count) {
  auto later = kWeak;
  later.segments += 1000;
  later.lost += 1;
  BOOST_TEST(!is_held_back(later.since(kWeak)));
  later.lost += 1;
  BOOST_TEST(is_held_back(later.since(kWeak)));
}

// That a segment had arrived after all may be heard after it was counted.
BOOST_AUTO_TEST_CASE(losses_that_were_none_are_none_later_either) {
  auto later = kWeak;
  later.segments += 1000;
  later.lost -= 2;
  BOOST_TEST(later.since(kWeak).lost == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::transport
