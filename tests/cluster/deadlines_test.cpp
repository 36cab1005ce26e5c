/// Devices that live, but do not do their part before step 0: the starter waits for --wait, not
/// longer.
#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/support/sim_cluster.hpp"
#include "tests/support/stranger.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(deadlines)

namespace {

using namespace std::chrono_literals;
using namespace transport;
using devices::Duration;

// One way of the simulated link.
constexpr Duration kDelay = 1ms, kWait = 20s;
constexpr std::uint16_t kDataPort = 1;

/// Signs of life, until the line goes.
asio::awaitable<void> beat(Stranger& self, Link& line) {
  for (;;) {
    co_await self.wait(200ms);
    const Message sign = Heartbeat{};
    co_await self.send(line, sign);
  }
}

/// Beats until the starter says goodbye, and answers as a device does.
asio::awaitable<void> live_idly(Stranger& self, Link& line) {
  const auto wait_for_bye = [](Stranger& me, Link& on) -> asio::awaitable<void> {
    co_await me.next(on);
  };
  co_await devices::alongside(beat(self, line), wait_for_bye(self, line));
  const Message goodbye = Bye{};
  co_await self.send(line, goodbye);
  line.finish_sending();
  co_await self.drain(line);
}

/// A ring of three that "desk" starts: "pi-1", and the stranger "x" as rank 2.
struct Ring {
  Ring() : ring(small_config()), stranger(ring.world(), *ring.lan, "x") {
    runtime::StartOptions options;
    options.devices = 3;
    options.wait = kWait;
    ring.start({.name = "desk"}, options);
    ring.join({.name = "pi-1"});
  }

  /// Both devices say why it was, with code 6, when --wait was over since `since`.
  void check_ends(const std::string& why, Duration since) {
    ring.run();
    BOOST_TEST(ring[0].code() == 6);
    BOOST_TEST(ring[0].reason() == why);
    BOOST_TEST(ring[1].code() == 6);
    BOOST_TEST(ring[1].reason() == "The starter ended the run before step 0: " + why);
    // The starter's goodbye and theirs; its answer.
    BOOST_TEST((ring[0].ended_at.since_start == since + kWait + 2 * kDelay));
    BOOST_TEST((ring[1].ended_at.since_start == since + kWait + 3 * kDelay));
  }

  SimCluster ring;
  Stranger stranger;
};

/// Says who it is, and hears the run file.
asio::awaitable<std::unique_ptr<Link>> call(Stranger& self) {
  auto line = co_await self.dial("desk", SimCluster::kPort);
  Hello hello;
  hello.name = "x";
  hello.data_port = kDataPort;
  co_await self.send(*line, hello);
  co_await self.next(*line);
  co_return line;
}

}  // namespace

BOOST_AUTO_TEST_CASE(who_never_reports_its_data_ends_the_waiting_at_its_time) {
  Ring three;
  three.stranger.play([](Stranger& self) -> asio::awaitable<void> {
    const auto line = co_await call(self);
    co_await live_idly(self, *line);
  });
  three.check_ends(
      "All devices came, but x did not report its data in time: start the run with a longer "
      "--wait.",
      0s);
}

BOOST_AUTO_TEST_CASE(who_is_never_ready_ends_the_waiting_at_its_time) {
  Ring three;
  three.stranger.play([](Stranger& self) -> asio::awaitable<void> {
    const auto door = self.network().listen(Endpoint("", kDataPort));
    const auto line = co_await call(self);
    Survey survey;
    survey.rows = 60;
    survey.features = 12;
    survey.labels = {-1, 1};
    co_await self.send(*line, survey);
    co_await self.next(*line);  // the view
    const auto to_next = co_await self.dial("desk", SimCluster::kPort);
    DataHello hello;
    hello.epoch = 1;
    hello.rank = 2;
    co_await self.send(*to_next, hello);
    const auto from_previous = co_await door->accept();
    co_await live_idly(self, *line);
  });
  // The waiting begins when the starter has its links: calls (2 delays), hellos, run files and
  // surveys, the view, and the stranger's call (2) and greeting.
  three.check_ends(
      "The ring stood, but x did not cut its data in time: start the run with a longer --wait.",
      9 * kDelay);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
