/// Tests of whole messages over a link, in virtual time.
#include <algorithm>
#include <array>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include "devices/world.hpp"
#include "tests/support/counted_allocations.hpp"
#include "tests/support/error_code.hpp"
#include "tests/support/link_pair.hpp"
#include "tests/support/play.hpp"
#include "tests/transport/sample_messages.hpp"
#include "transport/errors.hpp"
#include "transport/messages.hpp"
#include "transport/sim_network.hpp"

using namespace annulet::transport;
using namespace annulet::tests;
using annulet::devices::World;

BOOST_AUTO_TEST_SUITE(receive_message)

namespace {

struct Lan {
  World world;
  SimNetwork network{world, {}};
  std::unique_ptr<Network> here = network.host("here");
  std::unique_ptr<Network> there = network.host("there");
  LinkPair link = play(world, connect(*here, *there, "there"));
};

asio::awaitable<void> send_frame(Link& link, std::vector<std::byte> frame) {
  co_await send_all(link, frame);
}

asio::awaitable<std::vector<Message>> receive_messages(Link& link, std::size_t count) {
  std::vector<Message> messages;
  for (std::size_t i = 0; i < count; ++i)
    messages.push_back(co_await annulet::transport::receive_message(link));
  co_return messages;
}

asio::awaitable<Message> receive_one_after(Link& sender, Link& receiver,
                                           std::vector<std::byte> frame) {
  co_await send_all(sender, frame);
  sender.finish_sending();
  co_return co_await annulet::transport::receive_message(receiver);
}

std::error_code error_after(std::vector<std::byte> frame) {
  Lan lan;
  return play(lan.world,
              error_in(receive_one_after(*lan.link.dialled, *lan.link.accepted, std::move(frame))));
}

}  // namespace

BOOST_AUTO_TEST_CASE(messages_in_a_row_are_told_apart) {
  Lan lan;
  std::vector<std::byte> stream;
  for (const Message& message : ordinary_messages()) {
    const auto frame = encode(message);
    stream.insert(stream.end(), frame.begin(), frame.end());
  }
  asio::co_spawn(lan.world.context(), send_frame(*lan.link.dialled, stream), asio::detached);
  const auto received = play(lan.world, receive_messages(*lan.link.accepted, 12));
  BOOST_TEST((received == ordinary_messages()));
}

BOOST_AUTO_TEST_CASE(an_end_within_a_message_is_a_closed_link) {
  const auto frame = encode(ordinary_messages().front());
  for (const std::size_t length :
       {std::size_t{1}, kHeaderSize - 1, kHeaderSize, frame.size() - 1}) {
    const auto end = frame.begin() + static_cast<std::ptrdiff_t>(length);
    BOOST_TEST(error_after({frame.begin(), end}) == make_error_code(errc::closed));
  }
}

BOOST_AUTO_TEST_CASE(a_damaged_payload_is_noticed) {
  auto frame = encode(Bye{.reason = "interrupted"});
  frame.back() ^= std::byte{1};
  BOOST_TEST(error_after(frame) == make_error_code(errc::bad_checksum));
}

BOOST_AUTO_TEST_CASE(a_ring_operation_is_no_message) {
  const auto header = encode(FrameHeader{.type = FrameType::all_reduce, .elements = 10});
  BOOST_TEST(error_after({header.begin(), header.end()}) ==
             make_error_code(errc::unexpected_message));
}

// A header that promises 4 GB, and nothing behind it: refused at once, before a byte is reserved.
BOOST_AUTO_TEST_CASE(a_length_beyond_the_type_is_refused_before_memory_is_taken) {
  Lan lan;
  const auto header = encode(FrameHeader{.type = FrameType::view, .payload_length = 0xffff'ffff});
  asio::co_spawn(lan.world.context(), send_frame(*lan.link.dialled, {header.begin(), header.end()}),
                 asio::detached);
  const auto before = allocated_bytes();
  const auto error =
      play(lan.world, error_in(annulet::transport::receive_message(*lan.link.accepted)));
  BOOST_TEST(error == make_error_code(errc::too_large));
  BOOST_TEST(allocated_bytes() - before < 64 * 1024);
}

BOOST_AUTO_TEST_SUITE_END()
