/// annulet plan: what a run costs, before it is started.
#include <iostream>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "devices/machine.hpp"
#include "runtime/commands/commands.hpp"
#include "runtime/commands/console.hpp"
#include "runtime/commands/ending.hpp"
#include "runtime/commands/plan_text.hpp"
#include "runtime/commands/problem.hpp"
#include "runtime/commands/speeds_option.hpp"
#include "runtime/commands/text_option.hpp"
#include "runtime/data_source.hpp"
#include "runtime/memory_check.hpp"
#include "runtime/run_file.hpp"
#include "runtime/stop_signals.hpp"
#include "transport/ring.hpp"

namespace annulet::runtime {
namespace {

struct PlanArguments {
  std::string file, data;
  std::size_t devices = 4;
  std::string link = "10mbit,2ms", profile = "pi-4";
  std::vector<std::string> settings;
  bool json = false;
};

constexpr std::uint64_t kShardRow = sizeof(model::Index) + sizeof(float);  // which, its target

Problem read_planned_problem(const RunConfig& config, const std::string& own) {
  const auto check = [&config](std::uint64_t parameters, const model::Dataset&) {
    const auto reason =
        memory_refusal(model_size(config, parameters), devices::physical_memory_bytes());
    if (!reason.empty()) throw model::DataError(ErrorCode::out_of_memory, reason);
  };
  return read_problem(config, own, check);
}

/// What a device keeps of the rows that were read: its share of them, and which they are. Sparse
/// rows are taken to be equally long.
std::uint64_t data_bytes(const RunConfig& config, const Problem& problem,
                         const PlanArguments& options) {
  const std::uint64_t n = problem.rows.size();
  const bool has_all =
      !options.data.empty() || config.data.partition.kind == model::PartitionKind::all;
  const std::uint64_t share = has_all ? n : (n + options.devices - 1) / options.devices;
  return problem.data_bytes / n * share + problem.data_bytes % n * share / n + kShardRow * share;
}

/// What the starter needs beside: the test set, and all rows where it looks for f*.
std::uint64_t starter_bytes(const RunConfig& config, const Problem& problem,
                            const PlanArguments& options, std::uint64_t share) {
  std::uint64_t bytes = 0;
  if (!config.data.test.empty()) {
    DiskData source;
    const auto test = source.load(config.data.test);
    bytes += test->bytes() + kShardRow * test->rows();
  }
  if (!config.run.target_gap || !options.data.empty()) return bytes;
  const auto all = problem.data_bytes + kShardRow * problem.rows.size();
  return bytes + (all > share ? all - share : 0);
}

/// Why there is no kappa; "" where there is one.
std::string lacks_kappa(const RunConfig& config, const model::Objective<float>& objective,
                        double l2) {
  if (objective.curvature_factor() < 0) return config.model.kind + " is not convex";
  return l2 > 0 ? "" : "mu is 0, as model.l2 is";
}

void plan(const PlanArguments& options, Ending& ending) {
  PlannedRing ring{.devices = options.devices, .link = link_option(options.link)};
  ring.flops_per_second = speeds_option(options.profile, options.devices);
  check_settings(options.settings);
  const auto config = read_run_file(options.file, options.settings);
  const auto problem = read_planned_problem(config, options.data);
  const auto objective = model::make_objective<float>(problem.objective);
  PlanInputs inputs{config, *objective, problem.objective, problem.rows.size()};
  auto no_kappa = lacks_kappa(config, *objective, problem.objective.l2);
  std::stop_source stop;
  const StopSignals signals([&stop] { stop.request_stop(); }, [] {});
  if (no_kappa.empty()) inputs.L = smoothness_of(problem, *objective, stop.get_token());
  if (stop.stop_requested()) {
    ending.run.exit_reason = "interrupted";
    ending.run.exit_code = kInterrupted;
    std::cerr << "annulet: interrupted: no plan was made\n" << std::flush;
    return;
  }
  const std::uint64_t d = objective->dimension();
  const auto size = model_size(config, d);
  const auto rows = data_bytes(config, problem, options);
  const NamedPlan named{.config = config,
                        .ring = ring,
                        .boards = options.profile,
                        .parameters = d,
                        .memory = memory_parts(size),
                        .need = {memory_bytes(size), rows},
                        .starter = starter_bytes(config, problem, options, rows),
                        .no_kappa = std::move(no_kappa),
                        .plan = make_plan(inputs, ring)};
  ending.run.exit_reason = "done";
  add_plan(ending.more, named);
  if (!options.json) std::cout << plan_lines(named);
}

}  // namespace

void add_plan_command(CLI::App& program, int& exit_code) {
  const auto options = std::make_shared<PlanArguments>();
  auto* command = program.add_subcommand(
      "plan", "What a run will cost: rounds, bytes, time, memory; nothing is trained");
  command->footer(
      "Example: annulet plan examples/fashion-mnist.toml --devices 8 --link 20mbit,5ms");
  text_option(*command, options->file,
              {.name = "file", .type = "FILE", .about = "The run file (TOML)"})
      ->required();
  count_option(*command, options->devices, {.least = 1, .most = 1024},
               {.name = "--devices", .type = "N", .about = "How many devices"});
  add_simulated_options(*command, options->link, options->profile);
  text_option(*command, options->data,
              {.name = "--data",
               .type = "PATH",
               .about = "Other data than the run file's: a file, or a folder with an IDX pair"});
  add_settings_option(*command, options->settings, "run.steps=1000");
  add_json_option(*command, options->json);
  when_chosen<plan>(*command, options, options->json, exit_code);
}

}  // namespace annulet::runtime
