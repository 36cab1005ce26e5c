/// Tests of shaped links in virtual time: what takes how long, exactly.
#include "transport/shaped_network.hpp"

#include <chrono>
#include <numeric>
#include <vector>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "devices/side_by_side.hpp"
#include "devices/world.hpp"
#include "tests/support/error_code.hpp"
#include "tests/support/link_pair.hpp"
#include "tests/support/play.hpp"
#include "transport/errors.hpp"
#include "transport/faulty_link.hpp"
#include "transport/sim_network.hpp"

using namespace annulet::transport;
using namespace annulet::tests;
using namespace std::chrono_literals;
using annulet::devices::LinkSpeed;
using annulet::devices::TimePoint;
using annulet::devices::World;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(shaped_network)

namespace {

constexpr LinkSpeed kTenMegabit{.bytes_per_second = 1.25e6, .delay = 2ms};

/// A network without delays of its own, shaped at both ends.
struct ShapedLan {
  explicit ShapedLan(LinkSpeed speed = kTenMegabit)
      : here(*inner_here, world, world.context().get_executor(), speed),
        there(*inner_there, world, world.context().get_executor(), speed) {}

  World world;
  SimNetwork network{world, {}};
  std::unique_ptr<Network> inner_here = network.host("here");
  std::unique_ptr<Network> inner_there = network.host("there");
  ShapedNetwork here;
  ShapedNetwork there;
};

std::vector<std::byte> pattern(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * 31 + i / 251);
  return bytes;
}

asio::awaitable<void> send_then_finish(Link& link, std::vector<std::byte> bytes) {
  co_await send_all(link, bytes);
  link.finish_sending();
}

/// When each byte count of the stream was complete, and all bytes to the end.
struct Arrivals {
  std::vector<std::byte> bytes;
  std::vector<std::pair<TimePoint, std::size_t>> times;
  TimePoint end;
};

asio::awaitable<Arrivals> receive_to_end(Link& link, World& world) {
  Arrivals arrivals;
  std::vector<std::byte> buffer(64 * 1024);
  try {
    for (;;) {
      const Bytes piece(buffer);
      const std::size_t size = co_await link.receive_some({&piece, 1});
      arrivals.bytes.insert(arrivals.bytes.end(), buffer.begin(),
                            buffer.begin() + static_cast<std::ptrdiff_t>(size));
      arrivals.times.emplace_back(world.now(), arrivals.bytes.size());
    }
  } catch (const std::system_error& error) {
    BOOST_TEST(error.code() == make_error_code(errc::closed));
  }
  arrivals.end = world.now();
  co_return arrivals;
}

Arrivals transfer(LinkSpeed speed, std::size_t size) {
  ShapedLan lan(speed);
  const auto link = play(lan.world, connect(lan.here, lan.there, "there"));
  const TimePoint start = lan.world.now();
  asio::co_spawn(lan.world.context(), send_then_finish(*link.dialled, pattern(size)),
                 asio::detached);
  auto arrivals = play(lan.world, receive_to_end(*link.accepted, lan.world));
  for (auto& [time, bytes] : arrivals.times) time = TimePoint{time - start};
  arrivals.end = TimePoint{arrivals.end - start};
  return arrivals;
}

asio::awaitable<void> send_and_note(Link& link, std::size_t size, World& world, TimePoint& done) {
  co_await send_all(link, pattern(size));
  done = world.now();
}

}  // namespace

