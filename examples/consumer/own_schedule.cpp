/// A schedule of one's own against averaging after every step: fewer rounds, and what they cost.
#include <cstdio>
#include <string>
#include <vector>

#include <annulet/runtime/run_file.hpp>
#include <annulet/runtime/wiring.hpp>

#include "growing_schedule.hpp"
#include "huber.hpp"
#include "readings.hpp"

namespace runtime = annulet::runtime;

namespace {

constexpr const char* kRunFile = R"(
[run]
steps = 400
[model]
kind = "huber"
[data]
train = "readings"
partition = "by-label"
[train]
batch = 8
lr = { kind = "inverse", lr0 = 0.05, tau = 100 }
[schedule]
kind = "growing"
t0 = 40
)";

runtime::RunFinished train(const runtime::Schedules& schedules,
                           const std::vector<std::string>& settings) {
  runtime::Simulation simulation;
  simulation.devices = 3;
  simulation.schedules = schedules;
  auto catalogue = annulet::model::Catalogue::builtin();
  catalogue.add(consumer::huber_entry());
  simulation.catalogue = catalogue;
  const auto config =
      runtime::parse_run_file(kRunFile, "own_schedule", "/", settings, catalogue, schedules);
  consumer::Readings data;
  runtime::Observer nobody;
  const auto end = runtime::simulate(config, simulation, data, nobody);
  std::printf("%-9s %s after %3lld rounds: f from %.4f to %.4f\n", config.schedule.kind.c_str(),
              end.exit_reason.c_str(), static_cast<long long>(end.rounds),
              end.objective_start.value_or(0), end.objective.value_or(0));
  return end;
}

}  // namespace

int main() {
  auto schedules = runtime::Schedules::builtin();
  schedules.add(consumer::growing_entry());
  const auto growing = train(schedules, {});
  const auto every_step = train(schedules, {"schedule.kind=fixed", "schedule.h=1"});
  const bool good =
      growing.rounds < every_step.rounds && growing.objective < 1.05 * *every_step.objective;
  return good ? 0 : 1;
}
