/// What ends a run once its ring stands, in virtual time.
// g++ 12 takes the memory of an Asio 1.22 coroutine, which aligned_alloc gives and Asio's own
// delete takes back, for mismatched where it inlines a whole coroutine.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

#include <chrono>

#include "tests/support/sim_cluster.hpp"
#include "tests/support/stranger.hpp"
#include "tests/tcp/provoked.hpp"

namespace annulet::tests {
namespace {

using namespace std::chrono_literals;
using transport::Fault;
using transport::Way;

/// Steps so slow that training lasts for seconds.
constexpr ClusterOptions kSlow{.link = {0, 1ms}, .flops_per_second = 1e4};
const std::vector<std::string> kLong{"run.steps=400"};

/// How device-0 ends when that happens to device-2 of 3, 700 ms after the start.
template <class Event>
Ending starter_after(Event event) {
  SimCluster ring(3, small_config(kLong), kSlow);
  ring.at(700ms, [&ring, event] { event(ring); });
  ring.run();
  return ending_of(*ring[0].end);
}

Ending cable_out() {
  return starter_after([](SimCluster& ring) { ring.lan->cut("device-2"); });
}
Ending killed() {
  return starter_after([](SimCluster& ring) { ring.lan->kill("device-2"); });
}
Ending left() {
  return starter_after([](SimCluster& ring) { ring[2].request_stop(); });
}

/// Three devices; the data link of device-2 to its successor has that fault.
Ending with_fault(Fault fault) {
  constexpr std::size_t kToNext = 2;
  constexpr std::uint64_t kWithinARound = 664;
  SimCluster ring(small_config({"run.steps=12", "schedule.h=2"}));
  runtime::StartOptions options;
  options.devices = 3;
  ring.start({.name = "device-0"}, options);
  ring.join({.name = "device-1"});
  ring.join({.name = "device-2",
             .faulty_link = kToNext,
             .fault = {.fault = fault, .way = Way::sending, .byte = kWithinARound}});
  ring.run();
  return ending_of(*ring[1].end);
}

/// How a device ends that was stopped for a while.
Ending stopped() {
  SimCluster ring(small_config(kLong), kSlow);
  runtime::StartOptions options;
  options.devices = 2;
  ring.start({.name = "device-0"}, options);
  const devices::TimePoint when{700ms};
  ring.join({.name = "device-1", .stopped = Stop{when, when + 5s}});
  ring.run();
  return ending_of(*ring[1].end);
}

/// How a device ends whose kernel does not have what the run file names.
Ending kernel_refuses() {
  WeakKernel kernel{.refuses = true};
  SimCluster ring(small_config({"net.congestion=vegas"}));
  runtime::StartOptions options;
  options.devices = 2;
  ring.start({.name = "device-0"}, options);
  ring.join({.name = "device-1", .kernel = &kernel});
  ring.run();
  return ending_of(*ring[1].end);
}

/// "x" has its place in the ring, and then finds its data to be of no use.
Ending another_fails() {
  SimCluster ring(small_config());
  Stranger stranger(ring.world(), *ring.lan, "x");
  runtime::StartOptions options;
  options.devices = 2;
  ring.start({.name = "device-0"}, options);
  stranger.play([](Stranger& self) -> asio::awaitable<void> {
    const auto door = self.network().listen(transport::Endpoint("", 1));
    const auto link = co_await self.dial("device-0", SimCluster::kPort);
    const transport::Message hello = transport::Hello{.name = "x", .data_port = 1};
    co_await self.send(*link, hello);
    co_await self.next(*link);  // the run file
    transport::Survey survey;
    survey.rows = 60;
    survey.features = 12;
    survey.labels = {-1, 1};
    const transport::Message mine = survey;
    co_await self.send(*link, mine);
    co_await self.next(*link);  // the view
    const transport::Message bye = transport::Bye{405, "its own screen says why"};
    co_await self.send(*link, bye);
    co_await self.drain(*link);
  });
  ring.run();
  return ending_of(*ring[0].end);
}

}  // namespace

std::vector<Provocation> provoked_in_rings() {
  using enum ErrorCode;
  const std::string ended = "The run has ended on all devices";
  return {
      {device_silent,
       "its cable is pulled",
       cable_out,
       {"device lost: device-2: silent for 1 s", ended, "see that device-2 is on"}},
      {connection_lost,
       "it is killed",
       killed,
       {"device lost: device-2: connection closed", ended, "annulet still runs there"}},
      {connection_lost,
       "a data link is cut",
       [] { return with_fault(Fault::cut); },
       {"device lost: device-", "its link to device-", "failed", ended}},
      {device_left,
       "Ctrl-C there",
       left,
       {"device lost: device-2: left", ended, "with fewer --devices"}},
      {device_failed,
       "a bad row there",
       another_fails,
       {"device lost: x: AN405: its own screen says why", ended, "x says on its own screen"}},
      {average_stalled,
       "a link carries nothing",
       [] { return with_fault(Fault::stall); },
       {"device lost: device-", "the average stands still", ended, "carries data"}},
      {damaged_message,
       "a bit flips",
       [] { return with_fault(Fault::corrupt); },
       {"device lost: device-2: its link to device-0 failed: ", "damaged", ended,
        "the same annulet"}},
      {stood_still,
       "stopped for 5 s",
       stopped,
       {"device-1 (this device): it stood still", "keep device-1 awake", "net.peer_timeout"}},
      {congestion_refused,
       "a name that the kernel does not have",
       kernel_refuses,
       {"refuses net.congestion vegas", "the run cannot begin", "modprobe tcp_vegas"}},
  };
}

}  // namespace annulet::tests
