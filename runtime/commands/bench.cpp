/// annulet bench step: how fast this box takes local steps, and a profile of it.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>
#include <asio/io_context.hpp>

#include "devices/box.hpp"
#include "devices/steady_clock.hpp"
#include "model/sampler.hpp"
#include "model/team.hpp"
#include "runtime/commands/bench_problem.hpp"
#include "runtime/commands/commands.hpp"
#include "runtime/commands/console.hpp"
#include "runtime/commands/ending.hpp"
#include "runtime/commands/number_option.hpp"
#include "runtime/commands/text_option.hpp"
#include "runtime/file_error.hpp"
#include "runtime/profile_file.hpp"
#include "runtime/step_rate.hpp"
#include "runtime/stop_signals.hpp"
#include "runtime/text.hpp"
#include "runtime/whole_file.hpp"

namespace annulet::runtime {
namespace {

struct BenchArguments {
  BenchOptions what;
  std::string time = "3s", profile;
  std::size_t threads = 1;
  bool average = false, correct_drift = false, json = false;
};

std::string profile_option(const std::string& file) {
  if (file.empty() || file.ends_with(".toml")) return file;
  throw UsageError(
      ErrorCode::bad_option,
      "--profile " + printable(file, 300) +
          ": give a file that ends in .toml, such as kitchen.toml: annulet simulate and "
          "annulet plan know it from a board's name by that");
}

/// Before anything is measured. Never in the place of another file: a run file is TOML, too.
void require_new(const std::string& file) {
  if (file.empty()) return;
  std::error_code unknown;  // writing it says why
  auto error = std::errc::file_exists;
  if (!std::filesystem::exists(file, unknown)) {
    const auto folder = std::filesystem::absolute(file).parent_path();
    if (std::filesystem::is_directory(folder, unknown)) return;
    error = std::errc::no_such_file_or_directory;
  }
  throw FileError(ErrorCode::cannot_write, std::make_error_code(error), "cannot write " + file);
}

/// With the largest step size that these rows bear, of a few.
StepRate measure(const Bench& bench, const model::Objective<float>& objective, model::Team* team,
                 const BenchArguments& options, const std::stop_token& stop) {
  asio::io_context context;
  const devices::SteadyClock clock(context.get_executor());
  model::Random random(1);
  std::vector<float> start(objective.dimension());
  objective.start(random, start);
  std::vector<model::IterateAverage> averages(options.average ? 1 : 0);
  const std::vector<float> correction(options.correct_drift ? start.size() : 0);
  for (const double eta : {1e-3, 1e-6, 1e-9, 1e-12}) {
    const auto solver =
        model::make_solver<float>(bench.problem.objective, {objective, bench.problem.rows, team},
                                  model::Sampler(model::Sampling::replacement,
                                                 bench.problem.rows.size(), options.what.batch, 1));
    model::StepSizeOptions constant;
    constant.value = eta;
    const auto step_size = model::make_step_size(constant, {});
    const auto now = [&clock] { return devices::seconds(clock.now().since_start); };
    const auto rate =
        measure_steps({.solver = *solver,
                       .start = start,
                       .correction = correction,
                       .averages = averages,
                       .eta = *step_size,
                       .clock = now,
                       .seconds = devices::seconds(measured_time_option(options.time))},
                      stop);
    if (rate.finite) return rate;
  }
  throw model::DataError(ErrorCode::not_finite,
                         "the model does not stay finite even with steps of 1e-12: the values of "
                         "these rows are too large. Divide them, then measure again");
}

/// "mlp 784-64-10", "logistic 300".
std::string shape_text(const model::ObjectiveOptions& objective) {
  auto text = objective.kind + " " + std::to_string(objective.features);
  for (const auto width : objective.layers) text += "-" + std::to_string(width);
  if (objective.classes > 2) text += "-" + std::to_string(objective.classes);
  return text;
}

std::string rate_text(double rate) {
  constexpr double kMany = 100;
  return rate < kMany ? digits_text(rate, 3) : count_text(std::llround(rate));
}

/// What was measured, and what came of it.
struct Measured {
  std::string shape, rows;
  std::size_t batch = 0, parameters = 0, threads = 1;
  StepRate rate;
  double step_flops = 0;

