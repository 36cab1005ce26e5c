/// annulet optimum: the least value of a run file's objective, and its constants.
#include <cmath>
#include <iostream>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include <CLI/CLI.hpp>
#include <asio/io_context.hpp>

#include "devices/machine.hpp"
#include "devices/steady_clock.hpp"
#include "runtime/commands/commands.hpp"
#include "runtime/commands/console.hpp"
#include "runtime/commands/ending.hpp"
#include "runtime/commands/problem.hpp"
#include "runtime/commands/text_option.hpp"
#include "runtime/memory_check.hpp"
#include "runtime/objective_options.hpp"
#include "runtime/optimum_search.hpp"
#include "runtime/run_file.hpp"
#include "runtime/stop_signals.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

struct OptimumArguments {
  std::string file, data;
  std::vector<std::string> settings;
  ConsoleOptions console;
};

/// What is printed.
struct Constants {
  OptimumKnown optimum;
  double mu = 0, L = 0;

  /// Not a number without mu.
  [[nodiscard]] double kappa() const {
    return mu > 0 ? L / mu : std::numeric_limits<double>::quiet_NaN();
  }
};

/// Throws where nobody can know f*.
void check_convex(const RunConfig& config) {
  const auto& entry = entry_of(config, model::Catalogue::builtin());
  if (entry.make_problem) return;
  throw ConfigError(ErrorCode::no_optimum,
                    "model.kind " + entry.name +
                        " is not convex: nobody knows its least value. Compare runs by the loss "
                        "they reach: annulet report RUN RUN");
}

Problem read_convex_problem(const OptimumArguments& options) {
  check_settings(options.settings);
  auto config = read_run_file(options.file, options.settings);
  check_convex(config);
  const auto check = [](std::uint64_t parameters, const model::Dataset& rows) {
    const auto reason = search_refusal(parameters, rows, devices::physical_memory_bytes());
    if (!reason.empty()) throw model::DataError(ErrorCode::out_of_memory, reason);
  };
  return read_problem(std::move(config), options.data, check);
}

/// Ends by itself when told to stop, with values of no meaning.
Constants solve(const Problem& problem, Observer& observer, const std::stop_token& stop) {
  const auto& rows = problem.rows;
  const auto& options = problem.objective;
  const auto convex = problem.entry.make_problem(options, rows);
  model::OptimumSearch search(*convex);
  const auto show = [&](const model::OptimumProgress& now) {
    observer.searched({now.iterations, now.f, now.gradient_norm, now.products});
  };
  const auto end = model::search(search, stop, show);
  Constants found{.optimum = optimum_of(search, end)};
  if (!found.optimum.f_star) observer.finished({}, {});  // clears the screen
  if (end == model::SearchEnd::none) return found;
  if (!found.optimum.f_star) throw ConfigError(ErrorCode::no_optimum, found.optimum.problem);
  observer.optimum(found.optimum);
  const auto objective = model::make_objective<float>(options);
  found.L = smoothness_of(problem, *objective, stop);
  found.mu = (objective->curvature_factor() > 0 ? 0 : 1) + options.l2;
  return found;
}

std::string lines(const Constants& found, double seconds) {
  const auto& optimum = found.optimum;
  const double kappa = found.kappa();
  return "f*     " + digits_text(*optimum.f_star, 13) + "\n|x*|   " +
         digits_text(optimum.norm, 10) + "\nmu     " + digits_text(found.mu, 14) + "\nL      " +
         digits_text(found.L, 11) + "\nkappa  " +
         (std::isnan(kappa) ? "none: mu is 0, as model.l2 is" : digits_text(kappa, 8)) +
         "\n|grad f| " + digits_text(optimum.gradient_norm, 2) + " after " +
         count_text(optimum.iterations) + (optimum.iterations == 1 ? " step, " : " steps, ") +
         seconds_text(seconds) +
         (optimum.converged ? "\n"
                            : "\nnot 1e-9: the least that double precision gives here. f* is right "
                              "to 1e-12 of 1 + |f*|\n");
}

void find(const OptimumArguments& options, Ending& ending) {
  asio::io_context context;
  const devices::SteadyClock clock(context.get_executor());
  const auto problem = read_convex_problem(options);  // a signal ends the process meanwhile
  std::stop_source stop;
  const StopSignals signals([&stop] { stop.request_stop(); }, [] {});
  const auto began = clock.now();
  Progress progress(std::cerr, progress_options(options.console, ""));
  const auto found = solve(problem, progress, stop.get_token());
  ending.run.seconds = devices::seconds(clock.now() - began);
  if (stop.stop_requested()) {
    ending.run.exit_reason = "interrupted";
    ending.run.exit_code = kInterrupted;
    std::cerr << "annulet: interrupted: no optimum was found\n" << std::flush;
    return;
  }
  ending.run.exit_reason = "done";
  const auto& optimum = found.optimum;
  ending.more.add("f_star", optimum.f_star)
      .add("norm", optimum.norm)
      .add("mu", found.mu)
      .add("L", found.L)
      .add("kappa", found.kappa())
      .add("gradient_norm", optimum.gradient_norm)
      .add("converged", optimum.converged)
      .add("iterations", optimum.iterations);
  if (!options.console.json) std::cout << lines(found, *ending.run.seconds);
}

}  // namespace

void add_optimum_command(CLI::App& program, int& exit_code) {
  const auto options = std::make_shared<OptimumArguments>();
  auto* command = program.add_subcommand(
      "optimum", "The least value f* of a convex run file, and its constants mu, L, kappa");
  command->footer("Example: annulet optimum examples/w8a.toml --set model.l2=1/n");
  text_option(*command, options->file,
              {.name = "file", .type = "FILE", .about = "The run file (TOML)"})
      ->required();
  text_option(*command, options->data,
              {.name = "--data",
               .type = "PATH",
               .about = "Other data than the run file's: a file, or a folder with an IDX pair"});
  add_settings_option(*command, options->settings, "model.l2=0.001");
  add_json_option(*command, options->console.json);
  flag_option(*command, options->console.plain,
              {.name = "--plain", .type = "", .about = "Progress as lines"});
  when_chosen<find>(*command, options, options->console.json, exit_code);
}

}  // namespace annulet::runtime
