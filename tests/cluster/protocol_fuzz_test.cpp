/// A hundred thousand damaged frames, in every state of the protocol: the peer lives, and ends in
/// order.
#include <set>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "runtime/run_file.hpp"
#include "tests/support/sim_cluster.hpp"
#include "tests/support/stranger.hpp"
#include "tests/support/tongue.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(protocol_fuzz)

namespace {

using namespace std::chrono_literals;
using namespace transport;

constexpr int kFramesAtOnce = 20;
constexpr int kCallsAtDoor = 400;
// Calls at a door take a while, in which nobody may be missed.
const std::vector<std::string> kHasty{"data.features=12"};
const std::vector<std::string> kPatient{"data.features=12", "net.peer_timeout=\"1h\""};
const std::set<int> kOrderlyEnds{0, 3, 4, 5, 6, 9, 130};

void check_ends(SimCluster& ring) {
  for (std::size_t r = 0; r < ring.size(); ++r) {
    BOOST_TEST(kOrderlyEnds.contains(ring[r].code()), ring[r].reason());
  }
}

/// Where the stranger that joins a ring goes mad.
enum class Member { ready, running, at_door, averaging };
/// Where the stranger that starts one does.
enum class Start { run_file, view, go, running, early_at_door, at_door, averaging };

// ---- the starter --------------------------------------------------------------------------------

/// The first message at a door, and what comes after a sound hello.
int knock_while_gathering(std::uint64_t seed) {
  constexpr int kCalls = 1000, kFrames = 3;
  const auto config = small_config();
  SimCluster ring(config);
  Tongue tongue(seed, config);
  Stranger stranger(ring.world(), *ring.lan, "stranger");
  runtime::StartOptions options;
  options.devices = 3;
  ring.start({.name = "desk"}, options);
  ring.join({.name = "pi-1", .after = 100s});
  ring.join({.name = "pi-2", .after = 100s});
  for (int i = 0; i < kCalls; ++i) {
    stranger.play([i, &tongue](Stranger& self) -> asio::awaitable<void> {
      co_await self.wait(i * 20ms);
      const auto link = co_await self.dial("desk", SimCluster::kPort);
      const bool after_hello = i % 2 == 1;
      if (after_hello) co_await ask(self, *link, tongue, FrameType::hello);
      co_await rave(self, *link, tongue, after_hello ? FrameType::survey : FrameType::hello,
                    kFrames);
      co_await hang_up(self, *link);
    });
  }
  ring.run();
  check_ends(ring);
  for (std::size_t r = 0; r < 3; ++r) BOOST_TEST(ring[r].reason() == "done");
  return tongue.said;
}

asio::awaitable<void> go_mad_as_a_member(Stranger& self, Tongue& tongue, std::size_t size,
                                         Member where, bool& arrived) {
  MemberLinks links;
  co_await become_member(self, tongue, links);
  if (where == Member::ready) {
    arrived = true;
    co_await rave(self, *links.line, tongue, FrameType::ready, kFramesAtOnce);
    co_return co_await hang_up(self, *links.line);
  }
  if (where == Member::at_door) {
    co_await rave_at_door(self, tongue, "desk", SimCluster::kPort, kCallsAtDoor);
  }
  co_await connect(self, links, size);
  const Frame ready = tongue.sound(FrameType::ready);
  co_await send_all(*links.line, ready);
  const auto go = co_await self.next(*links.line);
  arrived = go && std::holds_alternative<Go>(*go);
  if (where == Member::running) {
    co_await rave(self, *links.line, tongue, FrameType::broken, kFramesAtOnce);
  } else if (where == Member::averaging) {
    co_await rave_in_ring(self, tongue, links);
  }
  co_await hang_up(self, *links.line);
}

/// The others lose the member that has gone mad, and end. Every eighth ring has a third device.
int join_as(Member where, std::uint64_t seed) {
  const auto config = small_config(where == Member::at_door ? kPatient : kHasty);
  SimCluster ring(config);
  Tongue tongue(seed, config);
  Stranger stranger(ring.world(), *ring.lan, "mad");
  runtime::StartOptions options;
  options.devices = seed % 8 == 0 ? 3 : 2;
  options.run_id = kRunId;
  ring.start({.name = "desk"}, options);
  if (options.devices == 3) ring.join({.name = "pi-1"});
  bool arrived = false;  // else this tests another state
  stranger.play([&](Stranger& self) {
    return go_mad_as_a_member(self, tongue, options.devices, where, arrived);
  });
  ring.run(1h);
  BOOST_TEST(arrived);
  for (std::size_t r = 0; r < ring.size(); ++r) {
    BOOST_TEST(ring[r].code() == 5);
    if (where == Member::averaging) BOOST_TEST(ring[r].end->rounds == 0);
  }
  return tongue.said;
}

// ---- a joiner -----------------------------------------------------------------------------------

/// Hears the calls of a joiner, and answers each with damage, until one takes it for an answer.
asio::awaitable<void> answer_madly(Stranger& self, Tongue& tongue) {
  const auto door = self.network().listen(Endpoint("", SimCluster::kPort));
  const auto answer = [](Stranger& me, Link& line, Tongue& words) -> asio::awaitable<void> {
    co_await me.next(line);
    co_await rave(me, line, words, FrameType::run_file, 3);
    co_await hang_up(me, line);
  };
  for (;;) {
    const auto line = co_await door->accept();
    co_await devices::attempt(answer(self, *line, tongue));
  }
}

/// We are both neighbours of "pi-1".
asio::awaitable<void> connect_to_joiner(Stranger& self, const Tongue& tongue, MemberLinks& links,
                                        std::uint16_t port) {
  links.from = co_await links.listener->accept();
  links.to = co_await self.dial("pi-1", port);
  const Frame greeting = tongue.sound(FrameType::data_hello);
  co_await send_all(*links.to, greeting);
}

asio::awaitable<void> go_mad_as_a_starter(Stranger& self, Tongue& tongue, Start where,
                                          bool& arrived) {
  MemberLinks links;
  links.listener = self.network().listen(Endpoint("", SimCluster::kPort));
  links.line = co_await links.listener->accept();
  const auto hello = co_await self.next(*links.line);
  const std::uint16_t port = std::get<Hello>(*hello).data_port;
  co_await ask(self, *links.line, tongue, FrameType::run_file);  // its survey
  arrived = true;
  if (where == Start::view) {
    co_await rave(self, *links.line, tongue, FrameType::view, kFramesAtOnce);
    co_return co_await hang_up(self, *links.line);
  }
  if (where == Start::early_at_door)
    co_await rave_at_door(self, tongue, "pi-1", port, kCallsAtDoor);
  const Frame view = tongue.sound(FrameType::view);
  co_await send_all(*links.line, view);
  if (where == Start::at_door) co_await rave_at_door(self, tongue, "pi-1", port, kCallsAtDoor);
  co_await connect_to_joiner(self, tongue, links, port);
  const auto ready = co_await self.next(*links.line);
  arrived = ready && std::holds_alternative<Ready>(*ready);
  if (where == Start::go) {
    co_await rave(self, *links.line, tongue, FrameType::go, kFramesAtOnce);
    co_return co_await hang_up(self, *links.line);
  }
  const Frame go = tongue.sound(FrameType::go);
  co_await send_all(*links.line, go);
  co_await self.wait(20ms);  // it begins
  if (where == Start::running) {
    co_await rave(self, *links.line, tongue, FrameType::lost, kFramesAtOnce);
  } else if (where == Start::averaging) {
    co_await rave_in_ring(self, tongue, links);
  }
  co_await hang_up(self, *links.line);
}

int start_as(Start where, std::uint64_t seed) {
  const bool at_door = where == Start::early_at_door || where == Start::at_door;
  const auto config = small_config(at_door ? kPatient : kHasty);
  SimCluster ring(config);
  Tongue tongue(seed, config);
  Stranger starter(ring.world(), *ring.lan, "desk");
  bool arrived = where == Start::run_file;
  starter.play([&, where](Stranger& self) {
    if (where == Start::run_file) return answer_madly(self, tongue);
    return go_mad_as_a_starter(self, tongue, where, arrived);
  });
  SimDevice& joiner = ring.join({.name = "pi-1", .wait = 100s}, "desk");
  ring.run(1h);
  check_ends(ring);
  BOOST_TEST(arrived);
  BOOST_TEST(joiner.code() != 0);
  const bool began = where == Start::running || where == Start::averaging;
  if (began) BOOST_TEST(joiner.start.has_value());
  return tongue.said;
}

/// Frames that were sent to survivors of `worlds` worlds.
template <class Play>
int play_all(std::uint64_t worlds, Play play) {
  int said = 0;
  for (std::uint64_t seed = 1; seed <= worlds; ++seed) {
    BOOST_TEST_INFO_SCOPE("seed " << seed);
    said += play(seed);
  }
  BOOST_TEST_MESSAGE(said << " frames in " << worlds << " worlds");
  return said;
}
int join_often(Member where, std::uint64_t worlds) {
  return play_all(worlds, [where](std::uint64_t seed) { return join_as(where, seed); });
}
int start_often(Start where, std::uint64_t worlds) {
  return play_all(worlds, [where](std::uint64_t seed) { return start_as(where, seed); });
}

}  // namespace

