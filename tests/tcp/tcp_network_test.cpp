/// Tests of TCP links over real sockets on the loopback.
#include "transport/tcp_network.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "devices/side_by_side.hpp"
#include "devices/steady_clock.hpp"
#include "tests/support/error_code.hpp"
#include "tests/support/have_localhost.hpp"
#include "tests/support/link_pair.hpp"
#include "tests/support/play.hpp"
#include "transport/errors.hpp"

using namespace annulet::transport;
using namespace annulet::tests;
using namespace std::chrono_literals;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(tcp_network)

namespace {

struct Loopback {
  asio::io_context context{1};
  TcpNetwork network{context.get_executor()};
  LinkPair link;

  void connect_at(const std::string& host = "127.0.0.1") {
    link = play(context, connect(network, network, host));
  }
  [[nodiscard]] TcpLink& dialled() const { return dynamic_cast<TcpLink&>(*link.dialled); }
  [[nodiscard]] TcpLink& accepted() const { return dynamic_cast<TcpLink&>(*link.accepted); }
};

std::vector<std::byte> pattern(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * 131 + i / 257);
  return bytes;
}

asio::awaitable<void> send_then_finish(Link& link, std::vector<std::byte> bytes) {
  co_await send_all(link, bytes);
  link.finish_sending();
}

asio::awaitable<void> send_pattern(Link& link, std::size_t size) {
  co_await send_all(link, pattern(size));
}

asio::awaitable<std::byte> receive_byte(Link& link) {
  std::byte byte{};
  co_await receive_all(link, Bytes(&byte, 1));
  co_return byte;
}

asio::awaitable<std::vector<std::byte>> receive_to_end(Link& link) {
  std::vector<std::byte> bytes;
  std::vector<std::byte> buffer(64 * 1024);
  try {
    for (;;) {
      const Bytes piece(buffer);
      const std::size_t size = co_await link.receive_some({&piece, 1});
      bytes.insert(bytes.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size));
    }
  } catch (const std::system_error& error) {
    BOOST_TEST(error.code() == make_error_code(errc::closed));
  }
  co_return bytes;
}

bool has_ipv6() {
  asio::io_context context;
  asio::ip::tcp::acceptor acceptor(context);
  asio::error_code error;
  acceptor.open(asio::ip::tcp::v6(), error);
  if (!error) acceptor.bind({asio::ip::address_v6::loopback(), 0}, error);
  return !error;
}

struct HaveIpv6 {
  boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id /*id*/) const {
    boost::test_tools::assertion_result result(has_ipv6());
    if (!result) result.message() << "this machine has no IPv6";
    return result;
  }
};

}  // namespace

BOOST_DATA_TEST_CASE(bytes_arrive_in_both_directions_to_the_end,
                     data::make<std::size_t>({0, 1, 1000, 10'000'000}), size) {
  Loopback tcp;
  tcp.connect_at();
  asio::co_spawn(tcp.context, send_then_finish(*tcp.link.dialled, pattern(size)), asio::detached);
  asio::co_spawn(tcp.context, send_then_finish(*tcp.link.accepted, pattern(size / 2)),
                 asio::detached);
  std::vector<std::byte> back;
  asio::co_spawn(tcp.context, receive_to_end(*tcp.link.dialled),
                 [&back](std::exception_ptr error, std::vector<std::byte> bytes) {
                   if (!error) back = std::move(bytes);
                 });
  BOOST_TEST((play(tcp.context, receive_to_end(*tcp.link.accepted)) == pattern(size)));
  tcp.context.run();
  BOOST_TEST((back == pattern(size / 2)));
}

BOOST_AUTO_TEST_CASE(pieces_are_sent_and_filled_in_order) {
  Loopback tcp;
  tcp.connect_at();
  const auto bytes = pattern(36);
  std::array<ConstBytes, kMaxPieces> out;  // 1 + 2 + ... + 8 bytes
  std::array<Bytes, kMaxPieces> in;        // 8 + 7 + ... + 1 bytes
  std::vector<std::byte> received(36);
  for (std::size_t i = 0, from = 0, to = 0; i < kMaxPieces; ++i) {
    out.at(i) = ConstBytes(bytes).subspan(from, i + 1);
    in.at(i) = Bytes(received).subspan(to, kMaxPieces - i);
    from += i + 1;
    to += kMaxPieces - i;
  }
  BOOST_TEST(play(tcp.context, tcp.link.dialled->send_some(out)) == 36U);
  BOOST_TEST(play(tcp.context, tcp.link.accepted->receive_some(in)) == 36U);
  BOOST_TEST((received == bytes));
}

