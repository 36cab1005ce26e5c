/// Tests of links that break on purpose: at the byte that was named, as was said.
#include "transport/faulty_link.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/error.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "devices/side_by_side.hpp"
#include "devices/world.hpp"
#include "tests/support/error_code.hpp"
#include "tests/support/link_pair.hpp"
#include "tests/support/play.hpp"
#include "transport/errors.hpp"
#include "transport/sim_network.hpp"

using namespace annulet::transport;
using namespace annulet::tests;
using namespace std::chrono_literals;
using annulet::devices::TimePoint;
using annulet::devices::with_deadline;
using annulet::devices::World;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(faulty_link)

namespace {

constexpr std::size_t kSize = 1000;

const auto kReset = std::make_error_code(std::errc::connection_reset);
const std::error_code kAborted = asio::error::operation_aborted;
const auto kClosed = make_error_code(errc::closed);

/// Dialled links carry the plan, accepted ones are sound.
struct FaultyLan {
  explicit FaultyLan(FaultPlan plan) : faulty(*sound, 0, plan, world.context().get_executor()) {}
  World world;
  SimNetwork network{world, {.bytes_per_second = 1e6, .delay = 1ms}};
  std::unique_ptr<Network> sound = network.host("here");
  std::unique_ptr<Network> there = network.host("there");
  FaultyNetwork faulty;
  LinkPair link = play(world, connect(faulty, *there, "there"));
};

std::vector<std::byte> pattern() {
  std::vector<std::byte> bytes(kSize);
  for (std::size_t i = 0; i < kSize; ++i) bytes[i] = static_cast<std::byte>(i * 7 + 3);
  return bytes;
}

/// Sends in two pieces a call, to see that they are counted together.
asio::awaitable<std::error_code> send_pattern(Link& link) {
  const auto bytes = pattern();
  std::size_t sent = 0;
  std::error_code error;
  while (sent < kSize && !error) {
    const auto left = ConstBytes(bytes).subspan(sent);
    const std::array pieces{left.first(left.size() / 2), left.subspan(left.size() / 2)};
    const auto send = [&]() -> asio::awaitable<void> { sent += co_await link.send_some(pieces); };
    error = co_await error_in(send());
  }
  co_return error;
}

struct Received {
  std::vector<std::byte> bytes;
  std::error_code error;
};

asio::awaitable<Received> receive_pattern(Link& link) {
  Received received;
  std::vector<std::byte> buffer(kSize);
  try {
    while (received.bytes.size() < kSize) {
      const auto half = static_cast<std::ptrdiff_t>((kSize - received.bytes.size()) / 2);
      const std::array pieces{Bytes(buffer.begin(), buffer.begin() + half),
                              Bytes(buffer.begin() + half, buffer.end())};
      const std::size_t size = co_await link.receive_some(pieces);
      received.bytes.insert(received.bytes.end(), buffer.begin(),
                            buffer.begin() + static_cast<std::ptrdiff_t>(size));
    }
  } catch (const std::system_error& error) {
    received.error = error.code();
  }
  co_return received;
}

std::size_t size_of(std::uint64_t place) { return static_cast<std::size_t>(place); }

std::vector<std::byte> first_of_pattern(std::size_t size) {
  auto bytes = pattern();
  bytes.resize(size);
  return bytes;
}

const auto kPlaces = data::make<std::uint64_t>({0, 1, 499, 500, 501, kSize - 1});

}  // namespace

BOOST_DATA_TEST_CASE(a_cut_while_sending_lets_all_earlier_bytes_pass, kPlaces, place) {
  FaultyLan lan({.fault = Fault::cut, .way = Way::sending, .byte = place});
  BOOST_TEST(play(lan.world, send_pattern(*lan.link.dialled)) == kReset);
  const auto received = play(lan.world, receive_pattern(*lan.link.accepted));
  BOOST_TEST((received.bytes == first_of_pattern(size_of(place))));
  BOOST_TEST(received.error == kClosed);
}

BOOST_DATA_TEST_CASE(a_cut_while_receiving_lets_all_earlier_bytes_pass, kPlaces, place) {
  FaultyLan lan({.fault = Fault::cut, .way = Way::receiving, .byte = place});
  BOOST_TEST(!play(lan.world, send_pattern(*lan.link.accepted)));
  const auto received = play(lan.world, receive_pattern(*lan.link.dialled));
  BOOST_TEST((received.bytes == first_of_pattern(size_of(place))));
  BOOST_TEST(received.error == kReset);
  BOOST_TEST(play(lan.world, send_pattern(*lan.link.accepted)) == kReset);
}

