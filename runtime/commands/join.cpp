/// annulet join: takes part in a run that another device starts.
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "runtime/checkpoint_store.hpp"
#include "runtime/commands/commands.hpp"
#include "runtime/commands/console.hpp"
#include "runtime/commands/device_options.hpp"
#include "runtime/commands/ending.hpp"
#include "runtime/commands/resuming.hpp"
#include "runtime/commands/text_option.hpp"
#include "runtime/endpoint_text.hpp"
#include "runtime/text.hpp"
#include "runtime/wiring.hpp"

namespace annulet::runtime {
namespace {

struct JoinArguments {
  std::string starter;
  DeviceOptions device;
  std::string token, wait = "10s";
  ConsoleOptions console;
};

/// What becomes of this device when it goes on with a run.
void go_on(const JoinArguments& options, RealDevice& device) {
  auto resume = std::move(read_resume_option(options.console.resume, ResumedBy::device).devices[0]);
  const auto& head = resume.head();
  if (head.rank == 0) {
    throw UsageError(ErrorCode::bad_option,
                     "--resume " + resume.folder + ": " + head.members[0] +
                         " started that run, so it starts it again: annulet run FILE --devices " +
                         std::to_string(head.members.size()) + " --resume " + resume.folder);
  }
  if (options.device.name.empty()) device.session.name = head.members[head.rank];
  device.session.resume = std::make_shared<ResumeFrom>(std::move(resume));
}

void join(const JoinArguments& options, Ending& ending) {
  JoinOptions how;
  const auto starter = parse_endpoint(options.starter);
  if (!starter) {
    throw UsageError(ErrorCode::bad_option,
                     options.starter + ": give the starter's ADDR:PORT, such as 192.168.1.20:7077");
  }
  how.starter = *starter;
  how.token = token_option(options.token);
  how.wait = wait_option(options.wait);

  RealDevice device = device_of(options.device);
  Console console(options.console, "", folder_suffix(device.session.name));
  if (!options.console.resume.empty()) go_on(options, device);
  RealDisk disk;
  DeviceCheckpoints checkpoints(disk, [&console] { return console.folder(); });
  device.checkpoints = &checkpoints;
  device.listening = [&options](const transport::Endpoint&) {
    std::cerr << "dialling " << printable(options.starter, 300) << " for up to " << options.wait
              << '\n'
              << std::flush;
  };
  how.joined = [](const std::string& name) {
    std::cerr << "joined as " << printable(name) << "; waiting for the others\n" << std::flush;
  };
  device.interrupted = [&console] { console.show_interrupted(); };
  ending.run = join_run(device, how, console.observer());
  console.close(ending.run);
}

}  // namespace

void add_join_command(CLI::App& program, int& exit_code) {
  const auto options = std::make_shared<JoinArguments>();
  auto* command = program.add_subcommand("join", "Take part in a run that another device starts");
  command->footer("Example: annulet join 192.168.1.20:7077 --data my-readings.libsvm");
  text_option(*command, options->starter,
              {.name = "starter", .type = "ADDR:PORT", .about = "Where `annulet run` listens"})
      ->required();
  add_device_options(*command, options->device);
  text_option(*command, options->token,
              {.name = "--token", .type = "WORD", .about = "The word the starter asks for"});
  text_option(*command, options->wait,
              {.name = "--wait", .type = "TIME", .about = "How long to keep dialling"});
  add_console_options(*command, options->console);
  add_resume_option(*command, options->console);
  when_chosen<join>(*command, options, options->console.json, exit_code);
}

}  // namespace annulet::runtime