BOOST_AUTO_TEST_CASE(both_ends_know_each_other) {
  Loopback tcp;
  const auto listener = tcp.network.listen({"127.0.0.1", 0});
  BOOST_TEST(listener->local().host == "127.0.0.1");
  BOOST_TEST(listener->local().port != 0);
  tcp.connect_at();
  BOOST_TEST(tcp.link.dialled->peer().host == "127.0.0.1");
  BOOST_TEST(tcp.link.accepted->peer().host == "127.0.0.1");
  BOOST_TEST(tcp.link.accepted->peer().port != tcp.link.dialled->peer().port);
}

BOOST_AUTO_TEST_CASE(ipv6_addresses_work, *boost::unit_test::precondition(HaveIpv6())) {
  Loopback tcp;
  tcp.connect_at("::1");
  BOOST_TEST(tcp.link.dialled->peer().host == "::1");
  asio::co_spawn(tcp.context, send_then_finish(*tcp.link.dialled, pattern(100)), asio::detached);
  BOOST_TEST((play(tcp.context, receive_to_end(*tcp.link.accepted)) == pattern(100)));
}

BOOST_AUTO_TEST_CASE(an_ipv4_peer_of_an_ipv6_listener_shows_as_ipv4,
                     *boost::unit_test::precondition(HaveIpv6())) {
  Loopback tcp;
  const auto listener = tcp.network.listen({"::", 0});
  const auto dialled = play(tcp.context, tcp.network.dial({"127.0.0.1", listener->local().port}));
  const auto accepted = play(tcp.context, listener->accept());
  BOOST_TEST(accepted->peer().host == "127.0.0.1");
}

BOOST_AUTO_TEST_CASE(a_name_is_looked_up, *boost::unit_test::precondition(HaveLocalhost())) {
  Loopback tcp;
  const auto listener = tcp.network.listen({"localhost", 0});
  const auto link = play(tcp.context, tcp.network.dial({"localhost", listener->local().port}));
  BOOST_TEST(link->peer().port == listener->local().port);
}

// ".invalid" exists nowhere (RFC 2606), and a host with a space not even there.
BOOST_AUTO_TEST_CASE(an_error_names_the_host) {
  Loopback tcp;
  const auto names_it = [](const std::system_error& error) {
    return std::string(error.what()).find("no such.invalid:80") != std::string::npos;
  };
  BOOST_CHECK_EXCEPTION(play(tcp.context, tcp.network.dial({"no such.invalid", 80})),
                        std::system_error, names_it);
  BOOST_CHECK_EXCEPTION(tcp.network.listen({"no such.invalid", 80}), std::system_error, names_it);
}

BOOST_AUTO_TEST_CASE(a_dial_where_nobody_listens_is_refused) {
  Loopback tcp;
  auto listener = tcp.network.listen({"127.0.0.1", 0});
  const Endpoint gone = listener->local();
  listener.reset();
  const auto error = play(tcp.context, error_in(tcp.network.dial(gone)));
  BOOST_TEST((error == std::errc::connection_refused));
}

BOOST_AUTO_TEST_CASE(a_port_in_use_is_an_error_that_names_it) {
  Loopback tcp;
  const auto listener = tcp.network.listen({"127.0.0.1", 0});
  BOOST_CHECK_EXCEPTION(tcp.network.listen(listener->local()), std::system_error,
                        [&](const std::system_error& error) {
                          return error.code() == std::errc::address_in_use &&
                                 std::string(error.what()).find(listener->local().text()) !=
                                     std::string::npos;
                        });
}

BOOST_AUTO_TEST_CASE(a_port_can_be_listened_at_again_at_once) {
  Loopback tcp;
  auto listener = tcp.network.listen({"127.0.0.1", 0});
  const Endpoint at = listener->local();
  auto dialled = play(tcp.context, tcp.network.dial(at));
  auto accepted = play(tcp.context, listener->accept());
  accepted.reset();  // this side closes first and keeps the address in TIME_WAIT
  dialled.reset();
  listener.reset();
  BOOST_TEST((tcp.network.listen(at)->local() == at));
}

