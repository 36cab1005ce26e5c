/// Coroutines side by side: who is cancelled, whose error counts, and that both have ended.
#include "devices/side_by_side.hpp"

#include <string>
#include <system_error>

#include <boost/test/unit_test.hpp>

#include "devices/world.hpp"
#include "tests/support/error_code.hpp"
#include "tests/support/play.hpp"

namespace annulet::devices {
BOOST_AUTO_TEST_SUITE(side_by_side)

namespace {

using namespace std::chrono_literals;
using tests::error_in;
using tests::play;

asio::awaitable<int> answer_at(World& world, TimePoint when, int answer) {
  co_await world.sleep_until(when);
  co_return answer;
}

asio::awaitable<void> fail_at(World& world, TimePoint when, std::errc code) {
  co_await world.sleep_until(when);
  throw std::system_error(std::make_error_code(code));
}

/// Takes its time even when it is cancelled.
asio::awaitable<void> clean_up(World& world, bool& cleaned) {
  co_await attempt(world.sleep_until({1h}));
  co_await asio::this_coro::throw_if_cancelled(false);
  co_await attempt(world.sleep_until(world.now() + 2s));
  cleaned = true;
}

}  // namespace

BOOST_AUTO_TEST_CASE(work_within_its_deadline_gives_its_value) {
  World world;
  BOOST_TEST(play(world, with_deadline(world, {2s}, answer_at(world, {1s}, 42))) == 42);
  BOOST_TEST((world.now() == TimePoint{1s}));
}

BOOST_AUTO_TEST_CASE(work_beyond_its_deadline_is_cancelled) {
  World world;
  const auto error = play(world, error_in(with_deadline(world, {2s}, answer_at(world, {3s}, 42))));
  BOOST_TEST(error == std::make_error_code(std::errc::timed_out));
  BOOST_TEST((world.now() == TimePoint{2s}));
}

BOOST_AUTO_TEST_CASE(the_error_of_the_work_passes) {
  World world;
  const auto error =
      play(world, error_in(with_deadline(world, {2s}, fail_at(world, {1s}, std::errc::io_error))));
  BOOST_TEST(error == std::make_error_code(std::errc::io_error));
}

BOOST_AUTO_TEST_CASE(a_companion_that_ends_first_ends_the_work_with_its_error) {
  World world;
  const auto error = play(world, error_in(alongside(fail_at(world, {1s}, std::errc::owner_dead),
                                                    answer_at(world, {3s}, 1))));
  BOOST_TEST(error == std::make_error_code(std::errc::owner_dead));
  BOOST_TEST((world.now() == TimePoint{1s}));
}

BOOST_AUTO_TEST_CASE(it_returns_when_both_have_ended) {
  World world;
  bool cleaned = false;
  const auto error = play(world, error_in(with_deadline(world, {1s}, clean_up(world, cleaned))));
  BOOST_TEST(cleaned);
  BOOST_TEST((world.now() == TimePoint{3s}));
  BOOST_TEST(error == std::error_code{});  // the work has ended well, if late
}

BOOST_AUTO_TEST_CASE(both_wait_for_each_other) {
  World world;
  play(world, both(world.sleep_until({1s}), world.sleep_until({4s})));
  BOOST_TEST((world.now() == TimePoint{4s}));
}

BOOST_AUTO_TEST_CASE(the_first_of_two_errors_counts_and_cancels_the_other) {
  World world;
  const auto error = play(world, error_in(both(fail_at(world, {3s}, std::errc::io_error),
                                               fail_at(world, {1s}, std::errc::owner_dead))));
  BOOST_TEST(error == std::make_error_code(std::errc::owner_dead));
  BOOST_TEST((world.now() == TimePoint{1s}));
}

BOOST_AUTO_TEST_CASE(an_attempt_returns_the_error) {
  World world;
  const auto failed = play(world, attempt(fail_at(world, {1s}, std::errc::io_error)));
  BOOST_TEST((failed != nullptr));
  const auto [error, value] = play(world, attempt(answer_at(world, {2s}, 7)));
  BOOST_TEST((error == nullptr));
  BOOST_TEST(value == 7);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::devices