  [[nodiscard]] double rows_per_second() const {
    return static_cast<double>(batch) * rate.steps_per_second;
  }
  [[nodiscard]] double flops_per_second() const { return step_flops * rate.steps_per_second; }
};

std::string lines(const Measured& measured) {
  const auto& rate = measured.rate;
  return measured.shape + ", " + counted_text(measured.parameters, "parameter") + ", batches of " +
         counted_text(measured.batch, "row") +
         (measured.threads > 1 ? ", " + counted_text(measured.threads, "thread") : "") + "\non " +
         measured.rows + "\n\n" + rate_text(rate.steps_per_second) + " steps/s   " +
         rate_text(measured.rows_per_second()) + " rows/s\n" +
         counted_text(rate.stretches, "stretch", "stretches") + " of " +
         seconds_text(rate.stretch_s) + ": " + rate_text(rate.lowest) + " to " +
         rate_text(rate.highest) + " steps/s; the median is above\n";
}

void add(JsonObject& object, const BenchArguments& options, const Measured& measured,
         const Problem& problem) {
  const auto& rate = measured.rate;
  const std::vector<std::uint64_t> layers(problem.objective.layers.begin(),
                                          problem.objective.layers.end());
  object.add("objective", problem.objective.kind)
      .add("features", std::uint64_t{problem.objective.features})
      .add("classes", std::uint64_t{problem.objective.classes})
      .add("layers", std::span<const std::uint64_t>(layers))
      .add("dimension", std::uint64_t{measured.parameters})
      .add("batch", std::uint64_t{measured.batch})
      .add("threads", std::uint64_t{measured.threads})
      .add("average", options.average)
      .add("correct_drift", options.correct_drift)
      .add("rows", std::uint64_t{problem.rows.size()})
      .add("data", measured.rows)
      .add("steps_per_second", rate.steps_per_second)
      .add("rows_per_second", measured.rows_per_second())
      .add("lowest_steps_per_second", rate.lowest)
      .add("highest_steps_per_second", rate.highest)
      .add("stretches", std::uint64_t{rate.stretches})
      .add("stretch_seconds", rate.stretch_s)
      .add("steps_measured", rate.steps)
      .add("flops_per_step", measured.step_flops)
      .add("flops_per_second", measured.flops_per_second());
}

void write_profile(const std::string& file, const Measured& measured) {
  const auto box = devices::look_at_box();
  auto board = box.board;
  if (!box.cpu.empty()) board += (board.empty() ? "" : ", ") + box.cpu;
  const auto how = measured.shape + ", batches of " + counted_text(measured.batch, "row") + ": " +
                   rate_text(measured.rate.steps_per_second) + " steps/s";
  WholeFile out(file, FileThere::is_kept);
  out.write(to_toml({measured.flops_per_second(), how, board}));
  out.commit();
}

void bench_step(const BenchArguments& options, Ending& ending) {
  static_cast<void>(measured_time_option(options.time));
  const auto file = profile_option(options.profile);
  require_new(file);
  const auto bench = bench_of(options.what);
  const auto objective = model::make_objective<float>(bench.problem.objective);
  const bool sparse = model::takes_sparse_steps(*objective, bench.problem.rows);
  const auto threads = sparse ? 1 : options.threads;
  if (threads < options.threads) {
    std::cerr << "One thread, not " + std::to_string(options.threads) + ": steps of " +
                     bench.problem.objective.kind + " on sparse rows are not shared.\n"
              << std::flush;
  }
  const auto team = model::make_team(threads);
  objective->share_with(team.get());
  std::stop_source stop;
  // A step may be long, and cannot be left in its middle: who asks twice does not wait for it.
  const auto first = [&stop] {
    stop.request_stop();
    std::cerr << "\nEnding after this step; Ctrl-C again ends at once.\n" << std::flush;
  };
  const StopSignals signals(first, [] { std::_Exit(kInterrupted); });
  const Measured measured{.shape = shape_text(bench.problem.objective),
                          .rows = bench.rows,
                          .batch = options.what.batch,
                          .parameters = objective->dimension(),
                          .threads = threads,
                          .rate = measure(bench, *objective, team.get(), options, stop.get_token()),
                          .step_flops = objective->step_flops(options.what.batch)};
  if (stop.stop_requested()) {
    ending.run.exit_reason = "interrupted";
    ending.run.exit_code = kInterrupted;
    std::cerr << "annulet: interrupted: nothing was measured\n" << std::flush;
    return;
  }
  ending.run.exit_reason = "done";
  add(ending.more, options, measured, bench.problem);
  if (!options.json) std::cout << lines(measured);
  if (file.empty()) return;
  write_profile(file, measured);
  ending.more.add("profile", file);
  if (!options.json) std::cout << "profile " << printable(file, 300) << '\n';
}

}  // namespace

void add_bench_command(CLI::App& program, int& exit_code) {
  auto* group = program.add_subcommand("bench", "How fast this box is");
  group->require_subcommand(1);
  add_allreduce_command(*group, exit_code);
  const auto options = std::make_shared<BenchArguments>();
  auto* command = group->add_subcommand("step", "Local steps a second");
  command->footer(
      "Example: annulet bench step --objective mlp --layers 64 --profile kitchen.toml\n"
      "then: annulet plan examples/fashion-mlp.toml --profile kitchen.toml");
  text_option(*command, options->what.objective,
              {.name = "--objective", .type = "KIND", .about = "What is minimised, as model.kind"});
  constexpr int kMostWidth = 65'536, kMostLayers = 16, kMostRows = 10'000'000;
  auto* layers = command
                     ->add_option("--layers", options->what.layers,
                                  "Widths of hidden layers, of mlp (default: 64)")
                     ->delimiter(',')
                     ->expected(1, kMostLayers)
                     ->type_name("N,N");
  whole_within(*layers, 1, kMostWidth);
  count_option(*command, options->what.batch, {.least = 1, .most = kMostRows},
               {.name = "--batch", .type = "N", .about = "Rows a step"});
  text_option(
      *command, options->what.data,
      {.name = "--data",
       .type = "PATH",
       .about = "Rows to measure on: a file, or a folder with an IDX pair (default: made here)"});
  text_option(*command, options->what.label,
              {.name = "--label",
               .type = "COLUMN",
               .about = "Which column of a CSV file, or output of a FANN file, is the label"});
  count_option(*command, options->threads, {.least = 1, .most = 64},
               {.name = "--threads",
                .type = "N",
                .about = "Cores that share a step, as with train.threads; of logistic and linear "
                         "on sparse rows, one"});
  flag_option(*command, options->average,
              {.name = "--average",
               .type = "",
               .about = "Average the iterates, too, as with run.output = \"quadratic\""});
  flag_option(*command, options->correct_drift,
              {.name = "--correct-drift",
               .type = "",
               .about = "Correct drift, too, as with train.correct_drift = true"});
  text_option(*command, options->time,
              {.name = "--time", .type = "TIME", .about = "How long to measure"});
  text_option(*command, options->profile,
              {.name = "--profile",
               .type = "FILE.toml",
               .about = "Write what was measured as a board for --profile of simulate and plan"});
  add_json_option(*command, options->json);
  when_chosen<bench_step>(*command, options, options->json, exit_code);
}

}  // namespace annulet::runtime
