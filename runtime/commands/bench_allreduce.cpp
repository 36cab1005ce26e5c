/// annulet bench allreduce: what sums over the ring take between processes of this machine.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "devices/machine.hpp"
#include "model/dataset.hpp"
#include "runtime/commands/child_processes.hpp"
#include "runtime/commands/commands.hpp"
#include "runtime/commands/console.hpp"
#include "runtime/commands/ending.hpp"
#include "runtime/commands/measurement_screen.hpp"
#include "runtime/commands/number_option.hpp"
#include "runtime/commands/text_option.hpp"
#include "runtime/memory_check.hpp"
#include "runtime/results_folder.hpp"
#include "runtime/run_file_names.hpp"
#include "runtime/summary.hpp"
#include "runtime/text.hpp"
#include "runtime/wall_time.hpp"
#include "runtime/wiring.hpp"

namespace annulet::runtime {
namespace {

struct AllReduceArguments {
  std::size_t devices = 4;
  std::vector<std::size_t> bytes{1 << 10, 64 << 10, 1 << 20, 16 << 20};
  std::string time = "1s", exchange = "ring";
  std::size_t streams = 1;
  bool json = false;
};

Exchange exchange_option(const std::string& word) {
  if (word == kExchangeNames[0]) return Exchange::ring;
  if (word == kExchangeNames[1]) return Exchange::automatic;
  throw UsageError(ErrorCode::bad_option, "--exchange " + printable(word) + ": give ring or auto");
}

std::string device_name(std::size_t k) { return "device-" + std::to_string(k); }

/// Where what it prints goes.
std::string output_of(const std::string& folder, const std::string& name) {
  return folder + '/' + name + ".txt";
}

/// What the others write while they take part; goes with this.
class ScratchFolder {
 public:
  ScratchFolder() { make_folder(path_); }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_ = "/tmp/annulet-" + std::to_string(random_run_id());
};

/// The last line of what was written there.
std::string last_line(const std::string& file) {
  std::ifstream in(file);
  std::string last = "it said nothing";
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) last = line;
  }
  return last;
}

/// Why those are not there that are not: nobody else would say.
void tell_of_missing(std::size_t devices, const std::vector<std::string>& present,
                     const std::string& folder) {
  for (std::size_t k = 1; k < devices; ++k) {
    const auto name = device_name(k);
    if (std::ranges::find(present, name) != present.end()) continue;
    std::cerr << name << " did not come: " << printable(last_line(output_of(folder, name)), 300)
              << '\n';
  }
  std::cerr << std::flush;
}

void bench_allreduce(const AllReduceArguments& options, Ending& ending) {
  for (const auto bytes : options.bytes) {
    if (bytes % sizeof(float) == 0) continue;
    throw UsageError(ErrorCode::bad_option,
                     "--bytes " + std::to_string(bytes) + ": give a multiple of 4, whole floats");
  }
  // Each looks at its own need, which all of them have on this one machine.
  const auto refusal = sums_refusal(options.devices, std::ranges::max(options.bytes),
                                    devices::physical_memory_bytes());
  if (!refusal.empty()) throw model::DataError(ErrorCode::out_of_memory, refusal);
  MeasurementScreen screen({}, measured_time_option(options.time), options.bytes);
  screen.config().exchange = exchange_option(options.exchange);
  screen.config().streams = options.streams;
  const ScratchFolder scratch;
  ChildProcesses others;
  RealDevice device;
  device.interrupted = [] {};  // there is a line at the end
  device.session.name = device_name(0);
  device.listening = [&](const transport::Endpoint& at) {
    for (std::size_t k = 1; k < options.devices; ++k) {
      const auto name = device_name(k);
      others.spawn({"join", at.text(), "--name", name, "--out", scratch.path() + '/' + name},
                   output_of(scratch.path(), name));
    }
  };
  StartOptions start;
  start.devices = options.devices;
  start.wait = std::chrono::seconds(15);  // they dial for ten
  start.run_id = random_run_id();
  const transport::Endpoint loopback("127.0.0.1", 0);
  std::vector<std::string> present;
  const auto note = [&present](const transport::LobbyEvent& event) { present = event.present; };
  ending.run = start_run(device, screen.config(), start, loopback, screen, note);
  if (ending.run.exit_code != 0) {
    std::cerr << ending_line(ending.run) << std::flush;
    if (ending.run.exit_code == devices::exit_code(ErrorCode::too_few_devices)) {
      tell_of_missing(options.devices, present, scratch.path());
    }
    return;
  }
  screen.add_to(ending.more);
  if (!options.json) std::cout << screen.tables(0);
}

}  // namespace

void add_allreduce_command(CLI::App& bench, int& exit_code) {
  const auto options = std::make_shared<AllReduceArguments>();
  auto* command = bench.add_subcommand(
      "allreduce", "All-reduces of a few sizes between processes of this machine, over loopback");
  command->footer("Example: annulet bench allreduce --devices 4 --bytes 4096,1048576");
  count_option(*command, options->devices, {.least = 2, .most = 16},
               {.name = "--devices", .type = "W", .about = "How many processes, 2 to 16"});
  constexpr int kMostSizes = 16, kLargest = 256 << 20, kMostStreams = 8;
  auto* bytes =
      command
          ->add_option("--bytes", options->bytes, "Sizes (default: 1 KiB, 64 KiB, 1 MiB, 16 MiB)")
          ->delimiter(',')
          ->expected(1, kMostSizes)
          ->type_name("N,N");
  whole_within(*bytes, sizeof(float), kLargest);
  text_option(*command, options->time,
              {.name = "--time",
               .type = "TIME",
               .about = "How long to measure each size, or 10,000 times of it"});
  text_option(*command, options->exchange,
              {.name = "--exchange",
               .type = "WAY",
               .about = "ring, or auto: small sums to everybody at once, as net.exchange"});
  count_option(*command, options->streams, {.least = 1, .most = kMostStreams},
               {.name = "--streams", .type = "S", .about = "Connections a hop, as net.streams"});
  add_json_option(*command, options->json);
  when_chosen<bench_allreduce>(*command, options, options->json, exit_code);
}

}  // namespace annulet::runtime
