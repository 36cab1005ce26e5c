/// A transport of one's own under a whole simulated ring: the links agree with annulet's books.
#include <cstdint>
#include <cstdio>
#include <memory>
#include <vector>

#include <annulet/runtime/run_file.hpp>
#include <annulet/runtime/wiring.hpp>

#include "counting_network.hpp"
#include "readings.hpp"

namespace runtime = annulet::runtime;

namespace {

constexpr const char* kRunFile = R"(
[run]
steps = 400
[model]
kind = "quadratic"
[data]
train = "readings"
)";

/// Keeps what the starter's books say, and what its links have carried, after the last round.
struct Bookkeeper final : runtime::Observer {
  void round_done(const runtime::RoundDone& event, std::span<const float> /*x*/) override {
    booked = event.sent_bytes;
    carried = *counters.front();
  }
  std::vector<consumer::Counter> counters;  // one a device, the starter's first
  std::uint64_t booked = 0, carried = 0;
};

}  // namespace

int main() {
  Bookkeeper bookkeeper;
  runtime::Simulation simulation;
  simulation.devices = 3;
  simulation.wrap_network = [&](annulet::transport::Network& lan, const auto& /*executor*/) {
    bookkeeper.counters.push_back(std::make_shared<std::atomic<std::uint64_t>>(0));
    return std::make_unique<consumer::CountingNetwork>(lan, bookkeeper.counters.back());
  };
  consumer::Readings data;
  const auto config = runtime::parse_run_file(kRunFile, "own_transport", "/", {});
  const auto end = runtime::simulate(config, simulation, data, bookkeeper);
  std::printf("%s after %lld rounds: the books say %llu bytes sent, the links carried %llu\n",
              end.exit_reason.c_str(), static_cast<long long>(end.rounds),
              static_cast<unsigned long long>(bookkeeper.booked),
              static_cast<unsigned long long>(bookkeeper.carried));
  return end.exit_code == 0 && bookkeeper.booked == bookkeeper.carried ? 0 : 1;
}
