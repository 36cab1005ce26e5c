/// annulet simulate: the same run in virtual time, on this machine alone.
#include <iostream>
#include <memory>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "runtime/checkpoint_store.hpp"
#include "runtime/commands/commands.hpp"
#include "runtime/commands/console.hpp"
#include "runtime/commands/ending.hpp"
#include "runtime/commands/number_option.hpp"
#include "runtime/commands/resuming.hpp"
#include "runtime/commands/speeds_option.hpp"
#include "runtime/commands/text_option.hpp"
#include "runtime/durations.hpp"
#include "runtime/replay.hpp"
#include "runtime/run_file.hpp"
#include "runtime/wiring.hpp"

namespace annulet::runtime {
namespace {

struct SimulateArguments {
  std::string file;
  std::size_t devices = 0;
  std::string link = "10mbit,2ms", profile = "pi-4";
  double drop = 0;
  std::string replay;
  std::vector<std::string> settings;
  bool gap = false;
  ConsoleOptions console;
};

/// Simulated devices come in time, but over a link that takes too long for their first words.
[[noreturn]] void refuse_link(const std::string& link) {
  throw UsageError(ErrorCode::bad_option,
                   "--link " + link + ": the devices did not come together within " +
                       to_text(StartOptions().wait) + " of virtual time. Give a faster link.");
}

void simulate_file(const SimulateArguments& options, Ending& ending) {
  const auto link = link_option(options.link);
  check_settings(options.settings);
  const RunConfig config = read_run_file(options.file, options.settings);
  Simulation simulation;
  simulation.devices = options.devices;
  simulation.link = link;
  simulation.gap = options.gap;
  simulation.flops_per_second = speeds_option(options.profile, options.devices);
  simulation.drop = options.drop;
  if (!options.replay.empty()) {
    auto replay = read_replay(options.replay);
    require_replay_fits(replay, config, options.devices);
    simulation.replay = std::make_shared<Replay>(std::move(replay));
  }
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
  // A replay can be taken again from the log, and may find that a round is not the log's.
  if (!simulation.replay) simulation.checkpoints = &checkpoints;
  simulation.interrupted = [&console] { console.show_interrupted(); };
  ending.run = simulate(config, simulation, data, console.observer());
  const auto error = ending.run.error;
  if (error == ErrorCode::too_few_devices || error == ErrorCode::device_not_ready) {
    refuse_link(options.link);
  }
  console.close(ending.run);
}

}  // namespace

void add_simulate_command(CLI::App& program, int& exit_code) {
  const auto options = std::make_shared<SimulateArguments>();
  auto* command =
      program.add_subcommand("simulate", "The same run in virtual time, on this machine");
  command->footer(
      "Example: annulet simulate examples/fashion-mnist.toml --devices 16 --link 20mbit,5ms");
  text_option(*command, options->file,
              {.name = "file", .type = "FILE", .about = "The run file (TOML)"})
      ->required();
  count_option(*command, options->devices, {.least = 1, .most = 1024},
               {.name = "--devices", .type = "N", .about = "How many devices"})
      ->required();
  add_simulated_options(*command, options->link, options->profile);
  constexpr double kMostDrops = 0.99;
  within(*command->add_option("--drop", options->drop,
                              "The probability that a device misses a round, by run.seed"),
         0, kMostDrops)
      .type_name("P");
  command
      ->add_option("--replay", options->replay,
                   "Take the rounds of a run again, to the same models: its folder, or a log.jsonl")
      ->excludes("--drop")
      ->type_name("LOG");
  add_settings_option(*command, options->settings, "train.batch=16");
  add_gap_option(*command, options->gap);
  add_console_options(*command, options->console);
  add_resume_option(*command, options->console);
  command->get_option("--replay")->excludes("--resume");
  when_chosen<simulate_file>(*command, options, options->console.json, exit_code);
}

}  // namespace annulet::runtime
