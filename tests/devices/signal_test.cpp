/// Signals: none is lost, and a shielded wait outlasts its cancellation.
#include "devices/signal.hpp"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include "devices/side_by_side.hpp"
#include "devices/world.hpp"
#include "tests/support/error_code.hpp"
#include "tests/support/play.hpp"

namespace annulet::devices {
BOOST_AUTO_TEST_SUITE(signal)

namespace {

using namespace std::chrono_literals;
using tests::play;

asio::awaitable<void> wait_times(Signal& signal, int times, int& woken) {
  for (int i = 0; i < times; ++i) {
    co_await signal.wait();
    ++woken;
  }
}

asio::awaitable<void> wait_shielded(Signal& signal, bool& returned) {
  co_await signal.wait_shielded();
  returned = true;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_notification_wakes_the_waiter) {
  World world;
  Signal signal(world.context().get_executor());
  world.at({3s}, [&] { signal.notify(); });
  play(world, signal.wait());
  BOOST_TEST((world.now() == TimePoint{3s}));
}

BOOST_AUTO_TEST_CASE(a_notification_without_a_waiter_is_remembered_once) {
  World world;
  Signal signal(world.context().get_executor());
  signal.notify();
  signal.notify();
  int woken = 0;
  asio::co_spawn(world.context(), wait_times(signal, 2, woken), asio::detached);
  world.run();
  BOOST_TEST(woken == 1);
  signal.notify();
  world.run();
  BOOST_TEST(woken == 2);
}

BOOST_AUTO_TEST_CASE(a_wait_can_be_cancelled_and_repeated) {
  World world;
  Signal signal(world.context().get_executor());
  const auto error = play(world, tests::error_in(with_deadline(world, {1s}, signal.wait())));
  BOOST_TEST(error == std::make_error_code(std::errc::timed_out));
  signal.notify();
  play(world, signal.wait());
}

BOOST_AUTO_TEST_CASE(a_shielded_wait_waits_on_when_cancelled) {
  World world;
  Signal signal(world.context().get_executor());
  bool returned = false;
  world.at({5s}, [&] { signal.notify(); });
  const auto error =
      play(world, tests::error_in(with_deadline(world, {1s}, wait_shielded(signal, returned))));
  BOOST_TEST(returned);
  BOOST_TEST((world.now() == TimePoint{5s}));
  BOOST_TEST(error == std::error_code{});  // it was finished after all
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::devices
