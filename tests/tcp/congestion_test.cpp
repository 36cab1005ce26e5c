/// What the kernel says of a connection, and what it lets us ask for.
#include <chrono>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include <asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include "devices/side_by_side.hpp"
#include "devices/steady_clock.hpp"
#include "tests/support/link_pair.hpp"
#include "tests/support/play.hpp"
#include "transport/shaped_network.hpp"
#include "transport/striped_link.hpp"
#include "transport/tcp_network.hpp"

namespace annulet::transport {
BOOST_AUTO_TEST_SUITE(congestion)

namespace {

using namespace std::chrono_literals;

struct Loopback {
  asio::io_context context{1};
  TcpNetwork network{context.get_executor()};
  tests::LinkPair link = tests::play(context, tests::connect(network, network, "127.0.0.1"));

  void carry(std::size_t size) {
    const std::vector<std::byte> sent(size);
    std::vector<std::byte> received(size);
    tests::play(context, devices::both(send_all(*link.dialled, sent),
                                       receive_all(*link.accepted, received)));
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(the_kernel_counts_segments_of_the_side_that_sends) {
  Loopback tcp;
  const auto before = tcp.link.dialled->health();
  tcp.carry(1'000'000);
  const auto seen = tcp.link.dialled->health().since(before);
  BOOST_TEST(seen.segments > 15U);  // at most 64 KiB each
  BOOST_TEST((seen.round_trip > 0ms && seen.round_trip < 1s));
  BOOST_TEST(tcp.link.accepted->health().segments == 0U);
}

BOOST_AUTO_TEST_CASE(it_may_refuse_a_congestion_control) {
  Loopback tcp;
  BOOST_TEST(tcp.link.dialled->set_congestion("reno"));  // every kernel has it
  BOOST_TEST(tcp.link.dialled->health().slows_down);
  BOOST_TEST(!tcp.link.dialled->set_congestion("nonesuch"));
}

// --link slows what a device sends; the kernel's own connection is under it all the same.
BOOST_AUTO_TEST_CASE(a_shaped_link_asks_the_kernel_too) {
  asio::io_context context{1};
  devices::SteadyClock clock(context.get_executor());
  TcpNetwork bare(context.get_executor());
  ShapedNetwork shaped(bare, clock, context.get_executor(), {1e9, 0ms});
  auto link = tests::play(context, tests::connect(shaped, shaped, "127.0.0.1"));
  BOOST_TEST(link.dialled->set_congestion("reno"));
  BOOST_TEST(link.dialled->health().slows_down);
  BOOST_TEST(!link.dialled->set_congestion("nonesuch"));
}

BOOST_AUTO_TEST_CASE(several_streams_are_counted_together) {
  Loopback first, second;
  std::vector<std::unique_ptr<Link>> streams;
  first.carry(10'000);
  second.carry(10'000);
  const auto one = first.link.dialled->health().segments;
  const auto other = second.link.dialled->health().segments;
  streams.push_back(std::move(first.link.dialled));
  streams.push_back(std::move(second.link.dialled));
  StripedLink both(std::move(streams));
  BOOST_TEST(both.health().segments == one + other);
  BOOST_TEST(both.set_congestion("reno"));
  BOOST_TEST(both.health().slows_down);
  BOOST_TEST(!both.set_congestion("nonesuch"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::transport