// 125,000 bytes take 100 ms at 1.25 MB/s, and the last of them travels 2 ms more.
BOOST_AUTO_TEST_CASE(size_over_rate_plus_delay_is_the_time_to_arrive) {
  const Arrivals arrivals = transfer(kTenMegabit, 125'000);
  BOOST_TEST((arrivals.bytes == pattern(125'000)));
  BOOST_TEST((arrivals.times.back() == std::pair(TimePoint{102ms}, std::size_t{125'000})));
  BOOST_TEST((arrivals.end == TimePoint{102ms}));
}

BOOST_AUTO_TEST_CASE(bytes_arrive_while_later_ones_are_under_way) {
  const Arrivals arrivals = transfer(kTenMegabit, 125'000);
  BOOST_TEST((arrivals.times.front() == std::pair(TimePoint{12ms}, std::size_t{12'500})));
  BOOST_TEST(arrivals.times.size() >= 10U);
}

// Rates at which no chunk takes a whole number of nanoseconds: roundings must not add up.
BOOST_DATA_TEST_CASE(roundings_do_not_add_up, data::make({3e5, 7.7e5, 1.1e6, 9.9e6}), rate) {
  const std::size_t size = 500'000;
  const Arrivals arrivals = transfer({.bytes_per_second = rate, .delay = 1ms}, size);
  const auto exact = annulet::devices::from_seconds(static_cast<double>(size) / rate);
  BOOST_TEST((arrivals.end == TimePoint{exact + 1ms}));
  BOOST_TEST((arrivals.bytes == pattern(size)));
}

BOOST_AUTO_TEST_CASE(without_a_rate_only_the_delay_counts) {
  const Arrivals arrivals = transfer({.bytes_per_second = 0, .delay = 5ms}, 3'000'000);
  BOOST_TEST((arrivals.times.front().first == TimePoint{5ms}));
  BOOST_TEST((arrivals.end == TimePoint{5ms}));
  BOOST_TEST((arrivals.bytes == pattern(3'000'000)));
}

BOOST_AUTO_TEST_CASE(a_link_without_bounds_passes_everything_at_once) {
  const Arrivals arrivals = transfer({}, 10'000'000);
  BOOST_TEST((arrivals.end == TimePoint{}));
  BOOST_TEST((arrivals.bytes == pattern(10'000'000)));
}

BOOST_AUTO_TEST_CASE(the_end_travels_as_long_as_a_byte) {
  const Arrivals arrivals = transfer(kTenMegabit, 0);
  BOOST_TEST(arrivals.bytes.empty());
  BOOST_TEST((arrivals.end == TimePoint{2ms}));
}

BOOST_AUTO_TEST_CASE(a_dial_takes_a_round_trip) {
  ShapedLan lan;
  const auto link = play(lan.world, connect(lan.here, lan.there, "there"));
  BOOST_TEST((lan.world.now() == TimePoint{4ms}));
  BOOST_TEST(link.dialled->peer().host == "there");
  BOOST_TEST(link.accepted->peer().host == "here");
}

BOOST_AUTO_TEST_CASE(both_directions_have_the_whole_rate) {
  ShapedLan lan;
  const auto link = play(lan.world, connect(lan.here, lan.there, "there"));
  const TimePoint start = lan.world.now();
  std::vector<std::byte> a(125'000);
  std::vector<std::byte> b(125'000);
  asio::co_spawn(lan.world.context(), send_then_finish(*link.dialled, pattern(125'000)),
                 asio::detached);
  asio::co_spawn(lan.world.context(), send_then_finish(*link.accepted, pattern(125'000)),
                 asio::detached);
  play(lan.world,
       annulet::devices::both(receive_all(*link.dialled, a), receive_all(*link.accepted, b)));
  BOOST_TEST((lan.world.now() == start + 102ms));
  BOOST_TEST((a == pattern(125'000)));
  BOOST_TEST((b == a));
}

// 65,536 bytes fit in the queue. Each 12,500 more must wait for as many to arrive: at 12 ms, 22 ms.
BOOST_AUTO_TEST_CASE(a_sender_waits_when_the_queue_is_full) {
  const std::pair<std::size_t, std::chrono::milliseconds> cases[]{
      {65'536, 0ms}, {65'537, 12ms}, {65'536 + 12'500, 12ms}, {65'536 + 12'501, 22ms}};
  for (const auto& [size, expected] : cases) {
    ShapedLan lan;
    const auto link = play(lan.world, connect(lan.here, lan.there, "there"));
    const TimePoint start = lan.world.now();
    TimePoint sent;
    play(lan.world, send_and_note(*link.dialled, size, lan.world, sent));
    BOOST_TEST((sent == start + expected));
  }
}

BOOST_AUTO_TEST_CASE(a_second_message_after_a_pause_starts_a_new_clock) {
  ShapedLan lan;
  const auto link = play(lan.world, connect(lan.here, lan.there, "there"));
  std::vector<std::byte> received(12'500);
  for (const auto expected : {TimePoint{4ms + 12ms}, TimePoint{1s + 12ms}}) {
    TimePoint sent;
    asio::co_spawn(lan.world.context(), send_and_note(*link.dialled, 12'500, lan.world, sent),
                   asio::detached);
    play(lan.world, receive_all(*link.accepted, received));
    BOOST_TEST((lan.world.now() == expected));
    lan.world.run_until(TimePoint{1s});
  }
}

BOOST_AUTO_TEST_CASE(an_error_of_the_inner_link_shows_at_a_later_send) {
  ShapedLan lan;
  const auto refused = std::make_error_code(std::errc::network_down);
  FaultyNetwork faulty(*lan.inner_here, 0, {.fault = Fault::fail, .byte = 20'000, .error = refused},
                       lan.world.context().get_executor());
  ShapedNetwork here(faulty, lan.world, lan.world.context().get_executor(), kTenMegabit);
  const auto link = play(lan.world, connect(here, lan.there, "there"));
  const TimePoint start = lan.world.now();
  const auto error = play(lan.world, error_in(send_all(*link.dialled, pattern(1'000'000))));
  BOOST_TEST(error == refused);
  BOOST_TEST((lan.world.now() == start + 22ms));  // the second chunk of 12,500 bytes
}

BOOST_AUTO_TEST_CASE(a_destroyed_link_closes_and_drops_what_is_queued) {
  ShapedLan lan;
  auto link = play(lan.world, connect(lan.here, lan.there, "there"));
  TimePoint sent;
  asio::co_spawn(lan.world.context(), send_and_note(*link.dialled, 60'000, lan.world, sent),
                 asio::detached);
  const TimePoint start = lan.world.now();
  lan.world.run_until(start + 15ms);
  link.dialled.reset();
  const auto arrivals = play(lan.world, receive_to_end(*link.accepted, lan.world));
  BOOST_TEST(arrivals.bytes.size() == 12'500U);
  BOOST_TEST((arrivals.end == start + 15ms));
}

BOOST_AUTO_TEST_CASE(nothing_can_be_sent_after_the_end) {
  ShapedLan lan;
  const auto link = play(lan.world, connect(lan.here, lan.there, "there"));
  link.dialled->finish_sending();
  const auto error = play(lan.world, error_in(send_all(*link.dialled, pattern(1))));
  BOOST_TEST(error == std::make_error_code(std::errc::broken_pipe));
}

// The world ends with a pump asleep, a sender waiting for room and links held by coroutines.
BOOST_AUTO_TEST_CASE(a_world_may_end_in_the_middle) {
  ShapedLan lan;
  const auto hold = [](LinkPair link) -> asio::awaitable<void> {
    co_await send_all(*link.dialled, pattern(500'000));
  };
  auto link = play(lan.world, connect(lan.here, lan.there, "there"));
  asio::co_spawn(lan.world.context(), hold(std::move(link)), asio::detached);
  lan.world.run_until(lan.world.now() + 50ms);
  BOOST_TEST((lan.world.now() == TimePoint{54ms}));
}

BOOST_AUTO_TEST_SUITE_END()
