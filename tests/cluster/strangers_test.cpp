/// Who knocks and does not belong: silent, garbled, of another version, or out of order.
#include <random>
#include <string>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/frame_mutator.hpp"
#include "tests/support/sim_cluster.hpp"
#include "tests/support/stranger.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(strangers)

namespace {

namespace data = boost::unit_test::data;
using namespace std::chrono_literals;
using namespace transport;
using devices::Duration;

constexpr auto kPort = SimCluster::kPort;

/// What the starter did to a stranger.
struct Outcome {
  std::vector<Message> heard;  // all but heartbeats
  std::optional<Duration> dropped_at;
};

/// Says hello, then all `messages` at once, and listens until it is dropped.
asio::awaitable<void> say(Stranger& self, Message hello, std::vector<Message> messages,
                          Outcome& outcome) {
  const auto link = co_await self.dial("device-0", kPort);
  co_await self.send(*link, std::move(hello));
  for (const Message& message : messages) co_await self.send(*link, message);
  while (auto message = co_await self.next(*link)) outcome.heard.push_back(std::move(*message));
  outcome.dropped_at = self.world().now().since_start;
}

Message hello_of(const std::string& name) {
  Hello hello;
  hello.name = name;
  hello.data_port = 1;
  return hello;
}
Message sound_survey() {
  Survey survey;
  survey.rows = 60;
  survey.features = 12;
  survey.labels = {-1, 1};
  return survey;
}

/// A ring of three, complete when the two joiners come, and a stranger at the starter's door.
struct Gathering {
  explicit Gathering(Duration joiners_come = 5s, const std::vector<std::string>& settings = {})
      : ring(small_config(settings)), stranger(ring.world(), *ring.lan, "stranger") {
    runtime::StartOptions options;
    options.devices = 3;
    ring.start({.name = "device-0"}, options);
    ring.join({.name = "device-1", .after = joiners_come});
    ring.join({.name = "device-2", .after = joiners_come});
  }
  void run_and_check(const std::vector<std::string>& settings = {}) {
    ring.run();
    SimCluster undisturbed(3, small_config(settings));
    undisturbed.run();
    for (const std::size_t r : {0U, 1U, 2U}) {
      BOOST_TEST(ring[r].reason() == "done");
      BOOST_TEST(*ring[r].end->model_hash == *undisturbed[r].end->model_hash);
    }
  }
  SimCluster ring;
  Stranger stranger;
};

}  // namespace

BOOST_AUTO_TEST_CASE(silence_is_dropped_after_3_seconds_and_delays_nobody) {
  Gathering gathering(1s);
  Duration dropped{0};
  gathering.stranger.play([&dropped](Stranger& self) -> asio::awaitable<void> {
    const auto link = co_await self.dial("device-0", kPort);
    co_await self.drain(*link);
    dropped = self.world().now().since_start;
  });
  gathering.run_and_check({});
  // Connected after two delays; the run has ended long before.
  BOOST_TEST((gathering.ring[0].ended_at.since_start < 2s));
  SimCluster& ring = gathering.ring;
  BOOST_TEST((dropped <= ring[0].ended_at.since_start + 1ms));
}

BOOST_AUTO_TEST_CASE(silence_is_dropped_after_3_seconds) {
  Gathering gathering(10s);
  Duration dropped{0};
  gathering.stranger.play([&dropped](Stranger& self) -> asio::awaitable<void> {
    const auto link = co_await self.dial("device-0", kPort);
    co_await self.drain(*link);
    dropped = self.world().now().since_start;
  });
  gathering.run_and_check();
  BOOST_TEST((dropped == 3s + 3ms));
}

BOOST_AUTO_TEST_CASE(another_version_is_told_so) {
  Gathering gathering;
  std::string said;
  gathering.stranger.play([&said](Stranger& self) -> asio::awaitable<void> {
    const auto link = co_await self.dial("device-0", kPort);
    auto frame = encode(hello_of("future"));
    frame.at(4) = std::byte{2};
    co_await send_all(*link, frame);
    const auto answer = co_await self.next(*link);
    if (answer) said = std::get<Refused>(*answer).reason;
  });
  gathering.run_and_check();
  BOOST_TEST(said == "You speak protocol 2, this ring speaks 1. Install the same annulet on both.");
}

