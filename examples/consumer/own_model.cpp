/// A model of one's own, trained by three devices: first simulated, then over TCP. The result is
/// the same to the bit.
#include <cstdio>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <annulet/runtime/run_file.hpp>
#include <annulet/runtime/wiring.hpp>

#include "huber.hpp"
#include "readings.hpp"

namespace runtime = annulet::runtime;
namespace transport = annulet::transport;

namespace {

constexpr const char* kRunFile = R"(
[run]
steps = 400
[model]
kind = "huber"
l2 = 0.001
[data]
train = "readings"
[train]
batch = 8
lr = { kind = "constant", value = 0.1 }
)";

constexpr std::size_t kDevices = 3;

runtime::RunFinished train_simulated(const runtime::RunConfig& config,
                                     const annulet::model::Catalogue& catalogue) {
  runtime::Simulation simulation;
  simulation.devices = kDevices;
  simulation.catalogue = catalogue;
  consumer::Readings data;
  runtime::Observer nobody;
  return runtime::simulate(config, simulation, data, nobody);
}

/// Devices are threads here; on several machines each would be a program of its own.
runtime::RunFinished train_over_tcp(const runtime::RunConfig& config,
                                    const annulet::model::Catalogue& catalogue) {
  const auto device = [&](std::size_t number) {
    runtime::RealDevice real;
    real.session.name = "device-" + std::to_string(number);  // the ring is in the order of names
    real.catalogue = catalogue;
    real.data = std::make_shared<consumer::Readings>();
    return real;
  };
  std::promise<transport::Endpoint> where;
  auto address_of_starter = where.get_future();
  auto starter = std::async(std::launch::async, [&] {
    auto promise = std::move(where);  // broken, not kept for ever, should this device fail
    runtime::RealDevice real = device(0);
    real.listening = [&](const transport::Endpoint& at) { promise.set_value(at); };
    runtime::Observer nobody;
    return runtime::start_run(real, config, {.devices = kDevices}, {"127.0.0.1", 0}, nobody, {});
  });
  const transport::Endpoint address = address_of_starter.get();
  std::vector<std::jthread> joiners;
  for (std::size_t number = 1; number < kDevices; ++number) {
    joiners.emplace_back([&, number] {
      runtime::Observer nobody;
      (void)runtime::join_run(device(number), {.starter = address}, nobody);
    });
  }
  return starter.get();
}

void print(const char* where, const runtime::RunFinished& end) {
  std::printf("%-9s %s after %lld rounds: f from %.4f to %.4f, model %016llx\n", where,
              end.exit_reason.c_str(), static_cast<long long>(end.rounds),
              end.objective_start.value_or(0), end.objective.value_or(0),
              static_cast<unsigned long long>(end.model_hash.value_or(0)));
}

}  // namespace

int main() {
  auto catalogue = annulet::model::Catalogue::builtin();
  catalogue.add(consumer::huber_entry());
  const auto config = runtime::parse_run_file(kRunFile, "own_model", "/", {}, catalogue);
  const auto simulated = train_simulated(config, catalogue);
  print("simulated", simulated);
  const auto over_tcp = train_over_tcp(config, catalogue);
  print("over TCP", over_tcp);
  const bool same = over_tcp.model_hash && over_tcp.model_hash == simulated.model_hash;
  std::puts(same ? "the same model, bit for bit" : "not the same model");
  return same ? 0 : 1;
}
