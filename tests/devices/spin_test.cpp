/// Waits that stay awake: for as long as was said, and only where that pays.
#include "devices/spin.hpp"

#include <chrono>
#include <cstddef>

#include <boost/test/unit_test.hpp>

#include "devices/power.hpp"
#include "tests/support/written_root.hpp"

namespace annulet::devices {
BOOST_AUTO_TEST_SUITE(spin)

namespace {

using namespace std::chrono_literals;

/// That much later each time it is asked.
class CountingClock final : public Clock {
 public:
  explicit CountingClock(Duration step = 1us) : step_(step) {}
  [[nodiscard]] TimePoint now() const override { return {step_ * ++asked_}; }
  asio::awaitable<bool> reach(TimePoint /*when*/) override { co_return true; }

 private:
  Duration step_;
  mutable int asked_ = 0;
};

/// How often one wait in vain looks.
std::size_t looks(Spin& spin) {
  std::size_t count = 0;
  while (spin.once_more()) ++count;
  return count;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_wait_ends_after_the_longest_time) {
  const CountingClock clock;
  Spin spin(clock, 50us);
  BOOST_TEST(looks(spin) == 50U);  // from the first microsecond on
  BOOST_TEST(looks(spin) == 0U);   // it is asleep
}

// Where others have the processor between two looks, waiting costs next to nothing.
BOOST_AUTO_TEST_CASE(what_others_take_does_not_count) {
  const CountingClock clock(1ms);
  Spin spin(clock, 50us);
  BOOST_TEST(looks(spin) == 10U);
}

BOOST_AUTO_TEST_CASE(without_time_it_sleeps_at_once) {
  const CountingClock clock;
  Spin spin(clock, 0us);
  BOOST_TEST(looks(spin) == 0U);
}

// 1, 3, 7, ... 255 waits sleep at once between two that look; no more than 255.
BOOST_AUTO_TEST_CASE(each_look_in_vain_doubles_the_waits_that_sleep_at_once) {
  const CountingClock clock;
  Spin spin(clock, 50us);
  for (const std::size_t rest : {1U, 3U, 7U, 15U, 31U, 63U, 127U, 255U, 255U}) {
    BOOST_TEST(looks(spin) > 0U);
    spin.came();
    for (std::size_t i = 0; i < rest; ++i) {
      BOOST_TEST(looks(spin) == 0U);
      spin.came();
    }
  }
}

BOOST_AUTO_TEST_CASE(what_comes_while_it_looks_makes_it_look_again_next_time) {
  const CountingClock clock;
  Spin spin(clock, 50us);
  for (int i = 0; i < 10; ++i) {
    looks(spin);
    spin.came();
  }
  while (!spin.once_more()) spin.came();  // it looks
  spin.came();                            // and something came
  for (int i = 0; i < 10; ++i) {
    BOOST_TEST(spin.once_more());
    spin.came();
  }
}

// A clock that is a microsecond later each time it is asked.
BOOST_AUTO_TEST_CASE(what_came_soon_after_is_looked_for_four_times_as_long) {
  const CountingClock clock;
  Spin spin(clock, 50us);
  BOOST_TEST(looks(spin) == 50U);
  spin.woke();  // after some 50
  BOOST_TEST(looks(spin) == 200U);
  spin.woke();  // after more than 200
  BOOST_TEST(looks(spin) == 0U);
  spin.came();
  BOOST_TEST(looks(spin) == 100U);
  for (int i = 0; i < 120; ++i) static_cast<void>(clock.now());
  spin.woke();
  for (int i = 0; i < 3; ++i) {
    BOOST_TEST(looks(spin) == 0U);
    spin.came();
  }
  BOOST_TEST(looks(spin) == 50U);
}

BOOST_AUTO_TEST_CASE(a_wait_that_would_have_been_short_ends_the_row_of_those_that_sleep_at_once) {
  const CountingClock clock;
  Spin spin(clock, 50us);
  for (int i = 0; i < 8; ++i) {
    looks(spin);
    spin.came();
  }
  BOOST_TEST(looks(spin) == 0U);
  spin.woke();
  BOOST_TEST(looks(spin) == 200U);
}

BOOST_AUTO_TEST_CASE(where_it_cannot_pay_it_looks_as_long_as_at_first) {
  const CountingClock clock;
  Spin spin(clock, 50us);
  looks(spin);
  spin.woke();  // now 200
  for (int i = 0; i < 2; ++i) {
    looks(spin);
    spin.woke(false);
  }
  BOOST_TEST(looks(spin) == 50U);
}

BOOST_AUTO_TEST_CASE(without_time_nothing_is_learned) {
  const CountingClock clock;
  Spin spin(clock, 0us);
  BOOST_TEST(looks(spin) == 0U);
  spin.woke();
  BOOST_TEST(looks(spin) == 0U);
}

// As Linux lists them.
BOOST_AUTO_TEST_CASE(a_battery_of_the_box_that_is_being_used) {
  const tests::WrittenRoot root;
  BOOST_TEST(!is_on_battery(root.path()));
  root.write("sys/class/power_supply/AC/type", "Mains\n");
  root.write("sys/class/power_supply/BAT0/type", "Battery\n");
  root.write("sys/class/power_supply/BAT0/status", "Charging\n");
  root.write("sys/class/power_supply/hidpp_battery_0/type", "Battery\n");
  root.write("sys/class/power_supply/hidpp_battery_0/scope", "Device\n");
  root.write("sys/class/power_supply/hidpp_battery_0/status", "Discharging\n");
  BOOST_TEST(!is_on_battery(root.path()));
  root.write("sys/class/power_supply/BAT0/status", "Discharging\n");
  BOOST_TEST(is_on_battery(root.path()));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::devices