BOOST_AUTO_TEST_CASE(a_joiner_of_another_version_is_refused_by_its_own_words_too) {
  SimCluster ring(small_config());
  Stranger starter(ring.world(), *ring.lan, "desk");
  starter.play([](Stranger& self) -> asio::awaitable<void> {
    const auto listener = self.network().listen(Endpoint("", kPort));
    for (;;) {
      const auto link = co_await listener->accept();
      auto frame = encode(RunFile{});
      frame.at(4) = std::byte{9};
      co_await send_all(*link, frame);
      co_await self.drain(*link);
    }
  });
  ring.join({.name = "pi-1"}, "desk");
  ring.run();
  BOOST_TEST(ring[0].code() == 5);
  BOOST_TEST(ring[0].reason() ==
             "The annulet at desk:7077 speaks another version of the protocol. Install the same "
             "annulet on both.");
}

BOOST_AUTO_TEST_CASE(messages_out_of_order_are_dropped_while_gathering) {
  const std::vector<std::vector<Message>> scripts{{sound_survey(), sound_survey()},
                                                  {Ready{}},
                                                  {Go{}},
                                                  {View{.members = {Member{}}}},
                                                  {Broken{}},
                                                  {Lost{}},
                                                  {Refused{}},
                                                  {RunFile{}},
                                                  {DataHello{}},
                                                  {Hello{}},
                                                  {Bye{}},
                                                  {sound_survey(), Ready{}},
                                                  {sound_survey(), Broken{}},
                                                  {sound_survey(), Bye{}}};
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    Gathering gathering;
    Outcome outcome;
    gathering.stranger.play(
        [&](Stranger& self) { return say(self, hello_of("x"), scripts[i], outcome); });
    gathering.run_and_check();
    BOOST_TEST_CONTEXT("script " << i) {
      // Hello, run file, script; both close.
      BOOST_REQUIRE(outcome.dropped_at.has_value());
      BOOST_TEST((*outcome.dropped_at <= 3s + 10ms));
      BOOST_TEST(gathering.ring[0].start->devices.size() == 3U);
    }
  }
}

// A guest that has a place in the view is a device: when it does not keep to the protocol, it is
// lost, and the run ends naming it.
BOOST_AUTO_TEST_CASE(messages_out_of_order_after_the_view_end_the_run_naming_their_sender) {
  const std::vector<Message> scripts{sound_survey(), Go{},   View{.members = {Member{}}},
                                     Hello{},        Lost{}, Refused{}};
  for (const Message& wrong : scripts) {
    SimCluster ring(small_config());
    Stranger stranger(ring.world(), *ring.lan, "stranger");
    runtime::StartOptions options;
    options.devices = 3;
    ring.start({.name = "device-0"}, options);
    ring.join({.name = "device-1"});
    stranger.play([&wrong](Stranger& self) -> asio::awaitable<void> {
      const auto link = co_await self.dial("device-0", kPort);
      co_await self.send(*link, hello_of("x"));
      co_await self.next(*link);  // the run file
      co_await self.send(*link, sound_survey());
      co_await self.next(*link);  // the view
      co_await self.send(*link, wrong);
      co_await self.drain(*link);
    });
    ring.run();
    for (const std::size_t r : {0U, 1U}) {
      BOOST_TEST(ring[r].code() == 5);
      BOOST_TEST(ring[r].reason() == "device lost: x: a message out of order");
      BOOST_TEST((ring[r].ended_at.since_start < 600ms));
    }
  }
}

// ---- garbage ------------------------------------------------------------------------------------

namespace {

/// A hundred connections that say random bytes, half a frame, or nothing.
std::vector<std::byte> nuisance(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::byte> bytes(seed % 3 == 0 ? 0 : seed * 37 % 900);
  for (auto& byte : bytes) byte = static_cast<std::byte>(random());
  if (seed % 3 == 1) {  // a sound beginning, and a length beyond any bound
    bytes = encode(hello_of("x"));
    store_le(bytes.data() + 8, std::uint32_t{0xffff'fff0});
  }
  return bytes;
}

}  // namespace

BOOST_DATA_TEST_CASE(a_hundred_strangers_change_nothing, data::make({0, 1015, 1600}), begin_ms) {
  // While gathering, while the ring connects, while it trains.
  const std::vector<std::string> settings{"run.steps=1600"};
  Gathering gathering(1s, settings);
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const auto begin = std::chrono::milliseconds(begin_ms) + seed * 130us;
    gathering.stranger.play([seed, begin](Stranger& self) -> asio::awaitable<void> {
      co_await self.wait(begin);
      const auto link = co_await self.dial("device-0", kPort);
      const auto bytes = nuisance(seed);
      co_await send_all(*link, bytes);
      co_await self.drain(*link);
    });
  }
  gathering.run_and_check(settings);
  BOOST_TEST((gathering.ring[0].ended_at.since_start > 2s));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
