/// Tasks end before their group does, and tell how.
#include "devices/task_group.hpp"

#include <system_error>
#include <vector>

#include <asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include "devices/side_by_side.hpp"
#include "devices/world.hpp"
#include "tests/support/error_code.hpp"
#include "tests/support/play.hpp"

namespace annulet::devices {
BOOST_AUTO_TEST_SUITE(task_group)

namespace {

using namespace std::chrono_literals;
using tests::play;

std::error_code code_of(const std::exception_ptr& error) {
  if (!error) return {};
  try {
    std::rethrow_exception(error);
  } catch (const std::system_error& failure) {
    return failure.code();
  }
}

asio::awaitable<void> fail() {
  throw std::system_error(std::make_error_code(std::errc::io_error));
  co_return;
}

}  // namespace

BOOST_AUTO_TEST_CASE(join_waits_for_all) {
  World world;
  TaskGroup group(world.context().get_executor());
  for (int i = 1; i <= 3; ++i) group.spawn(world.sleep_until({i * 1s}));
  BOOST_TEST(group.size() == 3U);
  play(world, group.join());
  BOOST_TEST(group.size() == 0U);
  BOOST_TEST((world.now() == TimePoint{3s}));
}

BOOST_AUTO_TEST_CASE(finish_cancels_all) {
  World world;
  TaskGroup group(world.context().get_executor());
  std::vector<std::error_code> ends;
  for (int i = 1; i <= 3; ++i) {
    group.spawn(world.sleep_until({i * 1h}),
                [&](std::exception_ptr error) { ends.push_back(code_of(error)); });
  }
  play(world, group.finish());
  BOOST_TEST(ends.size() == 3U);
  for (const auto& end : ends) BOOST_TEST(end == asio::error::operation_aborted);
  BOOST_TEST((world.now() == TimePoint{}));
}

BOOST_AUTO_TEST_CASE(a_failing_task_tells_its_owner_and_disturbs_no_other) {
  World world;
  TaskGroup group(world.context().get_executor());
  std::error_code failure, other = std::make_error_code(std::errc::io_error);
  group.spawn(fail(), [&](std::exception_ptr error) { failure = code_of(error); });
  group.spawn(world.sleep_until({1s}), [&](std::exception_ptr error) { other = code_of(error); });
  play(world, group.join());
  BOOST_TEST(failure == std::make_error_code(std::errc::io_error));
  BOOST_TEST(other == std::error_code{});
}

BOOST_AUTO_TEST_CASE(join_outlasts_its_cancellation) {
  World world;
  TaskGroup group(world.context().get_executor());
  for (int i = 1; i <= 3; ++i) group.spawn(world.sleep_until({i * 1s}));
  play(world, tests::error_in(with_deadline(world, {500ms}, group.join())));
  BOOST_TEST(group.size() == 0U);
  BOOST_TEST((world.now() == TimePoint{3s}));
}

BOOST_AUTO_TEST_CASE(an_ending_task_may_spawn_another) {
  World world;
  TaskGroup group(world.context().get_executor());
  group.spawn(world.sleep_until({1s}),
              [&](std::exception_ptr) { group.spawn(world.sleep_until({5s})); });
  play(world, group.join());
  BOOST_TEST((world.now() == TimePoint{5s}));
}

BOOST_AUTO_TEST_CASE(an_empty_group_has_nothing_to_wait_for) {
  World world;
  TaskGroup group(world.context().get_executor());
  play(world, group.finish());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::devices
