/// A hundred thousand damaged frames, in every state of the protocol: the peer lives, and ends in
/// order.
#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "runtime/run_file.hpp"
#include "tests/support/frame_mutator.hpp"
#include "tests/support/sim_cluster.hpp"
#include "tests/support/sound_frames.hpp"
#include "tests/support/stranger.hpp"

namespace annulet::tests {
namespace {

using namespace std::chrono_literals;
using namespace transport;

constexpr int kFramesAtOnce = 20;
constexpr auto kRoundTrip = 3ms;  // and a little more
/// What a sound starter says, in turn.
constexpr std::array kStarterStates{FrameType::run_file, FrameType::view, FrameType::go,
                                    FrameType::lost};
const std::set<int> kOrderlyEnds{0, 3, 4, 5, 6, 9, 130};

/// What a stranger says next: damaged frames, one of three of the kind that belongs there.
class Tongue {
 public:
  Tongue(std::uint64_t seed, const runtime::RunConfig& config)
      : mutator_(seed), frames_(sound_frames(config)) {}

  [[nodiscard]] Frame sound(FrameType type) const { return frames_.at(index(type)); }
  [[nodiscard]] Frame damaged(FrameType expected) {
    const bool fits = mutator_.below(3) == 0;
    return mutator_.mutated(frames_.at(fits ? index(expected) : mutator_.below(frames_.size())));
  }
  int said = 0;  // damaged frames on connections that were still open

 private:
  static std::size_t index(FrameType type) { return static_cast<std::size_t>(type) - 1; }
  Mutator mutator_;
  std::vector<Frame> frames_;
};

/// Says the sound messages in turn, hearing an answer to each, then damaged ones until dropped: a
/// send throws when the other side has hung up, which it has had the time to say.
asio::awaitable<void> speak(Stranger& self, Link& link, Tongue& tongue,
                            std::vector<FrameType> sound, FrameType state, int damaged) {
  for (const FrameType type : sound) {
    const Frame frame = tongue.sound(type);
    co_await send_all(link, frame);
    co_await self.next(link);
  }
  for (int i = 0; i < damaged; ++i) {
    const Frame frame = tongue.damaged(state);
    if (frame.empty()) continue;
    co_await send_all(link, frame);
    ++tongue.said;
    co_await self.wait(kRoundTrip);
  }
  link.finish_sending();
  co_await self.drain(link);
}

void check_ends(SimCluster& ring) {
  for (std::size_t r = 0; r < ring.size(); ++r) {
    BOOST_TEST(kOrderlyEnds.contains(ring[r].code()), ring[r].reason());
  }
}

/// What a member of the ring has.
struct MemberLinks {
  std::unique_ptr<Listener> listener;
  std::unique_ptr<Link> line, from, to;
};

/// Takes the place of rank 2 in a ring that "desk" starts: hello, survey, both data links.
asio::awaitable<void> become_member(Stranger& self, const Tongue& tongue, MemberLinks& links) {
  links.listener = self.network().listen(Endpoint("", 1));
  links.line = co_await self.dial("desk", SimCluster::kPort);
  for (const FrameType type : {FrameType::hello, FrameType::survey}) {
    const Frame frame = tongue.sound(type);
    co_await send_all(*links.line, frame);
    co_await self.next(*links.line);
  }
}

asio::awaitable<void> connect(Stranger& self, MemberLinks& links) {
  links.from = co_await links.listener->accept();
  links.to = co_await self.dial("desk", SimCluster::kPort);
  DataHello hello;
  hello.epoch = 1;
  hello.rank = 2;
  co_await self.send(*links.to, hello);
}

// ---- the states ---------------------------------------------------------------------------------

/// (a) The first message at a door, and (b) what comes after a sound hello.
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
      std::vector<FrameType> sound;
      if (after_hello) sound.push_back(FrameType::hello);
      co_await speak(self, *link, tongue, sound, after_hello ? FrameType::survey : FrameType::hello,
                     kFrames);
    });
  }
  ring.run();
  check_ends(ring);
  for (std::size_t r = 0; r < 3; ++r) BOOST_TEST(ring[r].reason() == "done");
  return tongue.said;
}

/// (c) After the view, (d) during the run: what a member says. It is lost, and the others end.
int go_mad_as_a_member(std::uint64_t seed) {
  const auto config = small_config();
  SimCluster ring(config);
  Tongue tongue(seed, config);
  Stranger stranger(ring.world(), *ring.lan, "mad");
  runtime::StartOptions options;
  options.devices = 3;
  ring.start({.name = "desk"}, options);
  ring.join({.name = "pi-1"});
  const bool during_the_run = seed % 2 == 1;
  stranger.play([&tongue, during_the_run](Stranger& self) -> asio::awaitable<void> {
    MemberLinks links;
    co_await become_member(self, tongue, links);
    std::vector<FrameType> sound;
    if (during_the_run) {
      co_await connect(self, links);
      sound.push_back(FrameType::ready);
    }
    const FrameType state = during_the_run ? FrameType::broken : FrameType::ready;
    co_await speak(self, *links.line, tongue, sound, state, kFramesAtOnce);
  });
  ring.run(10min);
  check_ends(ring);
  for (std::size_t r = 0; r < 2; ++r) BOOST_TEST(ring[r].code() == 5);
  return tongue.said;
}

