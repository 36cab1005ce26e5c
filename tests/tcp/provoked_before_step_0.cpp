/// What keeps devices from starting together: in virtual time where that is enough.
#include <chrono>
#include <memory>
#include <utility>

#include "runtime/run_file.hpp"
#include "tests/support/child_ring.hpp"
#include "tests/support/held_port.hpp"
#include "tests/support/sim_cluster.hpp"
#include "tests/support/stranger.hpp"
#include "tests/tcp/provoked.hpp"

namespace annulet::tests {
namespace {

using namespace std::chrono_literals;
using namespace transport;

constexpr auto kPort = SimCluster::kPort;
const std::string kDesk = "desk:" + std::to_string(kPort);

runtime::StartOptions for_devices(std::size_t devices) {
  runtime::StartOptions options;
  options.devices = devices;
  options.wait = 20s;
  return options;
}

/// How pi-1 ends, which dials somebody who takes that part on "desk".
Ending joined(Stranger::Act act) {
  SimCluster ring(small_config());
  Stranger starter(ring.world(), *ring.lan, "desk");
  starter.play(std::move(act));
  ring.join({.name = "pi-1"}, "desk");
  ring.run();
  return ending_of(*ring[0].end);
}

/// Answers each call in the same way: a stranger's frame, or a message of ours.
Stranger::Act answering(std::vector<std::byte> frame) {
  return [frame = std::move(frame)](Stranger& self) -> asio::awaitable<void> {
    const auto listener = self.network().listen(Endpoint("", kPort));
    for (;;) {
      const auto link = co_await listener->accept();
      co_await send_all(*link, frame);
      co_await self.drain(*link);
    }
  };
}

std::vector<std::byte> of_version(std::uint8_t version) {
  auto frame = encode(RunFile{});
  frame.at(4) = std::byte{version};
  return frame;
}

/// Gives the run file, hears of the data, and then sends that, or hangs up.
Stranger::Act after_survey(std::optional<Message> then) {
  return [then = std::move(then)](Stranger& self) -> asio::awaitable<void> {
    const auto listener = self.network().listen(Endpoint("", kPort));
    const auto link = co_await listener->accept();
    co_await self.next(*link);  // hello
    RunFile run_file;
    run_file.name = "pi-1";
    run_file.toml = runtime::to_toml(small_config());
    const Message message = run_file;
    co_await self.send(*link, message);
    co_await self.next(*link);  // survey
    if (!then) co_return;
    co_await self.send(*link, *then);
    co_await self.drain(*link);
  };
}

/// A view of another set of data than any that pi-1 may have.
Message impossible_view() {
  View view;
  view.epoch = 1;
  view.rank = 1;
  view.members = {Member{.name = "desk"}, Member{.name = "pi-1"}};
  view.features = 3;
  view.rows = 1;
  view.labels = {0, 1};
  return view;
}

Ending nobody_there() {
  const HeldPort port;
  return ending_of({"join", port.address(), "--wait", "300ms", "--json"});
}

Ending port_in_use() {
  WorkFolder folder;
  const ChildRing ring(folder, 2, folder.run_file("20"));
  return ending_of({"run", folder.run_file("20"), "--devices", "2", "--json", "--listen",
                    "127.0.0.1:" + ring.port()});
}

Ending with_token(std::vector<std::string> words) {
  WorkFolder folder;
  ChildRing ring(folder, 2, folder.run_file("20"), {"--token", "sesame"});
  words.emplace_back("--json");
  return ending_of(ring.join(words));
}

Ending too_few() {
  SimCluster ring(small_config());
  ring.start({.name = "desk"}, for_devices(3));
  ring.join({.name = "pi-1"});
  ring.run();
  return ending_of(*ring[1].end);
}

/// A device that says who it is and then only gives signs of life.
Ending never_reports() {
  SimCluster ring(small_config());
  Stranger stranger(ring.world(), *ring.lan, "x");
  ring.start({.name = "desk"}, for_devices(2));
  stranger.play([](Stranger& self) -> asio::awaitable<void> {
    const auto line = co_await self.dial("desk", kPort);
    Hello hello;
    hello.name = "x";
    co_await self.send(*line, hello);
    const Message sign = Heartbeat{};
    for (;;) {
      co_await self.wait(200ms);
      co_await self.send(*line, sign);
    }
  });
  ring.run();
  return ending_of(*ring[0].end);
}

/// Too many, and too late.
Ending no_place(devices::Duration after) {
  SimCluster ring(small_config({"run.steps=4000"}));
  ring.start({.name = "desk"}, for_devices(2));
  ring.join({.name = "pi-1"});
  ring.join({.name = "pi-2", .after = after});
  ring.run();
  return ending_of(*ring[2].end);
}

/// pi-1's copy of the run file's data is another one.
Ending other_copy() {
  SimCluster ring(small_config());
  model::DataPath path;
  path.file = kSparseFile;
  ring.no_data.put(path, model::Dataset::sparse({0, 1}, {0}, {1.0F}, {1.0F}, 1));
  ring.start({.name = "desk"}, for_devices(2));
  ring.join({.name = "pi-1", .has_data = false});
  ring.run();
  return ending_of(*ring[1].end);
}

/// More than the run file allows.
Ending too_much_memory() {
  SimCluster ring(small_config({"run.max_memory=8MB"}));
  ring.start({.name = "desk"}, for_devices(2));
  ring.join({.name = "pi-1"});
  ring.run();
  return ending_of(*ring[1].end);
}

Ending starter_is_interrupted() {
  SimCluster ring(small_config());
  ring.start({.name = "desk"}, for_devices(3));
  ring.join({.name = "pi-1"});
  ring.at(400ms, [&ring] { ring[0].request_stop(); });
  ring.run();
  return ending_of(*ring[1].end);
}

/// The starter cannot be found, or does not begin.
std::vector<Provocation> without_a_run() {
  using enum ErrorCode;
  const std::vector<std::byte> web(200, std::byte{'H'});
  return {
      {cannot_reach,
       "nobody there",
       nobody_there,
       {"Cannot reach 127.0.0.1:", "Connection refused", "Is `annulet run` started there"}},
      {no_annulet,
       "another program",
       [web] { return joined(answering(web)); },
       {"No annulet answers at " + kDesk, "Check the address and port"}},
      {cannot_listen,
       "a port in use",
       port_in_use,
       {"cannot listen at 127.0.0.1:", "another program", "--listen ADDR:PORT"}},
      {too_few_devices,
       "one is missing",
       too_few,
       {"Only 2 of 3 devices came: desk, pi-1", "annulet join", "fewer --devices"}},
      {device_not_ready,
       "silent about its data",
       never_reports,
       {"x did not report its data in time", "longer --wait"}},
      {starter_gone,
       "it hangs up",
       [] { return joined(after_survey({})); },
       {"The starter at " + kDesk + " is gone: connection closed", "start the run again"}},
      {interrupted,
       "Ctrl-C on the starter",
       starter_is_interrupted,
       {"The starter ended the run before step 0", "interrupted"}},
  };
}

/// The starter has its run, but not with this device.
std::vector<Provocation> sent_away() {
  using enum ErrorCode;
  const Message no = Refused{"No, for a reason of my own."};
  return {
      {refused,
       "without a known reason",
       [no] { return joined(answering(encode(no))); },
       {"No, for a reason of my own."}},
      {other_version,
       "a starter from the future",
       [] { return joined(answering(of_version(9))); },
       {kDesk, "another version", "Install the same annulet on both"}},
      {wrong_token,
       "none",
       [] { return with_token({}); },
       {"asks for a token", "--token WORD", "device-0"}},
      {wrong_token,
       "another",
       [] {
         return with_token({"--token", "barley"});
       },
       {"The token is wrong", "--token WORD", "device-0"}},
      {ring_complete,
       "one too many",
       [] { return no_place(1100us); },
       {"complete (2 devices)", "larger --devices"}},
      {out_of_memory,
       "more than run.max_memory",
       too_much_memory,
       {"desk: needs 8.0 MB", "run.max_memory is 8.0 MB", "run without desk, or raise it"}},
      {run_has_begun,
       "too late",
       [] { return no_place(500ms); },
       {"has begun", "larger --devices"}},
      {starter_contradicts,
       "an impossible view",
       [] { return joined(after_survey(impossible_view())); },
       {"1 row of 3 features", "Install the same annulet on both"}},
      {shared_data_differ,
       "another copy",
       other_copy,
       {"pi-1 reads 1 row of 1 feature", "desk reads 60 rows of 12 features",
        "copy the same file to both", "--data PATH"}},
  };
}

}  // namespace

std::vector<Provocation> provoked_before_step_0() {
  auto all = without_a_run();
  for (auto& row : sent_away()) all.push_back(std::move(row));
  return all;
}

}  // namespace annulet::tests
