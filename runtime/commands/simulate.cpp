/// annulet simulate: the same run in virtual time, on this machine alone.
#include <iostream>
#include <memory>
#include <vector>

#include <CLI/CLI.hpp>

#include "devices/profile.hpp"
#include "runtime/checkpoint_store.hpp"
#include "runtime/commands/commands.hpp"
#include "runtime/commands/console.hpp"
#include "runtime/commands/ending.hpp"
#include "runtime/commands/resuming.hpp"
#include "runtime/run_file.hpp"
#include "runtime/wiring.hpp"

namespace annulet::runtime {
namespace {

struct Options {
  std::string file;
  std::size_t devices = 0;
  std::string link = "10mbit,2ms", profile = "pi-4";
  std::vector<std::string> settings;
  bool gap = false;
  ConsoleOptions console;
};

std::string known_profiles() {
  std::string names;
  for (const auto& profile : devices::profiles()) {
    names += (names.empty() ? "" : ", ") + std::string(profile.name);
  }
  return names;
}

void simulate_file(const Options& options, Ending& ending) {
  const auto link = link_option(options.link);
  const auto profile = devices::find_profile(options.profile);
  if (!profile) {
    throw UsageError(ErrorCode::bad_option, "--profile " + options.profile +
                                                " is not known; take one of " + known_profiles());
  }
  check_settings(options.settings);
  const RunConfig config = read_run_file(options.file, options.settings);
  Simulation simulation;
  simulation.devices = options.devices;
  simulation.link = link;
  simulation.gap = options.gap;
  simulation.flops_per_second = profile->flops_per_second;
  SharedData data;
  Console console(options.console);
  if (!options.console.resume.empty()) {
    auto resume = read_resume_option(options.console.resume, ResumedBy::simulation);
    require_devices(resume.devices.front(), options.devices);
    require_same_config(resume.devices.front(), config, options.file);
    for (auto& device : resume.devices) {
      simulation.resume.push_back(std::make_shared<ResumeFrom>(std::move(device)));
    }
  }
  RealDisk disk(RealDisk::Durability::unsynced);
  SimulationCheckpoints checkpoints(disk, [&console] { return console.folder(); });
  simulation.checkpoints = &checkpoints;
  simulation.interrupted = [&console] { console.show_interrupted(); };
  ending.run = simulate(config, simulation, data, console.observer());
  console.close(ending.run);
}

}  // namespace

void add_simulate_command(CLI::App& program, int& exit_code) {
  const auto options = std::make_shared<Options>();
  auto* command =
      program.add_subcommand("simulate", "The same run in virtual time, on this machine");
  command->footer(
      "Example: annulet simulate examples/fashion-mnist.toml --devices 16 --link 20mbit,5ms");
  command->add_option("file", options->file, "The run file (TOML)")->required()->type_name("FILE");
  command->add_option("--devices", options->devices, "How many devices")
      ->required()
      ->check(CLI::Range(1, 1024).description(""))
      ->type_name("N");
  command->add_option("--link", options->link, "Rate and one-way delay of every link")
      ->capture_default_str()
      ->type_name("RATE,DELAY");
  command->add_option("--profile", options->profile, "Speed of the boards: " + known_profiles())
      ->capture_default_str()
      ->type_name("BOARD");
  command->add_option("--set", options->settings, "Change a key: --set train.batch=16")
      ->type_name("KEY=VALUE")
      ->take_all();
  add_gap_option(*command, options->gap);
  add_console_options(*command, options->console);
  add_resume_option(*command, options->console);
  command->callback([options, &exit_code] {
    exit_code =
        conclude(options->console.json, [&](Ending& ending) { simulate_file(*options, ending); });
  });
}

}  // namespace annulet::runtime
