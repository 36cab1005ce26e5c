/// Bytes over several links, in their order.
#include "transport/striped_link.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <random>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "devices/side_by_side.hpp"
#include "devices/world.hpp"
#include "tests/support/link_pair.hpp"
#include "tests/support/play.hpp"
#include "transport/errors.hpp"
#include "transport/sim_network.hpp"

namespace annulet::transport {
BOOST_AUTO_TEST_SUITE(striped_link)

namespace {

namespace data = boost::unit_test::data;
using namespace std::chrono_literals;

/// Two ends of S streams on a simulated LAN.
struct Striped {
  explicit Striped(std::size_t S) {
    const auto host = lan.host("here");
    std::vector<std::unique_ptr<Link>> dialled, accepted;
    for (std::size_t i = 0; i < S; ++i) {
      auto pair = tests::play(world, tests::connect(*host, *host, "here"));
      dialled.push_back(std::move(pair.dialled));
      accepted.push_back(std::move(pair.accepted));
    }
    here = std::make_unique<StripedLink>(std::move(dialled));
    there = std::make_unique<StripedLink>(std::move(accepted));
  }

  devices::World world;
  SimNetwork lan{world, {1e6, 1ms}};
  std::unique_ptr<StripedLink> here, there;
};

std::vector<std::byte> noise(std::size_t size) {
  std::mt19937 engine(3);
  std::vector<std::byte> bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::byte>(engine());
  return bytes;
}

/// In calls of three pieces of any lengths, some of them empty.
asio::awaitable<void> send_in_pieces(Link& link, ConstBytes bytes) {
  std::mt19937 engine(5);
  while (!bytes.empty()) {
    std::array<ConstBytes, 3> pieces;
    auto rest = bytes;
    for (auto& piece : pieces) {
      piece = rest.first(std::min<std::size_t>(rest.size(), engine() % 2 * (engine() % 20'000)));
      rest = rest.subspan(piece.size());
    }
    if (rest.size() == bytes.size()) continue;
    bytes = bytes.subspan(co_await link.send_some(pieces));
  }
  link.finish_sending();
}

asio::awaitable<void> receive_to_the_end(Link& link, std::vector<std::byte>& into) {
  std::array<std::byte, 3000> room{};
  const std::array<Bytes, 2> pieces{Bytes(room).first(700), Bytes(room).subspan(700)};
  try {
    for (;;) {
      const auto count = co_await link.receive_some(pieces);
      into.insert(into.end(), room.begin(), room.begin() + static_cast<std::ptrdiff_t>(count));
    }
  } catch (const std::system_error& error) {
    BOOST_TEST(error.code() == make_error_code(errc::closed));
  }
}

}  // namespace

BOOST_DATA_TEST_CASE(bytes_come_in_their_order_whatever_the_pieces,
                     data::make<std::size_t>({1, 2, 4}) *
                         data::make<std::size_t>({1, StripedLink::kStripe, StripedLink::kStripe + 1,
                                                  500'000}),
                     S, size) {
  Striped link(S);
  const auto sent = noise(size);
  std::vector<std::byte> came;
  tests::play(link.world, devices::both(send_in_pieces(*link.here, sent),
                                        receive_to_the_end(*link.there, came)));
  BOOST_TEST((came == sent));
}

// Each of the simulated links has its own line.
BOOST_AUTO_TEST_CASE(streams_carry_equal_parts) {
  const auto time_of = [](std::size_t S) {
    Striped link(S);
    const auto sent = noise(64 * StripedLink::kStripe);
    std::vector<std::byte> came;
    const auto start = link.world.now();
    tests::play(link.world, devices::both(send_in_pieces(*link.here, sent),
                                          receive_to_the_end(*link.there, came)));
    return devices::seconds(link.world.now() - start);
  };
  BOOST_TEST(time_of(4) < 0.3 * time_of(1));
}

// As between two operations: 1 of 4 streams, then all, then 2, after bytes that end anywhere.
BOOST_DATA_TEST_CASE(both_ends_may_use_other_streams_between_two_bytes,
                     data::make<std::size_t>({1, StripedLink::kStripe, 100'003}), size) {
  Striped link(4);
  for (const auto used : std::to_array<std::size_t>({1, 4, 2, 1, 3})) {
    link.here->set_streams(used);
    link.there->set_streams(used);
    const auto sent = noise(size);
    std::vector<std::byte> came(size);
    tests::play(link.world,
                devices::both(send_all(*link.here, sent), receive_all(*link.there, came)));
    BOOST_TEST((came == sent));
  }
}

BOOST_AUTO_TEST_CASE(one_stream_in_use_carries_all_in_one_call) {
  Striped link(2);
  link.here->set_streams(1);
  const auto sent = noise(4 * StripedLink::kStripe);
  const ConstBytes piece(sent);
  const auto send = [](Link& over, ConstBytes bytes) -> asio::awaitable<std::size_t> {
    co_return co_await over.send_some({&bytes, 1});
  };
  BOOST_TEST(tests::play(link.world, send(*link.here, piece)) == sent.size());
  link.here->set_streams(2);
  BOOST_TEST(tests::play(link.world, send(*link.here, piece)) == StripedLink::kStripe);
}

BOOST_AUTO_TEST_CASE(without_streams_there_is_no_link) {
  BOOST_CHECK_THROW(StripedLink({}), std::logic_error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::transport
