/// What a stranger says that has gone mad: sound messages up to a state of the protocol, and
/// damaged ones from then on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/frame_mutator.hpp"
#include "tests/support/sim_cluster.hpp"
#include "tests/support/sound_frames.hpp"
#include "tests/support/stranger.hpp"

namespace annulet::tests {

/// Damaged frames, one of three of the kind that belongs to the state.
class Tongue {
 public:
  Tongue(std::uint64_t seed, const runtime::RunConfig& config)
      : mutator_(seed), frames_(sound_frames(config)) {}

  [[nodiscard]] Frame sound(transport::FrameType type) const { return frames_.at(index(type)); }
  [[nodiscard]] Frame damaged(transport::FrameType expected) {
    const bool fits = mutator_.below(3) == 0;
    return mutator_.mutated(frames_.at(fits ? index(expected) : mutator_.below(frames_.size())));
  }
  int said = 0;  // damaged frames on connections that were still open

 private:
  static std::size_t index(transport::FrameType type) { return static_cast<std::size_t>(type) - 1; }
  Mutator mutator_;
  std::vector<Frame> frames_;
};

/// Says `damaged` frames, or as many as are heard before it is dropped: a send throws when the
/// other side has hung up, which it has had the time to say.
inline asio::awaitable<void> rave(Stranger& self, transport::Link& link, Tongue& tongue,
                                  transport::FrameType state, int damaged) {
  using namespace std::chrono_literals;
  for (int i = 0; i < damaged; ++i) {
    const Frame frame = tongue.damaged(state);
    if (frame.empty()) continue;
    co_await transport::send_all(link, frame);
    ++tongue.said;
    co_await self.wait(3ms);  // there and back, and a little more
  }
}

/// Waits for the other side to hang up, too.
inline asio::awaitable<void> hang_up(Stranger& self, transport::Link& link) {
  link.finish_sending();
  co_await self.drain(link);
}

/// Says a sound message and hears an answer.
inline asio::awaitable<void> ask(Stranger& self, transport::Link& link, const Tongue& tongue,
                                 transport::FrameType type) {
  const Frame frame = tongue.sound(type);
  co_await transport::send_all(link, frame);
  co_await self.next(link);
}

/// Calls many times, each time to rave in the place of a greeting.
inline asio::awaitable<void> rave_at_door(Stranger& self, Tongue& tongue, const std::string& host,
                                          std::uint16_t port, int calls) {
  const auto call = [](Stranger& me, Tongue& words,
                       transport::Endpoint door) -> asio::awaitable<void> {
    const auto link = co_await me.dial(door.host, door.port);
    co_await rave(me, *link, words, transport::FrameType::data_hello, 3);
  };
  for (int i = 0; i < calls; ++i) {
    const transport::Endpoint door(host, port);
    co_await devices::attempt(call(self, tongue, door));
  }
}

/// What a member of the ring has.
struct MemberLinks {
  std::unique_ptr<transport::Listener> listener;
  std::unique_ptr<transport::Link> line, from, to;
};

/// Takes the last place in a ring that "desk" starts: hello, survey; the view is heard.
inline asio::awaitable<void> become_member(Stranger& self, const Tongue& tongue,
                                           MemberLinks& links) {
  links.listener = self.network().listen(transport::Endpoint("", 1));
  links.line = co_await self.dial("desk", SimCluster::kPort);
  co_await ask(self, *links.line, tongue, transport::FrameType::hello);
  co_await ask(self, *links.line, tongue, transport::FrameType::survey);
}

/// Both data links of the last of `size` members.
inline asio::awaitable<void> connect(Stranger& self, MemberLinks& links, std::size_t size) {
  links.from = co_await links.listener->accept();
  links.to = co_await self.dial("desk", SimCluster::kPort);
  transport::DataHello hello;
  hello.run_id = kRunId;
  hello.epoch = 1;
  hello.rank = static_cast<std::uint32_t>(size - 1);
  co_await self.send(*links.to, hello);
}

/// Raves in the place of an average, until the other side says on the line that its link is broken:
/// it keeps the link open, but does not hear it any more.
inline asio::awaitable<void> rave_in_ring(Stranger& self, Tongue& tongue, MemberLinks& links) {
  const auto hear = [](Stranger& me, transport::Link& line) -> asio::awaitable<void> {
    co_await me.next(line);
  };
  auto raving = rave(self, *links.to, tongue, transport::FrameType::all_reduce, 20);
  co_await devices::attempt(devices::alongside(hear(self, *links.line), std::move(raving)));
}

}  // namespace annulet::tests
