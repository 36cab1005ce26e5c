/// Control lines: order, heartbeats, silence, and bounds.
#include "transport/control_line.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include "devices/side_by_side.hpp"
#include "devices/world.hpp"
#include "tests/support/error_code.hpp"
#include "tests/support/link_pair.hpp"
#include "tests/support/play.hpp"
#include "transport/errors.hpp"
#include "transport/sim_network.hpp"

namespace annulet::transport {
BOOST_AUTO_TEST_SUITE(control_line)

namespace {

using namespace std::chrono_literals;
using devices::TimePoint;
using tests::play;

constexpr devices::Duration kDelay = 1ms, kTimeout = 1s;

/// Two lines, or one and a bare link.
struct Lan {
  Lan() {
    auto pair = play(world, tests::connect(*here, *there, "there"));
    line = std::make_unique<ControlLine>(std::move(pair.dialled), world, executor, kTimeout);
    other_end = std::move(pair.accepted);
    begin = world.now();
    line->start(tasks);
  }
  ~Lan() { play(world, tasks.finish()); }

  ControlLine& other_line() {
    other = std::make_unique<ControlLine>(std::move(other_end), world, executor, kTimeout);
    other->start(tasks);
    return *other;
  }

  devices::World world;
  asio::any_io_executor executor = world.context().get_executor();
  SimNetwork network{world, {0, kDelay}};
  std::unique_ptr<Network> here = network.host("here"), there = network.host("there");
  devices::TaskGroup tasks{executor};
  std::unique_ptr<ControlLine> line, other;
  std::unique_ptr<Link> other_end;
  TimePoint begin;
};

/// When and why a line ends to which nothing more comes that next() would return.
struct End {
  std::error_code code;
  devices::Duration after{0};
};

asio::awaitable<void> await_end(ControlLine& line, Lan& lan, std::optional<End>& end) {
  const auto code = co_await tests::error_in(line.next());
  end = End{code, lan.world.now() - lan.begin};
}

asio::awaitable<void> send_times(Link& link, std::vector<std::byte> bytes, int times) {
  for (int i = 0; i < times; ++i) co_await send_all(link, bytes);
}

std::optional<End> end_after(Lan& lan, devices::Duration time) {
  std::optional<End> end;
  asio::co_spawn(lan.world.context(), await_end(*lan.line, lan, end), asio::detached);
  lan.world.run_until(lan.world.now() + time);
  return end;
}

}  // namespace

BOOST_AUTO_TEST_CASE(messages_arrive_in_order_and_heartbeats_pass_by) {
  Lan lan;
  ControlLine& other = lan.other_line();
  lan.line->set_progress([] { return Heartbeat{7, true, 99}; });
  lan.line->post(Ready{1});
  lan.line->post(Ready{2});
  lan.world.run_until(lan.world.now() + 450ms);
  lan.line->post(Ready{3});
  const auto listen = [](ControlLine& line, std::vector<Message>& heard) -> asio::awaitable<void> {
    for (int i = 0; i < 3; ++i) heard.push_back(co_await line.next());
  };
  std::vector<Message> heard;
  asio::co_spawn(lan.world.context(), listen(other, heard), asio::detached);
  lan.world.run_until(lan.world.now() + 10ms);
  const std::vector<Message> expected{Ready{1}, Ready{2}, Ready{3}};
  BOOST_TEST((heard == expected));
  BOOST_TEST((other.heard() == Heartbeat{7, true, 99}));
}

BOOST_AUTO_TEST_CASE(two_idle_lines_live_for_ever) {
  Lan lan;
  ControlLine& other = lan.other_line();
  lan.world.run_until(lan.world.now() + 1h);
  BOOST_TEST(!lan.line->ended());
  BOOST_TEST(!other.ended());
  // One every fifth of the timeout, 48 + 17 bytes each.
  BOOST_TEST(lan.line->sent() == 5U * 3600U * (48 + 17));
}

BOOST_AUTO_TEST_CASE(silence_ends_a_line_after_exactly_the_timeout) {
  Lan lan;
  const auto end = end_after(lan, 1min);
  BOOST_REQUIRE(end.has_value());
  BOOST_TEST(end->code == make_error_code(errc::silent));
  BOOST_TEST((end->after == kTimeout));
}

// A message that never becomes whole is no sign of life: bytes that trickle keep nobody waiting.
BOOST_AUTO_TEST_CASE(half_a_message_is_silence) {
  Lan lan;
  auto frame = encode(Bye{.error = 0, .reason = "soon"});
  frame.resize(frame.size() - 1);
  play(lan.world,
       devices::with_deadline(lan.world, lan.begin + 1ms, send_times(*lan.other_end, frame, 1)));
  const auto end = end_after(lan, 1min);
  BOOST_REQUIRE(end.has_value());
  BOOST_TEST(end->code == make_error_code(errc::silent));
}

BOOST_AUTO_TEST_CASE(a_closed_line_says_so_after_what_had_come) {
  Lan lan;
  asio::co_spawn(lan.world.context(), send_times(*lan.other_end, encode(Ready{5}), 1),
                 asio::detached);
  lan.world.run_until(lan.world.now() + 10ms);
  lan.other_end.reset();
  lan.world.run_until(lan.world.now() + 10ms);
  BOOST_TEST(lan.line->ended());
  const auto first = play(lan.world, lan.line->next());
  BOOST_TEST((first == Message{Ready{5}}));
  const auto end = end_after(lan, 1s);
  BOOST_REQUIRE(end.has_value());
  BOOST_TEST(end->code == make_error_code(errc::closed));
}

BOOST_AUTO_TEST_CASE(who_floods_a_line_that_nobody_reads_ends_it) {
  Lan lan;
  asio::co_spawn(lan.world.context(), send_times(*lan.other_end, encode(Ready{5}), 100),
                 asio::detached);
  lan.world.run_until(lan.world.now() + 10ms);
  BOOST_TEST(lan.line->ended());
}

BOOST_AUTO_TEST_CASE(a_flood_of_heartbeats_costs_no_memory_and_ends_nothing) {
  Lan lan;
  asio::co_spawn(lan.world.context(), send_times(*lan.other_end, encode(Heartbeat{}), 10'000),
                 asio::detached);
  lan.world.run_until(lan.world.now() + 10ms);
  BOOST_TEST(!lan.line->ended());
}

// Its buffers full, ours grow to a bound.
BOOST_AUTO_TEST_CASE(who_does_not_read_ends_the_line) {
  Lan lan;
  const std::string text(1000, 'x');
  for (int i = 0; i < 2000; ++i) lan.line->post(Lost{1, text});
  asio::co_spawn(lan.world.context(), send_times(*lan.other_end, encode(Heartbeat{}), 1),
                 asio::detached);
  const auto end = end_after(lan, 1min);
  BOOST_REQUIRE(end.has_value());
  BOOST_TEST(end->code == make_error_code(errc::too_large));
  BOOST_TEST((end->after <= kTimeout));
}

BOOST_AUTO_TEST_CASE(flush_returns_when_all_has_left_or_the_line_has_ended) {
  Lan lan;
  lan.line->post(Ready{1});
  play(lan.world, devices::with_deadline(lan.world, lan.begin + 1ms, lan.line->flush()));
  lan.world.run_until(lan.world.now() + 1min);
  lan.line->post(Ready{2});
  play(lan.world, lan.line->flush());
  BOOST_TEST(lan.line->ended());
}

BOOST_AUTO_TEST_CASE(garbage_ends_a_line) {
  Lan lan;
  asio::co_spawn(lan.world.context(),
                 send_times(*lan.other_end, std::vector<std::byte>(64, std::byte{0x42}), 1),
                 asio::detached);
  const auto end = end_after(lan, 1s);
  BOOST_REQUIRE(end.has_value());
  BOOST_TEST(end->code == make_error_code(errc::bad_frame));
  BOOST_TEST((end->after == kDelay));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::transport
