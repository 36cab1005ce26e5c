/// annulet demo: four devices on this machine learn twice, and what that cost is compared.
#include <filesystem>
#include <iostream>
#include <memory>
#include <vector>

#include <CLI/CLI.hpp>

#include "runtime/ablation.hpp"
#include "runtime/commands/child_processes.hpp"
#include "runtime/commands/commands.hpp"
#include "runtime/commands/console.hpp"
#include "runtime/commands/ending.hpp"
#include "runtime/commands/text_option.hpp"
#include "runtime/data_source.hpp"
#include "runtime/durable_file.hpp"
#include "runtime/durations.hpp"
#include "runtime/json_writer.hpp"
#include "runtime/report.hpp"
#include "runtime/results_folder.hpp"
#include "runtime/run_file.hpp"
#include "runtime/stop_signals.hpp"
#include "runtime/summary.hpp"
#include "runtime/wall_time.hpp"
#include "runtime/wiring.hpp"

namespace annulet::runtime {
namespace {

struct DemoArguments {
  std::size_t devices = 4;
  std::string link = "10mbit,2ms";
  bool quick = false;
  std::string data = kFashionMnist;
  ConsoleOptions console;
};

/// One of the two runs.
struct Act {
  std::string folder;  // below the demo's
  std::string title;   // of the table's column
  std::string label;   // of the progress bar
  RunConfig config;
};

RunConfig common_config(const DemoArguments& options) {
  RunConfig config;
  config.run.steps = options.quick ? 200 : 800;
  config.run.seed = 1;
  config.model.kind = "softmax";
  config.model.bias = true;
  config.data.train = data_path(options.data, "train");
  config.data.test = data_path(options.data, "t10k");
  config.data.partition = {model::PartitionKind::by_label, 0.3};
  config.train.batch = 32;
  config.train.lr.kind = model::StepSizeKind::linear;
  // Of 0.1, 0.2, 0.4 and 0.8 the least f of local SGD, and within 0.005 of that of mini-batch SGD.
  config.train.lr.from = 0.4;
  config.train.lr.to = 0.004;
  config.checkpoint_every = {};  // a minute's run is not continued
  config.eval_every = options.quick ? 50 : 100;
  return config;
}

std::vector<Act> acts(const DemoArguments& options) {
  Act every_step{"mini-batch", "H = 1", "[1/2] mini-batch SGD, H = 1", common_config(options)};
  every_step.config.schedule.kind = "fixed";
  every_step.config.schedule.h = 1;
  Act local{"local-sgd", "local SGD", "[2/2] local SGD, doubling H", common_config(options)};
  local.config.schedule.kind = "doubling";
  // Alpha is a property of the problem; a run of 200 steps has less time to make up for large H.
  local.config.schedule.alpha = options.quick ? 10 : 24;
  local.config.train.correct_drift = true;
  local.config.outer.momentum = 0.5;
  local.config.compress = transport::Compress::q8;
  return {every_step, local};
}

/// Where a joiner of that name puts its results and what it prints.
std::filesystem::path device_folder(const std::filesystem::path& act, const std::string& name) {
  return act / "devices" / name;
}

/// How a run ended that the demo cannot go on from, and where a lost device said why.
std::string early_end(const RunFinished& run, const std::filesystem::path& act) {
  std::string sentence = "The demo ended early: " + run.exit_reason;
  if (!run.lost_device) return sentence;
  const auto output = device_folder(act, *run.lost_device) / "output.txt";
  if (std::filesystem::exists(output)) sentence += ". What it said is in " + output.string();
  return sentence;
}

/// This process starts the run, the others join it; all links are shaped alike.
RunFinished perform(const Act& act, const DemoArguments& options, const devices::LinkSpeed& link,
                    const std::filesystem::path& out) {
  ConsoleOptions console_options = options.console;
  console_options.out = (out / act.folder).string();
  Console console(console_options, act.label);
  ChildProcesses joiners;
  RealDevice device;
  device.interrupted = [&console] { console.show_interrupted(); };
  device.session.name = "device-0";
  device.shape = link;
  device.listening = [&](const transport::Endpoint& at) {
    for (std::size_t k = 1; k < options.devices; ++k) {
      const std::string name = "device-" + std::to_string(k);
      const auto folder = device_folder(out / act.folder, name);
      make_folder(folder);
      joiners.spawn({"join", "127.0.0.1:" + std::to_string(at.port), "--name", name, "--link",
                     options.link, "--plain", "--out", folder.string()},
                    folder / "output.txt");
    }
  };
  StartOptions start;
  start.devices = options.devices;
  start.wait = std::chrono::seconds(30);
  start.run_id = random_run_id();
  const transport::Endpoint loopback("127.0.0.1", 0);
  return start_run(device, act.config, start, loopback, console.observer(), {});
}

/// Which folder the results go to: the one named, or a new one.
std::filesystem::path results_folder(const DemoArguments& options) {
  if (options.console.out.empty()) return make_new_folder("demo-" + utc_stamp());
  return options.console.out;
}

/// The table, and the keys of --json that only a demo has.
void compare(const Act& first_act, const RunFinished& first, const Act& second_act,
             const RunFinished& second, std::ostream& out, JsonObject& more) {
  out << comparison_table({first_act.title, first}, {second_act.title, second}) << std::flush;
  JsonObject mini_batch;
  add_summary(mini_batch, first);
  more.add("mini_batch", mini_batch);
  more.add("bytes_ratio",
           first.sent_bytes_per_device.value_or(0) / second.sent_bytes_per_device.value_or(1));
}

/// "a, b and c"
std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
    text += words[i];
  }
  return text;
}