BOOST_AUTO_TEST_CASE(a_destroyed_link_ends_the_other_side) {
  Loopback tcp;
  tcp.connect_at();
  tcp.link.dialled.reset();
  BOOST_TEST(play(tcp.context, error_in(receive_byte(*tcp.link.accepted))) ==
             make_error_code(errc::closed));
}

// A reset is no orderly end: SO_LINGER 0 makes the kernel send one.
BOOST_AUTO_TEST_CASE(a_reset_is_not_an_end) {
  Loopback tcp;
  const auto listener = tcp.network.listen({"127.0.0.1", 0});
  asio::ip::tcp::socket raw(tcp.context);
  raw.connect({asio::ip::make_address("127.0.0.1"), listener->local().port});
  const auto accepted = play(tcp.context, listener->accept());
  raw.set_option(asio::socket_base::linger(true, 0));
  raw.close();
  const auto error = play(tcp.context, error_in(receive_byte(*accepted)));
  BOOST_TEST((error == std::errc::connection_reset));
}

// Unread bytes in our buffer would turn the close into a reset, and what the kernel has taken but
// not sent yet would be dropped. One call takes more than the other side's kernel does.
BOOST_AUTO_TEST_CASE(a_last_word_arrives_although_we_left_something_unread) {
  Loopback tcp;
  tcp.connect_at();
  play(tcp.context, send_pattern(*tcp.link.accepted, 10'000));
  const auto bytes = pattern(20'000'000);
  const ConstBytes piece(bytes);
  const std::size_t sent = play(tcp.context, tcp.link.dialled->send_some({&piece, 1}));
  tcp.link.dialled.reset();
  const auto received = play(tcp.context, receive_to_end(*tcp.link.accepted));
  BOOST_TEST(received.size() == sent);
  BOOST_TEST(std::ranges::equal(received, piece.first(received.size())));
}

BOOST_AUTO_TEST_CASE(receiving_goes_on_after_the_last_was_sent) {
  Loopback tcp;
  tcp.connect_at();
  play(tcp.context, send_then_finish(*tcp.link.dialled, pattern(3)));
  BOOST_TEST((play(tcp.context, receive_to_end(*tcp.link.accepted)) == pattern(3)));
  play(tcp.context, send_then_finish(*tcp.link.accepted, pattern(4)));
  BOOST_TEST((play(tcp.context, receive_to_end(*tcp.link.dialled)) == pattern(4)));
}

BOOST_AUTO_TEST_CASE(waiting_can_be_cancelled) {
  Loopback tcp;
  tcp.connect_at();
  const auto listener = tcp.network.listen({"127.0.0.1", 0});
  annulet::devices::SteadyClock clock(tcp.context.get_executor());
  const auto ends = [&](auto work) {
    return play(tcp.context, error_in(annulet::devices::with_deadline(clock, clock.now() + 1ms,
                                                                      std::move(work))));
  };
  const auto timed_out = std::make_error_code(std::errc::timed_out);
  BOOST_TEST(ends(receive_byte(*tcp.link.accepted)) == timed_out);
  BOOST_TEST(ends(listener->accept()) == timed_out);
  BOOST_TEST(ends(send_pattern(*tcp.link.dialled, 100'000'000)) == timed_out);
}

// The byte that comes back carries the acknowledgement of all that was received before it.
BOOST_AUTO_TEST_CASE(acknowledged_bytes_are_the_bytes_sent) {
  Loopback tcp;
  tcp.connect_at();
  for (const bool dialled : {true, false}) {
    TcpLink& sender = dialled ? tcp.dialled() : tcp.accepted();
    TcpLink& receiver = dialled ? tcp.accepted() : tcp.dialled();
    const std::size_t size = 1'000'003;
    const auto before = sender.acknowledged_bytes();
    std::vector<std::byte> received(size);
    play(tcp.context,
         annulet::devices::both(send_pattern(sender, size), receive_all(receiver, received)));
    play(tcp.context, send_pattern(receiver, 1));
    play(tcp.context, receive_byte(sender));
    BOOST_TEST(sender.acknowledged_bytes() - before == size);
  }
}

BOOST_AUTO_TEST_SUITE_END()
