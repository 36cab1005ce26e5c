/// annulet net: what the ring of these devices takes, hop by hop.
#include <chrono>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "runtime/commands/commands.hpp"
#include "runtime/commands/console.hpp"
#include "runtime/commands/device_options.hpp"
#include "runtime/commands/ending.hpp"
#include "runtime/commands/measurement_screen.hpp"
#include "runtime/commands/problem.hpp"
#include "runtime/commands/text_option.hpp"
#include "runtime/data_admission.hpp"
#include "runtime/lobby.hpp"
#include "runtime/run_file.hpp"
#include "runtime/summary.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

struct NetArguments {
  std::string file;
  std::size_t parameters = 0;  // 0: the file's, or nobody's
  GatheringOptions gathering;
  DeviceOptions device;
  bool quick = false, json = false;
};

/// d of the run file's model with its data; nothing of its size is made.
std::size_t parameters_of(const std::string& file) {
  std::uint64_t d = 0;
  const auto note = [&d](std::uint64_t parameters, const model::Dataset&) { d = parameters; };
  static_cast<void>(read_problem(read_run_file(file, {}), {}, note));
  return static_cast<std::size_t>(d);
}

void net(const NetArguments& options, Ending& ending) {
  using std::chrono::milliseconds;
  const auto at = listen_option(options.gathering.listen);
  const auto start = start_options(options.gathering);
  if (start.devices == 1)
    throw UsageError(ErrorCode::bad_option,
                     "--devices 1: a ring with hops has two devices; give 2 or more");
  if (!options.file.empty() && options.parameters > 0)
    throw UsageError(ErrorCode::bad_option,
                     "--parameters: the run file has a model of its own; give one of the two");
  const auto d = options.file.empty() ? options.parameters : parameters_of(options.file);
  std::vector<std::size_t> bytes{1 << 10, 64 << 10, 1 << 20};
  if (d > 0) bytes.push_back(d * sizeof(float));
  MeasurementScreen screen(milliseconds(options.quick ? 100 : 300),
                           milliseconds(options.quick ? 300 : 1000), bytes);
  RealDevice device = device_of(options.device);
  device.interrupted = [] {
    std::cerr << "\nEnding in order, after what is being measured; Ctrl-C again ends at once.\n"
              << std::flush;
  };
  device.listening = [&options](const transport::Endpoint& local) {
    std::cerr << invitation(local, !options.gathering.token.empty()) << std::flush;
  };
  ending.run = start_run(device, screen.config(), start, at, screen, Console::show);
  if (ending.run.exit_code != 0) {
    std::cerr << ending_line(ending.run) << std::flush;
    return;
  }
  screen.add_to(ending.more);
  if (options.json) return;
  std::cout << screen.tables(static_cast<std::int64_t>(d)) + "\nNext: annulet plan " +
                   (options.file.empty() ? "FILE" : shell_word(options.file)) + " --devices " +
                   std::to_string(start.devices) + " --link " + screen.link() + '\n';
}

}  // namespace

void add_net_command(CLI::App& program, int& exit_code) {
  const auto options = std::make_shared<NetArguments>();
  auto* command = program.add_subcommand(
      "net", "Measure the ring that devices make: each hop, and all-reduces; nothing is trained");
  command->footer(
      "Example: annulet net --devices 4 --token sesame --parameters 101770\n"
      "then on each other device: annulet join 192.168.1.20:7077 --token sesame");
  text_option(*command, options->file,
              {.name = "file",
               .type = "FILE",
               .about = "A run file (TOML): sums of its model's size are measured, too"});
  add_gathering_options(*command, options->gathering);
  text_option(
      *command, options->device.name,
      {.name = "--name", .type = "NAME", .about = "This device's name (default: the host's)"});
  count_option(*command, options->parameters,
               {.least = 1, .most = static_cast<int>(kMaxParameters)},
               {.name = "--parameters",
                .type = "N",
                .about = "The same of so many parameters, in place of a file"});
  flag_option(*command, options->quick,
              {.name = "--quick", .type = "", .about = "In about a third of the time"});
  add_json_option(*command, options->json);
  when_chosen<net>(*command, options, options->json, exit_code);
}

}  // namespace annulet::runtime
