/// Work off the I/O thread, and its virtual twin.
#include "devices/processor.hpp"

#include <stdexcept>
#include <thread>

#include <asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include "devices/side_by_side.hpp"
#include "devices/world.hpp"
#include "tests/support/error_code.hpp"
#include "tests/support/play.hpp"

namespace annulet::devices {
BOOST_AUTO_TEST_SUITE(processor)

namespace {

using namespace std::chrono_literals;
using tests::play;

}  // namespace

BOOST_AUTO_TEST_CASE(virtual_work_takes_its_flops_worth_of_time) {
  World world;
  VirtualProcessor processor(world, 2e9);
  bool ran = false;
  play(world, processor.run({5e9}, [&] { ran = true; }));
  BOOST_TEST(ran);
  BOOST_TEST((world.now() == TimePoint{2500ms}));
}

BOOST_AUTO_TEST_CASE(virtual_work_can_be_cancelled_while_its_time_passes) {
  World world;
  VirtualProcessor processor(world, 1);
  const auto error =
      play(world, tests::error_in(with_deadline(world, {3s}, processor.run({100}, [] {}))));
  BOOST_TEST(error == std::make_error_code(std::errc::timed_out));
  BOOST_TEST((world.now() == TimePoint{3s}));
}

BOOST_AUTO_TEST_CASE(slowed_work_takes_so_many_times_as_long) {
  World world;
  VirtualProcessor fast(world, 1);
  SlowedProcessor processor(fast, world, 2.5);
  bool ran = false;
  play(world, processor.run({4}, [&] { ran = true; }));
  BOOST_TEST(ran);
  BOOST_TEST((world.now() == TimePoint{10s}));
}

BOOST_AUTO_TEST_CASE(steps_take_a_thread_what_the_clock_says_and_a_twin_what_they_cost) {
  World world;
  VirtualProcessor twin(world, 2);
  BOOST_TEST((twin.time_of({8}, 1s) == 4s));
  BOOST_TEST((SlowedProcessor(twin, world, 2.5).time_of({8}, 1s) == 10s));
  ComputeThread thread;
  BOOST_TEST((thread.time_of({8}, 1s) == 1s));
  BOOST_TEST((SlowedProcessor(thread, world, 2.5).time_of({8}, 1s) == 2500ms));
}

BOOST_AUTO_TEST_CASE(errors_of_the_work_come_back) {
  World world;
  VirtualProcessor twin(world, 1);
  const auto fail = [] { throw std::invalid_argument("no"); };
  BOOST_CHECK_THROW(play(world, twin.run({1}, fail)), std::invalid_argument);
  asio::io_context context{1};
  ComputeThread thread;
  BOOST_CHECK_THROW(play(context, thread.run({1}, fail)), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(real_work_runs_on_one_other_thread) {
  asio::io_context context{1};
  ComputeThread processor;
  std::thread::id first, second;
  play(context, processor.run({}, [&] { first = std::this_thread::get_id(); }));
  play(context, processor.run({}, [&] { second = std::this_thread::get_id(); }));
  BOOST_TEST((first != std::this_thread::get_id()));
  BOOST_TEST((first == second));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::devices
