/// How long a link waits for a device that is there but does not read.
#include <vector>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/error_code.hpp"
#include "tests/support/link_pair.hpp"
#include "tests/support/play.hpp"
#include "transport/tcp_network.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(patience)

namespace {

constexpr std::size_t kMoreThanBuffersHold = 30'000'000;

asio::awaitable<void> send_much(transport::Link& link) {
  const std::vector<std::byte> bytes(kMoreThanBuffersHold);
  co_await transport::send_all(link, bytes);
}

}  // namespace

// A ring neighbour reads nothing while it takes its local steps, however long they take: to the
// kernel's timeout that looks like a dead one. Only control lines, always read, may have one.
BOOST_AUTO_TEST_CASE(a_link_without_it_outlives_one_with_it) {
  asio::io_context context(1);
  transport::TcpNetwork network(context.get_executor());
  const auto control = play(context, connect(network, network, "127.0.0.1"));
  const auto data = play(context, connect(network, network, "127.0.0.1"));
  control.dialled->set_patience(std::chrono::milliseconds(100));

  std::exception_ptr data_error;
  bool data_sent = false;
  asio::co_spawn(context, send_much(*data.dialled), [&](std::exception_ptr error) {
    data_error = error;
    data_sent = true;
  });
  const auto error = play(context, error_in(send_much(*control.dialled)));
  BOOST_TEST((error == std::errc::timed_out));
  BOOST_TEST(!data_sent);  // it has waited as long

  std::vector<std::byte> received(kMoreThanBuffersHold);
  play(context, transport::receive_all(*data.accepted, received));
  context.restart();
  context.run();
  BOOST_TEST(data_sent);
  BOOST_TEST(!data_error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
