/// Virtual time: it jumps, keeps order, and forgets what was cancelled.
#include "devices/world.hpp"

#include <memory>
#include <string>
#include <vector>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include "devices/side_by_side.hpp"
#include "devices/signal.hpp"
#include "tests/support/play.hpp"

namespace annulet::devices {
BOOST_AUTO_TEST_SUITE(world)

namespace {

using namespace std::chrono_literals;

asio::awaitable<void> write_at(World& world, TimePoint when, char letter, std::string& text) {
  co_await world.sleep_until(when);
  text += letter;
}

}  // namespace

BOOST_AUTO_TEST_CASE(time_jumps_to_the_earliest_event) {
  World world;
  std::string text;
  asio::co_spawn(world.context(), write_at(world, {3h}, 'c', text), asio::detached);
  asio::co_spawn(world.context(), write_at(world, {1h}, 'a', text), asio::detached);
  asio::co_spawn(world.context(), write_at(world, {2h}, 'b', text), asio::detached);
  world.run();
  BOOST_TEST(text == "abc");
  BOOST_TEST((world.now() == TimePoint{3h}));
}

BOOST_AUTO_TEST_CASE(equal_times_keep_their_order) {
  World world;
  std::string text;
  for (const char letter : {'x', 'a', 'm'}) {
    world.at({1s}, [&text, letter] { text += letter; });
  }
  world.run();
  BOOST_TEST(text == "xam");
}

BOOST_AUTO_TEST_CASE(the_past_is_now) {
  World world;
  world.run_until({5s});
  bool ran = false;
  world.at({1s}, [&] { ran = true; });
  world.run();
  BOOST_TEST(ran);
  BOOST_TEST((world.now() == TimePoint{5s}));
}

BOOST_AUTO_TEST_CASE(run_until_goes_so_far_and_no_further) {
  World world;
  std::string text;
  world.at({1s}, [&] { text += 'a'; });
  world.at({2s}, [&] { text += 'b'; });
  world.at({2s + 1ns}, [&] { text += 'c'; });
  world.run_until({2s});
  BOOST_TEST(text == "ab");
  BOOST_TEST((world.now() == TimePoint{2s}));
  world.run_until({1min});
  BOOST_TEST(text == "abc");
  BOOST_TEST((world.now() == TimePoint{1min}));
}

BOOST_AUTO_TEST_CASE(an_event_may_stop_the_run) {
  World world;
  int count = 0;
  world.at({1s}, [&] {
    ++count;
    world.stop();
  });
  world.at({2s}, [&] { ++count; });
  world.run();
  BOOST_TEST(count == 1);
  BOOST_TEST((world.now() == TimePoint{1s}));
}

BOOST_AUTO_TEST_CASE(a_cancelled_sleep_leaves_no_event) {
  World world;
  tests::play(world, with_deadline(world, {1s}, [](World& w) -> asio::awaitable<void> {
                co_await attempt(w.sleep_until({1h}));
              }(world)));
  BOOST_TEST((world.now() == TimePoint{1s}));
}

BOOST_AUTO_TEST_CASE(forgotten_events_do_not_happen) {
  World world;
  bool ran = false;
  world.forget(world.at({1s}, [&] { ran = true; }));
  world.run();
  BOOST_TEST(!ran);
  BOOST_TEST((world.now() == TimePoint{}));
}

// Coroutines that wait when their world ends are destroyed, with all they own.
BOOST_AUTO_TEST_CASE(coroutines_end_with_their_world) {
  const auto owned = std::make_shared<int>(1);
  {
    World world;
    const auto wait = [](World& w, std::shared_ptr<int> /*kept*/) -> asio::awaitable<void> {
      Signal never(w.context().get_executor());
      co_await both(w.sleep_until({1h}), never.wait());
    };
    asio::co_spawn(world.context(), wait(world, owned), asio::detached);
    world.run_until({1s});
    BOOST_TEST(owned.use_count() == 2);
  }
  BOOST_TEST(owned.use_count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::devices
