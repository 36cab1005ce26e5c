/// Damage in the place of a trial's messages, on either end of a hop.
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "runtime/measure_request.hpp"
#include "tests/support/frame_mutator.hpp"
#include "tests/support/sim_cluster.hpp"
#include "tests/support/stranger.hpp"
#include "transport/frame.hpp"
#include "transport/ring.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(measurement_fuzz)

namespace {

using namespace std::chrono_literals;
using namespace transport;

constexpr std::uint64_t kRun = 77;

/// A member of a ring of two that "desk" starts, up to the go.
struct Joined {
  std::unique_ptr<Listener> listener;
  std::unique_ptr<Link> line, from, to;
};

asio::awaitable<void> take_part(Stranger& self, Joined& links) {
  links.listener = self.network().listen(Endpoint("", 1));
  links.line = co_await self.dial("desk", SimCluster::kPort);
  Hello hello;
  hello.name = "mad";
  hello.data_port = 1;
  co_await self.send(*links.line, hello);
  co_await self.next(*links.line);  // what is to be measured
  Survey survey;
  survey.rows = 1;
  survey.features = 1;
  co_await self.send(*links.line, survey);
  co_await self.next(*links.line);  // the view
  links.from = co_await links.listener->accept();
  co_await self.next(*links.from);  // its greeting
  links.to = co_await self.dial("desk", SimCluster::kPort);
  DataHello greeting;
  greeting.run_id = kRun;
  greeting.epoch = 1;
  greeting.rank = 1;
  co_await self.send(*links.to, greeting);
  co_await self.send(*links.line, Ready{1});
  co_await self.next(*links.line);  // go
}

/// Trial headers that are damaged, and then the end of all that is said.
asio::awaitable<void> rave(Stranger& self, Link& link, Mutator& mutator, int& said) {
  for (std::uint64_t number = 1; number < 20; ++number) {
    const auto sound = encode(FrameHeader{.type = FrameType::trial, .round = number});
    const auto frame = mutator.mutated({sound.begin(), sound.end()});
    if (frame.empty()) continue;
    co_await send_all(link, frame);
    ++said;
    co_await self.wait(3ms);
  }
  link.finish_sending();
  co_await self.drain(link);
}

/// In the place of answers, or of what is to be answered.
int go_mad(std::uint64_t seed, bool answers) {
  runtime::RunConfig config;
  runtime::ask_to_measure(config, {.hop = 20ms, .time = 20ms, .elements = {16}});
  config.peer_timeout = 1s;
  SimCluster ring(config, {.link = {1.25e6, 1ms}});
  runtime::StartOptions options;
  options.devices = 2;
  options.run_id = kRun;
  ring.start({.name = "desk"}, options);
  Stranger stranger(ring.world(), *ring.lan, "mad");
  Mutator mutator(seed);
  Joined links;
  std::unique_ptr<Ring> own;
  int said = 0;
  stranger.play([&](Stranger& self) -> asio::awaitable<void> {
    co_await take_part(self, links);
    if (answers) co_return co_await rave(self, *links.from, mutator, said);
    Link& to = *links.to;
    own = std::make_unique<Ring>(Ring::Place{1, 2}, std::move(links.from), std::move(links.to),
                                 ring.world(), ring.world().context().get_executor());
    co_await own->answer_previous();
    std::vector<float> nothing(5);
    const auto limit = ring.world().now() + 10s;
    co_await own->all_reduce({1, 0, 0, false}, nothing, {}, limit);
    co_await rave(self, to, mutator, said);
  });
  ring.run(1h);
  BOOST_TEST(said > 0);  // else another state was tested
  BOOST_TEST(ring[0].code() == 5, ring[0].reason());
  BOOST_TEST(ring[0].end->lost_device.value_or("nobody") == "mad");
  return said;
}

int play_all(bool answers) {
  int said = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    BOOST_TEST_INFO_SCOPE("seed " << seed);
    said += go_mad(seed, answers);
  }
  return said;
}

/// How `work` of a ring of two ends to which its neighbour has sent the second header of a trial.
std::string after_header(std::uint32_t bytes,
                         const std::function<asio::awaitable<void>(Ring&)>& work) {
  devices::World world;
  SimNetwork lan(world, {1.25e6, 1ms});
  const auto there = lan.host("there");
  const auto door = there->listen(Endpoint("", 1));
  std::string what = "nothing";
  Stranger stranger(world, lan, "stranger");
  stranger.play([&](Stranger& self) -> asio::awaitable<void> {
    const auto from = co_await self.dial("there", 1), to = co_await self.dial("there", 1);
    auto previous = co_await door->accept(), next = co_await door->accept();
    Ring ring({0, 2}, std::move(previous), std::move(next), world, world.context().get_executor());
    const auto header =
        encode(FrameHeader{.type = FrameType::trial, .elements = bytes, .round = 2});
    co_await send_all(*from, header);
    co_await send_all(*to, header);
    const auto error = co_await devices::attempt(work(ring));
    try {
      if (error) std::rethrow_exception(error);
    } catch (const std::system_error& failure) {
      what = failure.code().message();
    }
  });
  world.run();
  return what;
}

}  // namespace

BOOST_AUTO_TEST_CASE(who_tries_a_line_survives_what_answers) { BOOST_TEST(play_all(true) >= 400); }
BOOST_AUTO_TEST_CASE(who_answers_survives_what_is_tried) { BOOST_TEST(play_all(false) >= 400); }

// A length that no trial has is refused before a byte of it is waited for.
BOOST_AUTO_TEST_CASE(a_burst_beyond_the_bound_is_refused_at_once) {
  BOOST_TEST(after_header((64U << 20) + 1, [](Ring& ring) { return ring.answer_previous(); }) ==
             make_error_code(errc::too_large).message());
}

// It is of another message than the first.
BOOST_AUTO_TEST_CASE(an_answer_to_something_else_is_none) {
  LineSpeed found;
  BOOST_TEST(after_header(0, [&found](Ring& ring) { return ring.try_next(1s, found); }) ==
             make_error_code(errc::out_of_step).message());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