BOOST_AUTO_TEST_CASE(a_cut_ends_the_other_direction_too) {
  FaultyLan lan({.fault = Fault::cut, .way = Way::sending, .byte = 10});
  std::error_code receiving;
  const auto wait = [&](Link& link) -> asio::awaitable<void> {
    receiving = (co_await receive_pattern(link)).error;
  };
  asio::co_spawn(lan.world.context(), wait(*lan.link.dialled), asio::detached);
  BOOST_TEST(play(lan.world, send_pattern(*lan.link.dialled)) == kReset);
  BOOST_TEST(receiving == kReset);
  BOOST_TEST(play(lan.world, receive_pattern(*lan.link.dialled)).error == kReset);
  BOOST_TEST(play(lan.world, send_pattern(*lan.link.dialled)) == kReset);
  lan.link.dialled->finish_sending();
  BOOST_TEST(lan.link.dialled->peer().host == "there");
}

BOOST_DATA_TEST_CASE(a_stall_ends_only_by_cancelling, kPlaces, place) {
  FaultyLan lan({.fault = Fault::stall, .way = Way::sending, .byte = place});
  const TimePoint deadline{1h};
  const auto error =
      play(lan.world, with_deadline(lan.world, deadline, send_pattern(*lan.link.dialled)));
  BOOST_TEST(error == kAborted);
  BOOST_TEST((lan.world.now() == deadline));
  std::vector<std::byte> received(size_of(place));
  play(lan.world, receive_all(*lan.link.accepted, received));
  BOOST_TEST((received == first_of_pattern(size_of(place))));
  BOOST_TEST(!play(lan.world, send_pattern(*lan.link.accepted)));
  BOOST_TEST((play(lan.world, receive_pattern(*lan.link.dialled)).bytes == pattern()));
}

BOOST_AUTO_TEST_CASE(a_stall_while_receiving_leaves_sending_alone) {
  FaultyLan lan({.fault = Fault::stall, .way = Way::receiving, .byte = 0});
  BOOST_TEST(!play(lan.world, send_pattern(*lan.link.accepted)));
  const auto received =
      play(lan.world, with_deadline(lan.world, TimePoint{1h}, receive_pattern(*lan.link.dialled)));
  BOOST_TEST(received.bytes.empty());
  BOOST_TEST(received.error == kAborted);
  BOOST_TEST(!play(lan.world, send_pattern(*lan.link.dialled)));
}

BOOST_DATA_TEST_CASE(a_failure_is_the_one_that_was_asked_for, kPlaces, place) {
  const auto asked = std::make_error_code(std::errc::host_unreachable);
  FaultyLan sending({.fault = Fault::fail, .way = Way::sending, .byte = place, .error = asked});
  BOOST_TEST(play(sending.world, send_pattern(*sending.link.dialled)) == asked);
  BOOST_TEST(play(sending.world, send_pattern(*sending.link.dialled)) == asked);

  FaultyLan receiving({.fault = Fault::fail, .way = Way::receiving, .byte = place, .error = asked});
  BOOST_TEST(!play(receiving.world, send_pattern(*receiving.link.accepted)));
  const auto received = play(receiving.world, receive_pattern(*receiving.link.dialled));
  BOOST_TEST((received.bytes == first_of_pattern(size_of(place))));
  BOOST_TEST(received.error == asked);
}

BOOST_DATA_TEST_CASE(a_corruption_is_one_bit_of_one_byte, kPlaces, place) {
  for (const Way way : {Way::sending, Way::receiving}) {
    FaultyLan lan({.fault = Fault::corrupt, .way = way, .byte = place});
    auto& from = way == Way::sending ? lan.link.dialled : lan.link.accepted;
    auto& to = way == Way::sending ? lan.link.accepted : lan.link.dialled;
    BOOST_TEST(!play(lan.world, send_pattern(*from)));
    const auto received = play(lan.world, receive_pattern(*to));
    auto expected = pattern();
    expected.at(size_of(place)) ^= std::byte{0x10};
    BOOST_TEST((received.bytes == expected));
  }
}

BOOST_AUTO_TEST_CASE(only_the_chosen_link_has_the_fault) {
  World world;
  SimNetwork network(world, {});
  const auto here = network.host("here");
  const auto there = network.host("there");
  FaultyNetwork faulty(*here, 1, {.fault = Fault::cut, .byte = 0}, world.context().get_executor());
  std::vector<LinkPair> links;
  links.push_back(play(world, connect(faulty, *there, "there")));
  links.push_back(play(world, connect(*there, faulty, "here")));  // accepted links count as well
  links.push_back(play(world, connect(faulty, *there, "there")));
  BOOST_TEST(faulty.links_made() == 3U);
  BOOST_TEST(!play(world, send_pattern(*links[0].dialled)));
  BOOST_TEST(play(world, send_pattern(*links[1].accepted)) == kReset);
  BOOST_TEST(!play(world, send_pattern(*links[2].dialled)));
}

BOOST_AUTO_TEST_SUITE_END()
