/// The joiner's side of the rendezvous, before a starter who speaks the protocol by hand.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <asio/co_spawn.hpp>
#include <boost/test/unit_test.hpp>

#include "devices/side_by_side.hpp"
#include "devices/world.hpp"
#include "tests/support/play.hpp"
#include "tests/support/stranger.hpp"
#include "transport/joiner.hpp"
#include "transport/sim_network.hpp"

namespace annulet::transport {
BOOST_AUTO_TEST_SUITE(rendezvous)

namespace {

using namespace std::chrono_literals;
using tests::Stranger;

constexpr std::uint16_t kStarterPort = 7;
// Simulated hosts number their ports from 49152: the joiner's call, then its door.
constexpr std::uint16_t kDoorPort = 49153;
constexpr std::uint64_t kRunId = 77;

/// What a joiner saw.
struct Story {
  std::string name, error;
  int code = 0;
  std::optional<View> view;
  bool connected = false, has_next = false;
  std::optional<Go> go;
  std::optional<Lost> lost;
};

/// A joiner "pi", and strangers in the places of all others.
struct Scene {
  /// Goes as far as it can.
  asio::awaitable<void> join() {
    devices::TaskGroup tasks(world.context().get_executor());
    JoinerOptions options;
    options.starter = Endpoint("desk", kStarterPort);
    options.name = "pi";
    options.wait = 2s;
    Joiner joiner(options, {*host, world, world.context().get_executor(), tasks});
    const std::exception_ptr error =
        co_await devices::attempt(devices::alongside(hear_of_loss(joiner), take_part(joiner)));
    try {
      if (error) std::rethrow_exception(error);
    } catch (const RendezvousError& failure) {
      story.error = failure.what();
      story.code = devices::exit_code(failure.error());
    } catch (const std::system_error& failure) {
      story.error = failure.code().message();
    }
    co_await tasks.finish();
  }
  asio::awaitable<void> hear_of_loss(Joiner& joiner) { story.lost = co_await joiner.lost(); }
  asio::awaitable<void> take_part(Joiner& joiner) {
    const auto timeout = [](const RunFile&) { return devices::Duration(1s); };
    const RunFile run_file = co_await joiner.knock(timeout);
    story.name = run_file.name;
    Survey survey;
    survey.rows = 9;
    story.view = co_await joiner.enter(survey);
    Neighbours ring;
    const auto error = co_await devices::attempt(
        devices::with_deadline(world, world.now() + 1s, joiner.connect(*story.view, 1, ring)));
    story.has_next = ring.to_next != nullptr;
    if (error) std::rethrow_exception(error);
    story.connected = true;
    story.go = co_await joiner.ready(Ready{9});
  }

  Story& run() {
    asio::co_spawn(world.context(), join(), [](std::exception_ptr) {});
    world.run_until({1min});
    return story;
  }