/// (e) What a starter says to a joiner, from one of its four states on.
int go_mad_as_a_starter(std::uint64_t seed) {
  const auto config = small_config({"data.features=12"});
  SimCluster ring(config);
  Tongue tongue(seed, config);
  Stranger starter(ring.world(), *ring.lan, "desk");
  const std::size_t state = seed % kStarterStates.size();
  starter.play([&tongue, state](Stranger& self) -> asio::awaitable<void> {
    MemberLinks links;
    links.listener = self.network().listen(Endpoint("", SimCluster::kPort));
    links.line = co_await links.listener->accept();
    const auto hello = co_await self.next(*links.line);
    for (std::size_t i = 0; i < state; ++i) {
      const Frame frame = tongue.sound(kStarterStates.at(i));
      co_await send_all(*links.line, frame);
      if (kStarterStates.at(i) == FrameType::view) {  // we are both its neighbours
        links.from = co_await links.listener->accept();
        links.to = co_await self.dial("pi-1", std::get<Hello>(*hello).data_port);
        const Frame greeting = tongue.sound(FrameType::data_hello);
        co_await send_all(*links.to, greeting);
      }
      co_await self.wait(20ms);
    }
    const std::vector<FrameType> nothing;
    co_await speak(self, *links.line, tongue, nothing, kStarterStates.at(state), kFramesAtOnce);
  });
  SimDevice& joiner = ring.join({.name = "pi-1", .wait = 4s}, "desk");
  ring.run(10min);
  check_ends(ring);
  BOOST_TEST(joiner.code() != 0);
  if (state == 3) BOOST_TEST(joiner.start.has_value());  // else this tests another state
  return tongue.said;
}

/// (f) What a predecessor sends in the place of an average.
int go_mad_as_a_predecessor(std::uint64_t seed) {
  const auto config = small_config();
  SimCluster ring(config);
  Tongue tongue(seed, config);
  Stranger stranger(ring.world(), *ring.lan, "mad");
  runtime::StartOptions options;
  options.devices = 3;
  ring.start({.name = "desk"}, options);
  ring.join({.name = "pi-1"});
  stranger.play([&tongue](Stranger& self) -> asio::awaitable<void> {
    MemberLinks links;
    co_await become_member(self, tongue, links);
    co_await connect(self, links);
    const Frame ready = tongue.sound(FrameType::ready);
    co_await send_all(*links.line, ready);
    co_await self.next(*links.line);  // go
    const std::vector<FrameType> nothing;
    co_await speak(self, *links.to, tongue, nothing, FrameType::all_reduce, kFramesAtOnce);
    co_await self.drain(*links.line);
  });
  ring.run(10min);
  check_ends(ring);
  for (std::size_t r = 0; r < 2; ++r) {
    BOOST_TEST(ring[r].code() == 5);
    BOOST_TEST(ring[r].end->rounds == 0);
  }
  return tongue.said;
}

/// Frames that were sent to survivors of `worlds` worlds.
template <class Play>
int play_all(std::uint64_t first_seed, std::uint64_t worlds, Play play) {
  int said = 0;
  for (std::uint64_t seed = first_seed; seed < first_seed + worlds; ++seed) {
    BOOST_TEST_INFO_SCOPE("seed " << seed);
    said += play(seed);
  }
  return said;
}

}  // namespace

// Together a hundred thousand frames, each on a connection that was open. Most end it, so that many
// connections are needed; those at a door cost least, and get most of them.
BOOST_AUTO_TEST_SUITE(protocol_fuzz)

BOOST_AUTO_TEST_CASE(a_starter_that_gathers_survives_and_gathers_on) {
  BOOST_TEST(play_all(1, 66, knock_while_gathering) >= 88'000);
}

BOOST_AUTO_TEST_CASE(a_ring_survives_what_a_member_says) {
  BOOST_TEST(play_all(1000, 1400, go_mad_as_a_member) >= 4'000);
}

BOOST_AUTO_TEST_CASE(a_joiner_survives_what_a_starter_says) {
  BOOST_TEST(play_all(3000, 3000, go_mad_as_a_starter) >= 4'000);
}

BOOST_AUTO_TEST_CASE(a_ring_survives_what_comes_instead_of_averages) {
  BOOST_TEST(play_all(7000, 1400, go_mad_as_a_predecessor) >= 4'000);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
