/// Whoever knocks: greeted in bounded time, number and memory.
#include "transport/door.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include "devices/world.hpp"
#include "tests/support/play.hpp"
#include "tests/support/stranger.hpp"
#include "transport/sim_network.hpp"

namespace annulet::transport {
BOOST_AUTO_TEST_SUITE(door)

namespace {

using namespace std::chrono_literals;
using tests::Stranger;

constexpr std::uint16_t kPort = 9;

/// A door, and the names of those who were let in.
struct House {
  House() { door.open(tasks); }
  ~House() { tests::play(world, tasks.finish()); }
  void knock(Stranger::Act act) { stranger.play(std::move(act)); }

  devices::World world;
  SimNetwork lan{world, {0, 1ms}};
  std::unique_ptr<Network> host = lan.host("house");
  std::vector<std::string> let_in;
  std::vector<std::unique_ptr<Link>> links;
  devices::TaskGroup tasks{world.context().get_executor()};
  Door door{host->listen(Endpoint("", kPort)), world, world.context().get_executor(),
            [this](std::unique_ptr<Link> link, const Message& message) {
              links.push_back(std::move(link));
              let_in.push_back(std::get<Hello>(message).name);
            }};
  Stranger stranger{world, lan, "stranger"};
};

Message hello_of(const std::string& name) {
  Hello hello;
  hello.name = name;
  return hello;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_first_message_is_handed_on_with_its_link) {
  House house;
  house.knock([](Stranger& self) -> asio::awaitable<void> {
    const auto link = co_await self.dial("house", kPort);
    co_await self.send(*link, hello_of("pi"));
    co_await self.drain(*link);
  });
  house.world.run_until({1min});
  BOOST_TEST(house.let_in == std::vector<std::string>{"pi"}, boost::test_tools::per_element());
  BOOST_TEST(house.links[0]->peer().host == "stranger");
}

BOOST_AUTO_TEST_CASE(the_silent_are_closed_after_3_seconds) {
  House house;
  devices::Duration closed{0};
  house.knock([&closed](Stranger& self) -> asio::awaitable<void> {
    const auto link = co_await self.dial("house", kPort);
    co_await self.drain(*link);
    closed = self.world().now().since_start;
  });
  house.world.run_until({1min});
  BOOST_TEST((closed == 2ms + kHandshakeTime + 1ms));
}

// A byte a second for ever is no greeting.
BOOST_AUTO_TEST_CASE(the_slow_are_closed_after_3_seconds) {
  House house;
  devices::Duration closed{0};
  house.knock([&closed](Stranger& self) -> asio::awaitable<void> {
    const auto link = co_await self.dial("house", kPort);
    const auto frame = encode(hello_of("pi"));
    for (const std::byte& byte : frame) {
      const ConstBytes piece(&byte, 1);
      co_await send_all(*link, piece);
      co_await self.wait(1s);
      closed = self.world().now().since_start;
    }
  });
  house.world.run_until({1min});
  BOOST_TEST((closed < kHandshakeTime + 2s));
  BOOST_TEST(house.let_in.empty());
}

BOOST_AUTO_TEST_CASE(who_speaks_is_let_in_past_a_crowd_of_the_silent) {
  House house;
  for (int i = 0; i < 100; ++i) {
    house.knock([](Stranger& self) -> asio::awaitable<void> {
      const auto link = co_await self.dial("house", kPort);
      co_await self.drain(*link);
    });
  }
  house.knock([](Stranger& self) -> asio::awaitable<void> {
    co_await self.wait(10ms);
    const auto link = co_await self.dial("house", kPort);
    co_await self.send(*link, hello_of("pi"));
    co_await self.drain(*link);
  });
  house.world.run_until({100ms});
  BOOST_TEST(house.let_in == std::vector<std::string>{"pi"}, boost::test_tools::per_element());
  // The door greets so many at once, and accepts.
  BOOST_TEST(house.tasks.size() <= kMaxGreetings + 1);
}

BOOST_AUTO_TEST_CASE(garbage_and_promises_of_more_than_a_type_allows_are_closed_at_once) {
  for (const bool sound_header : {false, true}) {
    House house;
    devices::Duration closed{0};
    house.knock([&closed, sound_header](Stranger& self) -> asio::awaitable<void> {
      const auto link = co_await self.dial("house", kPort);
      const FrameHeader header{.type = FrameType::view, .payload_length = 0xffff'ffff};
      auto bytes = encode(header);
      if (!sound_header) bytes.fill(std::byte{0x47});
      co_await send_all(*link, bytes);
      co_await self.drain(*link);
      closed = self.world().now().since_start;
    });
    house.world.run_until({1min});
    BOOST_TEST((closed == 4ms));
    BOOST_TEST(house.let_in.empty());
  }
}

BOOST_AUTO_TEST_CASE(another_version_is_answered_in_words) {
  House house;
  std::string said;
  house.knock([&said](Stranger& self) -> asio::awaitable<void> {
    const auto link = co_await self.dial("house", kPort);
    auto frame = encode(hello_of("pi"));
    frame.at(4) = std::byte{200};
    co_await send_all(*link, frame);
    const auto answer = co_await self.next(*link);
    if (answer) said = std::get<Refused>(*answer).reason;
  });
  house.world.run_until({1min});
  BOOST_TEST(said ==
             "You speak protocol 200, this ring speaks 1. Install the same annulet on both.");
  BOOST_TEST(house.let_in.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::transport
