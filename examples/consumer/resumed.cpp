/// A run that was cut goes on from its checkpoints, and ends in the model of one that was not.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <annulet/runtime/checkpoint_store.hpp>
#include <annulet/runtime/disk.hpp>
#include <annulet/runtime/resume.hpp>
#include <annulet/runtime/run_file.hpp>
#include <annulet/runtime/wiring.hpp>

#include "readings.hpp"

namespace runtime = annulet::runtime;

namespace {

constexpr const char* kRunFile = R"(
[run]
steps = 400
[model]
kind = "linear"
[data]
train = "readings"
[train]
lr = { kind = "constant", value = 0.01 }
[schedule]
kind = "fixed"
h = 10
)";

/// Hears after which round a run went on.
struct Beginning final : runtime::Observer {
  void started(const runtime::RunStarted& event) override { round = event.resumed; }
  std::int64_t round = 0;
};

runtime::RunFinished train(const std::string& steps, const runtime::Simulation& simulation,
                           Beginning& beginning) {
  consumer::Readings data;
  const std::vector<std::string> settings = {"run.steps=" + steps};
  const auto config = runtime::parse_run_file(kRunFile, "resumed", "/", settings);
  return runtime::simulate(config, simulation, data, beginning);
}

}  // namespace

int main() {
  const std::filesystem::path folder = "checkpoints";
  std::filesystem::create_directories(folder);
  runtime::Simulation uncut;
  uncut.devices = 3;
  Beginning beginning;
  const auto whole = train("400", uncut, beginning);

  runtime::RealDisk disk;
  runtime::SimulationCheckpoints checkpoints(disk, [&] { return folder; });
  runtime::Simulation cut = uncut;
  cut.checkpoints = &checkpoints;
  const auto half = train("200", cut, beginning);

  runtime::Simulation rest = uncut;
  auto found = runtime::read_resume(disk, folder, runtime::ResumedBy::simulation);
  for (auto& device : found.devices) {
    rest.resume.push_back(std::make_shared<runtime::ResumeFrom>(std::move(device)));
  }
  const auto resumed = train("400", rest, beginning);

  const bool same = resumed.model_hash == whole.model_hash && whole.model_hash.has_value();
  std::printf("%s after %lld rounds, %s after %lld, from round %lld on: %s\n",
              half.exit_reason.c_str(), static_cast<long long>(half.rounds),
              resumed.exit_reason.c_str(), static_cast<long long>(resumed.rounds),
              static_cast<long long>(beginning.round),
              same ? "the model of a run that was not cut" : "another model");
  return same && beginning.round == 20 && resumed.rounds == 40 ? 0 : 1;
}
