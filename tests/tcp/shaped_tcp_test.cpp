/// A shaped network over real sockets and the real clock: the same bytes, only later.
#include <chrono>
#include <vector>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include "devices/steady_clock.hpp"
#include "tests/support/error_code.hpp"
#include "tests/support/link_pair.hpp"
#include "tests/support/play.hpp"
#include "transport/errors.hpp"
#include "transport/shaped_network.hpp"
#include "transport/tcp_network.hpp"

using namespace annulet::transport;
using namespace annulet::tests;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(shaped_tcp)

namespace {

constexpr std::size_t kSize = 300'000;

std::vector<std::byte> pattern() {
  std::vector<std::byte> bytes(kSize);
  for (std::size_t i = 0; i < kSize; ++i) bytes[i] = static_cast<std::byte>(i * 17 + i / 256);
  return bytes;
}

asio::awaitable<void> send_pattern(Link& link) {
  const auto bytes = pattern();
  co_await send_all(link, bytes);
  link.finish_sending();
}

struct ShapedTcp {
  asio::io_context context{1};
  annulet::devices::SteadyClock clock{context.get_executor()};
  TcpNetwork tcp{context.get_executor()};
  ShapedNetwork network{
      tcp, clock, context.get_executor(), {.bytes_per_second = 20e6, .delay = 1ms}};
  LinkPair link = play(context, connect(network, network, "127.0.0.1"));
};

}  // namespace

// Real time, but only from below: a busy machine can make it longer and never shorter.
BOOST_AUTO_TEST_CASE(all_bytes_arrive_no_earlier_than_the_line_allows) {
  ShapedTcp shaped;
  const auto start = shaped.clock.now();
  std::vector<std::byte> received(kSize);
  asio::co_spawn(shaped.context, send_pattern(*shaped.link.dialled), asio::detached);
  play(shaped.context, receive_all(*shaped.link.accepted, received));
  BOOST_TEST((received == pattern()));
  BOOST_TEST((shaped.clock.now() - start >= 16ms));  // 300,000 bytes at 20 MB/s, and the delay
  std::vector<std::byte> more(1);
  BOOST_TEST(play(shaped.context, error_in(receive_all(*shaped.link.accepted, more))) ==
             make_error_code(errc::closed));
}

// The pump sleeps, or is inside the socket, when the link goes.
BOOST_AUTO_TEST_CASE(a_link_can_be_destroyed_with_bytes_under_way) {
  ShapedTcp shaped;
  const auto bytes = pattern();
  const ConstBytes piece(bytes);
  play(shaped.context, shaped.link.dialled->send_some({&piece, 1}));
  shaped.link.dialled.reset();
  std::vector<std::byte> received(kSize);
  BOOST_TEST(play(shaped.context, error_in(receive_all(*shaped.link.accepted, received))) ==
             make_error_code(errc::closed));
}

BOOST_AUTO_TEST_SUITE_END()