/// What each option of the second run contributed.
std::vector<VariantEnd> take_apart(const Act& act, const RunFinished& run,
                                   const DemoArguments& options, const devices::LinkSpeed& link) {
  Simulation simulation;
  simulation.interrupted = [] {};  // there is a line at the end
  simulation.devices = options.devices;
  simulation.link = link;
  SharedData data;
  const auto variants = variants_of(act.config, run.rounds);
  std::cerr << "Simulating " << variants.size() << " variants of " << act.title << "\n";
  return simulate_variants(variants, simulation, data);
}

void demo(const DemoArguments& options, Ending& ending) {
  const auto link = link_option(options.link);
  if (!has_idx_pair(options.data, "train") || !has_idx_pair(options.data, "t10k")) {
    throw model::DataError(
        ErrorCode::demo_data_missing,
        "The demo learns from Fashion-MNIST, which is not in " + options.data +
            ". Install it: sudo apt-get install dataset-fashion-mnist, or name its "
            "folder: --data DIR");
  }
  const std::vector<Act> all = acts(options);
  const std::filesystem::path out = results_folder(options);
  const auto own = OwnFolder::make(out);
  std::cerr << options.devices << " devices on this machine, links of " << to_text(link)
            << ", uneven data (each device holds few of the classes)\n";
  std::vector<RunFinished> runs;
  std::vector<std::filesystem::path> folders;
  for (const Act& act : all) {
    ending.run = {};
    write_durably(out / (act.folder + ".toml"), to_toml(act.config));
    folders.push_back(out / act.folder);
    ending.run = runs.emplace_back(perform(act, options, link, out));
    if (ending.run.exit_code != 0) {
      ending.run.exit_reason = early_end(ending.run, folders.back());
      tell(ending.run.error, ending.run.exit_reason);
      return;
    }
  }
  std::ostream& text = options.console.json ? std::cerr : std::cout;
  compare(all[0], runs[0], all[1], runs[1], text, ending.more);
  write_report(folders, out / "report.html");  // in case what follows is interrupted
  const auto ends = take_apart(all[1], runs[1], options, link);
  if (ends.back().run.exit_code == kInterrupted) {
    ending.run.exit_code = kInterrupted;
    ending.run.exit_reason = early_end(ends.back().run, folders.back());
    return tell(std::nullopt, ending.run.exit_reason);
  }
  const auto ablation = ablation_objects(ends);
  ending.more.add("ablation", std::span<const JsonObject>(ablation));
  write_report(folders, out / "report.html", ablation);
  text << "\nOptions of " + all[1].title + " here: " + listed(options_in_use(all[1].config)) +
              ".\nWhat each contributed, in virtual time:\n" + ablation_table(ends) + "\n"
       << "Wrote " + (out / "report.html").string() + " (plots of both), run files " +
              (out / "mini-batch.toml").string() + " and " + (out / "local-sgd.toml").string() +
              "\nNext, on two machines: annulet run " + (out / "local-sgd.toml").string() +
              " --devices 2   and   annulet join ADDR:7077\n"
       << std::flush;
}

}  // namespace

void add_demo_command(CLI::App& program, int& exit_code) {
  const auto options = std::make_shared<DemoArguments>();
  auto* command = program.add_subcommand(
      "demo",
      "Four devices on this machine learn twice; see what local SGD saves, and what each of its "
      "options contributes");
  command->footer("Example: annulet demo --quick --link 10mbit,2ms");
  count_option(*command, options->devices, {.least = 2, .most = 16},
               {.name = "-n,--devices", .type = "N", .about = "How many devices, 2 to 16"});
  text_option(
      *command, options->link,
      {.name = "--link", .type = "RATE,DELAY", .about = "Rate and one-way delay of every link"});
  flag_option(*command, options->quick,
              {.name = "--quick", .type = "", .about = "200 steps instead of 800"});
  text_option(*command, options->data,
              {.name = "--data", .type = "DIR", .about = "Folder of Fashion-MNIST (IDX files)"});
  add_console_options(*command, options->console, "demo-TIME");
  when_chosen<demo>(*command, options, options->console.json, exit_code);
}

}  // namespace annulet::runtime