  Story story;
  devices::World world;
  SimNetwork lan{world, {0, 1ms}};
  std::unique_ptr<Network> host = lan.host("pi");
  Stranger starter{world, lan, "desk"}, neighbour{world, lan, "ant"};
};

Message run_file() {
  RunFile message;
  message.run_id = kRunId;
  message.name = "pi-2";
  return message;
}

/// desk, ant, pi: rank 2 is ours.
Message view_of_three() {
  View view;
  view.epoch = 1;
  view.rank = 2;
  view.members.resize(3);
  view.members[1].host = "ant";
  view.members[1].data_port = 6;
  return view;
}

Message greeting(std::uint64_t run_id, std::uint32_t rank) {
  DataHello hello;
  hello.run_id = run_id;
  hello.epoch = 1;
  hello.rank = rank;
  return hello;
}

/// The starter's part up to the view, which it gives after `view_at`; then `then`.
Stranger::Act sound_starter(devices::Duration view_after, std::vector<Message> then) {
  return [view_after, then](Stranger& self) -> asio::awaitable<void> {
    const auto listener = self.network().listen(Endpoint("", kStarterPort));
    const auto line = co_await listener->accept();
    co_await self.next(*line);  // hello
    co_await self.send(*line, run_file());
    co_await self.next(*line);  // survey
    co_await self.wait(view_after);
    co_await self.send(*line, view_of_three());
    const auto data = co_await listener->accept();
    co_await self.next(*line);  // ready
    for (const Message& message : then) co_await self.send(*line, message);
    co_await self.drain(*line);
  };
}

Stranger::Act greet_at(devices::Duration when, std::vector<Message> greetings) {
  return [when, greetings](Stranger& self) -> asio::awaitable<void> {
    co_await self.wait(when);
    std::vector<std::unique_ptr<Link>> links;
    for (const Message& message : greetings) {
      auto& link = *links.emplace_back(co_await self.dial("pi", kDoorPort));
      co_await self.send(link, message);
    }
    co_await self.wait(1min);
  };
}

Message go_of_three() {
  Go go;
  go.samples = {9, 9, 9};
  return go;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_whole_way) {
  Scene scene;
  scene.starter.play(sound_starter(0ms, {go_of_three()}));
  scene.neighbour.play(greet_at(100ms, {greeting(kRunId, 1)}));
  const Story& story = scene.run();
  BOOST_TEST(story.name == "pi-2");
  BOOST_TEST(story.view->members[0].host == "desk");  // where it was dialled
  BOOST_TEST(story.connected);
  BOOST_REQUIRE(story.go.has_value());
}

// The view comes to each device over a line of its own: the predecessor may be quicker than it.
BOOST_AUTO_TEST_CASE(a_greeting_that_overtakes_the_view_is_kept) {
  Scene scene;
  scene.starter.play(sound_starter(300ms, {go_of_three()}));
  scene.neighbour.play(greet_at(100ms, {greeting(kRunId, 1)}));
  const Story& story = scene.run();
  BOOST_TEST(story.connected);
  BOOST_TEST(story.go.has_value());
}

BOOST_AUTO_TEST_CASE(greetings_of_others_are_not_taken) {
  for (const devices::Duration when : {100ms, 400ms}) {  // before the view, and after it
    Scene scene;
    scene.starter.play(sound_starter(300ms, {go_of_three()}));
    scene.neighbour.play(greet_at(when, {greeting(kRunId + 1, 1), greeting(kRunId, 0)}));
    const Story& story = scene.run();
    BOOST_TEST(!story.connected);
    BOOST_TEST(story.has_next);  // so that the missing one is to blame
  }
}

BOOST_AUTO_TEST_CASE(a_successor_that_is_not_there_is_the_missing_link) {
  Scene scene;
  scene.starter.play([](Stranger& self) -> asio::awaitable<void> {
    auto listener = self.network().listen(Endpoint("", kStarterPort));
    const auto line = co_await listener->accept();
    co_await self.next(*line);
    co_await self.send(*line, run_file());
    co_await self.next(*line);
    listener.reset();
    co_await self.send(*line, view_of_three());
    co_await self.drain(*line);
  });
  scene.neighbour.play(greet_at(100ms, {greeting(kRunId, 1)}));
  const Story& story = scene.run();
  BOOST_TEST(!story.connected);
  BOOST_TEST(!story.has_next);
  BOOST_TEST(story.error == "Connection refused");
}

// Told while links are made, not when a timeout has passed.
BOOST_AUTO_TEST_CASE(a_loss_is_heard_from_the_view_on) {
  Scene scene;
  scene.starter.play([](Stranger& self) -> asio::awaitable<void> {
    const auto listener = self.network().listen(Endpoint("", kStarterPort));
    const auto line = co_await listener->accept();
    co_await self.next(*line);
    co_await self.send(*line, run_file());
    co_await self.next(*line);
    co_await self.send(*line, view_of_three());
    co_await self.wait(50ms);
    Lost lost;
    lost.rank = 1;
    lost.reason = "closed its connection";
    co_await self.send(*line, lost);
    co_await self.drain(*line);
  });
  const Story& story = scene.run();
  BOOST_REQUIRE(story.lost.has_value());
  BOOST_TEST(story.lost->rank == 1U);
  BOOST_TEST(story.lost->reason == "closed its connection");
}

BOOST_AUTO_TEST_CASE(a_starter_that_goes_before_step_0_is_lost) {
  Scene scene;
  Bye bye;
  bye.reason = "interrupted";
  scene.starter.play(sound_starter(0ms, {bye}));
  scene.neighbour.play(greet_at(100ms, {greeting(kRunId, 1)}));
  const Story& story = scene.run();
  BOOST_TEST(story.code == 5);
  BOOST_TEST(story.error == "The starter ended the run before step 0: interrupted");
  BOOST_TEST(!story.go.has_value());
}

BOOST_AUTO_TEST_CASE(a_go_for_another_ring_is_out_of_order) {
  Scene scene;
  Go go;
  go.samples = {9, 9};
  scene.starter.play(sound_starter(0ms, {go}));
  scene.neighbour.play(greet_at(100ms, {greeting(kRunId, 1)}));
  const Story& story = scene.run();
  BOOST_REQUIRE(story.lost.has_value());
  BOOST_TEST(story.lost->reason == "a message out of order");
}

BOOST_AUTO_TEST_CASE(a_refusal_is_passed_on_in_its_words) {
  Scene scene;
  scene.starter.play([](Stranger& self) -> asio::awaitable<void> {
    const auto listener = self.network().listen(Endpoint("", kStarterPort));
    const auto line = co_await listener->accept();
    co_await self.next(*line);
    co_await self.send(*line, run_file());
    co_await self.next(*line);
    Refused refused;
    refused.error = 408;
    refused.reason = "pi-2 has no rows to train on: check its data file.";
    co_await self.send(*line, refused);
    co_await self.drain(*line);
  });
  const Story& story = scene.run();
  BOOST_TEST(story.code == 4);  // about our data
  BOOST_TEST(story.error == "pi-2 has no rows to train on: check its data file.");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::transport