// Together a hundred thousand frames, each on a connection that was open, and five thousand or more
// in every state of both roles (an average is the same for both, and halves them). Most end the
// connection, so that many are needed; those at a door cost least, and get most.
BOOST_AUTO_TEST_CASE(a_starter_that_gathers_survives_and_gathers_on) {
  BOOST_TEST(play_all(8, knock_while_gathering) >= 10'500);
}
BOOST_AUTO_TEST_CASE(a_starter_survives_what_a_member_says_before_it_is_ready) {
  BOOST_TEST(join_often(Member::ready, 3250) >= 5'000);
}
BOOST_AUTO_TEST_CASE(a_starter_survives_what_greets_it_between_view_and_go) {
  BOOST_TEST(join_often(Member::at_door, 38) >= 19'000);
}
BOOST_AUTO_TEST_CASE(a_ring_survives_what_a_member_says) {
  BOOST_TEST(join_often(Member::running, 3350) >= 5'000);
}
BOOST_AUTO_TEST_CASE(a_ring_survives_what_comes_instead_of_averages) {
  BOOST_TEST(join_often(Member::averaging, 2150) >= 2'500);
}

BOOST_AUTO_TEST_CASE(a_joiner_survives_what_answers_its_call) {
  BOOST_TEST(start_often(Start::run_file, 540) >= 5'000);
}
BOOST_AUTO_TEST_CASE(a_joiner_survives_what_comes_for_a_view) {
  BOOST_TEST(start_often(Start::view, 3750) >= 5'000);
}
BOOST_AUTO_TEST_CASE(a_joiner_survives_what_greets_it_before_the_view) {
  BOOST_TEST(start_often(Start::early_at_door, 36) >= 19'000);
}
BOOST_AUTO_TEST_CASE(a_joiner_survives_what_greets_it_between_view_and_go) {
  BOOST_TEST(start_often(Start::at_door, 38) >= 19'000);
}
BOOST_AUTO_TEST_CASE(a_joiner_survives_what_comes_for_a_go) {
  BOOST_TEST(start_often(Start::go, 3750) >= 5'000);
}
BOOST_AUTO_TEST_CASE(a_joiner_survives_what_a_starter_says) {
  BOOST_TEST(start_often(Start::running, 3750) >= 5'000);
}
BOOST_AUTO_TEST_CASE(a_joiner_survives_what_comes_instead_of_averages) {
  BOOST_TEST(start_often(Start::averaging, 2150) >= 2'500);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
