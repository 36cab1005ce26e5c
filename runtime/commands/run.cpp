/// annulet run: starts a run and takes part in it.
#include <iostream>
#include <memory>
#include <vector>

#include <CLI/CLI.hpp>

#include "runtime/checkpoint_store.hpp"
#include "runtime/commands/commands.hpp"
#include "runtime/commands/console.hpp"
#include "runtime/commands/device_options.hpp"
#include "runtime/commands/ending.hpp"
#include "runtime/commands/resuming.hpp"
#include "runtime/commands/text_option.hpp"
#include "runtime/lobby.hpp"
#include "runtime/run_file.hpp"
#include "runtime/wall_time.hpp"
#include "runtime/wiring.hpp"

namespace annulet::runtime {
namespace {

struct RunArguments {
  std::string file;
  GatheringOptions gathering;
  DeviceOptions device;
  std::vector<std::string> settings;
  bool gap = false;
  ConsoleOptions console;
};

/// What becomes of the run when it goes on with one.
void go_on(const RunArguments& options, const RunConfig& config, RealDevice& device,
           StartOptions& start) {
  auto resume = std::move(read_resume_option(options.console.resume, ResumedBy::device).devices[0]);
  const auto& head = resume.head();
  if (head.rank != 0) {
    throw UsageError(ErrorCode::bad_option,
                     "--resume " + resume.folder + ": " + head.members[head.rank] +
                         " joined that run, " + head.members[0] + " started it: start it on " +
                         head.members[0] + ", and here annulet join ADDR:PORT --resume " +
                         resume.folder);
  }
  require_devices(resume, options.gathering.devices);
  require_same_config(resume, config, options.file);
  start.run_id = head.run_id;
  if (options.device.name.empty()) device.session.name = head.members[0];
  device.session.resume = std::make_shared<ResumeFrom>(std::move(resume));
}

void start(const RunArguments& options, Ending& ending) {
  const auto at = listen_option(options.gathering.listen);
  StartOptions how = start_options(options.gathering);
  check_settings(options.settings);
  const RunConfig config = read_run_file(options.file, options.settings);

  RealDevice device = device_of(options.device);
  how.gap = options.gap;
  Console console(options.console);
  if (!options.console.resume.empty()) go_on(options, config, device, how);
  RealDisk disk;
  DeviceCheckpoints checkpoints(disk, [&console] { return console.folder(); });
  device.checkpoints = &checkpoints;
  device.interrupted = [&console] { console.show_interrupted(); };
  device.listening = [&options](const transport::Endpoint& local) {
    std::cerr << invitation(local, !options.gathering.token.empty()) << std::flush;
  };
  ending.run = start_run(device, config, how, at, console.observer(), Console::show);
  console.close(ending.run);
}

}  // namespace

void add_run_command(CLI::App& program, int& exit_code) {
  const auto options = std::make_shared<RunArguments>();
  auto* command = program.add_subcommand("run", "Start a run and take part in it");
  command->footer(
      "Example: annulet run examples/fashion-mnist.toml --devices 4 --token sesame\n"
      "then on each other device: annulet join 192.168.1.20:7077 --token sesame");
  text_option(*command, options->file,
              {.name = "file", .type = "FILE", .about = "The run file (TOML)"})
      ->required();
  add_gathering_options(*command, options->gathering);
  add_device_options(*command, options->device);
  add_settings_option(*command, options->settings, "train.batch=16");
  add_gap_option(*command, options->gap);
  add_console_options(*command, options->console);
  add_resume_option(*command, options->console);
  when_chosen<start>(*command, options, options->console.json, exit_code);
}

}  // namespace annulet::runtime
