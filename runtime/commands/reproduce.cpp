/// annulet reproduce: the paper's experiment in virtual time, as a page of plots.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <CLI/CLI.hpp>

#include "devices/machine.hpp"
#include "model/read_dataset.hpp"
#include "runtime/commands/commands.hpp"
#include "runtime/commands/console.hpp"
#include "runtime/commands/ending.hpp"
#include "runtime/commands/text_option.hpp"
#include "runtime/memory_check.hpp"
#include "runtime/reproduction.hpp"
#include "runtime/results_folder.hpp"
#include "runtime/steps_to_target.hpp"
#include "runtime/stop_signals.hpp"
#include "runtime/text.hpp"
#include "runtime/whole_file.hpp"

namespace annulet::runtime {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFolder = "reproduction";
constexpr const char* kPage = "reproduction.html";
constexpr const char* kFigures = "figures.csv";
constexpr const char* kCells = "cells.csv";

struct ReproduceArguments {
  std::string data, out;
  bool quick = false, json = false;
};

/// The file that is named, or w8a here or among the examples.
fs::path data_file(const ReproduceArguments& options) {
  if (!options.data.empty()) return options.data;
  for (const char* file : {"w8a.xz", "examples/w8a.xz", "w8a"}) {
    if (fs::exists(file)) return file;
  }
  throw model::DataError(ErrorCode::no_data,
                         "There is no w8a.xz here or in examples/: get w8a from the LIBSVM data "
                         "pages and pack it with "
                         "xz, or name any LIBSVM file of two classes with --data FILE");
}

/// Throws where this machine has too little memory for so many devices at a time.
PaperProblem read_problem(const fs::path& file, std::size_t devices, const std::stop_token& stop) {
  // Labels of what is no LIBSVM file do not matter: it is refused.
  const model::DataPath path{.file = fs::absolute(file), .label = {.first_look = true}};
  const auto rows = std::make_shared<const model::Dataset>(model::read_dataset(path));
  const auto present = devices::physical_memory_bytes();
  const ModelSize rings{
      .parameters = rows->features(), .averages = kTargetAverages.size(), .devices = devices};
  for (const auto& reason :
       {search_refusal(rows->features(), *rows, present), rings_refusal(rings, *rows, present)}) {
    if (!reason.empty()) throw model::DataError(ErrorCode::out_of_memory, reason);
  }
  return make_paper_problem(rows, stop);
}

/// Better now than after half an hour: can the folder be made, and written to? Nothing of it stays.
void check_folder(const fs::path& folder) {
  const MadeFolders made(folder);
  WholeFile probe(folder / kPage);
  probe.write(std::string(std::size_t{1} << 20, ' '));  // about as long as the page will be
}

/// The same of the default folder, which gets a name that is free.
void check_folder_of(const ReproduceArguments& options) {
  if (options.out.empty()) return check_folder(".");
  for (const char* file : {kPage, kFigures, kCells}) {
    std::error_code unknown;  // writing says why
    if (!fs::exists(fs::path(options.out) / file, unknown)) continue;
    throw UsageError(ErrorCode::folder_taken, "-o " + options.out + " holds a " + file +
                                                  " of another call: name another folder");
  }
  check_folder(options.out);
}

/// One line that is written over on a terminal, a line for each that is done elsewhere.
void show_progress(const CellProgress& now) {
  const bool over = isatty(STDERR_FILENO) != 0;
  const auto text = std::to_string(now.done) + " of " + std::to_string(now.all) + "  " + now.name;
  if (over) {
    std::cerr << "\r\033[K" << (now.done == now.all ? "" : text) << std::flush;
  } else if (!now.begins || now.done == 0) {
    std::cerr << text + "\n" << std::flush;
  }
}

void write_file(const fs::path& path, const std::string& text) {
  WholeFile file(path);
  file.write(text);
  file.commit();
}

std::string about(const PaperProblem& problem, const fs::path& file,
                  const ReproductionScope& scope) {
  return file.filename().string() + ": " + counted_text(problem.rows->size(), "row") + ", " +
         counted_text(problem.data->features(), "feature") + ", f* " +
         digits_text(problem.f_star, 10) + ", L " + digits_text(problem.smoothness, 5) +
         ", kappa " + digits_text(problem.kappa(), 6) + ". Logistic regression, l2 = 1/n, " +
         "mini-batches of 4, an average costs 25 steps, eps = " +
         digits_text(scope.targets.front(), 3) + " and " + std::to_string(scope.seeds) +
         " seeds where nothing else is said (the table below); bars: one deviation.";
}

void check_reached(const Measurements& measured) {
  const auto is_there = [](const auto& cell) { return cell.second.has_value(); };
  if (std::ranges::any_of(measured, is_there)) return;
  throw model::DataError(ErrorCode::data,
                         "no step size of the grid comes within eps of the least loss on these "
                         "data: bring the features to a like size");
}

/// The page and its data; returns where they are.
fs::path write_files(const ReproduceArguments& options, const Reproduction& found,
                     const std::string& about) {
  fs::path folder = options.out;
  if (folder.empty()) {
    folder = make_new_folder(kFolder);
  } else {
    make_folder(folder);
  }
  write_file(folder / kFigures, csv_of(found.figures));
  write_file(folder / kCells, found.table_csv);
  write_file(folder / kPage, reproduction_page(found, about));
  return folder;
}

void print(const Reproduction& found) {
  constexpr std::size_t kWide = 8;
  for (const auto& [figure, words] : found.key_figures) {
    std::cout << figure << std::string(figure.size() < kWide ? kWide - figure.size() : 1, ' ')
              << words << '\n';
  }
  std::cout << std::flush;
}

void add_figures(JsonObject& object, const Reproduction& found) {
  std::vector<JsonObject> figures;
  for (const auto& [figure, words] : found.key_figures) {
    figures.emplace_back().add("figure", figure).add("words", words);
  }
  object.add("key_figures", std::span<const JsonObject>(figures));
}

/// All that is computed; nothing where it is told to stop.
std::optional<Reproduction> compute(const ReproduceArguments& options, const fs::path& file,
                                    std::string& head, const std::stop_token& stop) {
  const auto scope = options.quick ? quick_scope() : whole_scope();
  const auto cells = reproduction_cells(scope);
  const std::size_t threads = std::max(1U, std::thread::hardware_concurrency());
  const auto problem = read_problem(file, most_devices(cells, threads), stop);
  if (stop.stop_requested()) return std::nullopt;
  check_learnable(problem, scope.targets.front());
  const auto measured = measure(problem, cells, threads, show_progress, stop);
  if (stop.stop_requested()) return std::nullopt;
  check_reached(measured);
  head = about(problem, file, scope);
  auto found = reproduce(problem, scope, measured, threads, stop);
  if (stop.stop_requested()) return std::nullopt;
  return found;
}

void run(const ReproduceArguments& options, Ending& ending) {
  const auto file = data_file(options);
  check_folder_of(options);
  std::stop_source stop;
  const StopSignals signals([&stop] { stop.request_stop(); }, [] {});
  std::string head;
  const auto found = compute(options, file, head, stop.get_token());
  if (!found) {
    ending.run.exit_reason = "interrupted";
    ending.run.exit_code = kInterrupted;
    std::cerr << "annulet: interrupted: no page was written\n" << std::flush;
    return;
  }
  if (!options.json) print(*found);  // before the disk has its say
  add_figures(ending.more, *found);
  const auto folder = write_files(options, *found, head);
  const auto at = [&](const char* name) { return (folder / name).string(); };
  ending.run.exit_reason = "done";
  ending.more.add("page", at(kPage)).add("figures", at(kFigures)).add("cells", at(kCells));
  if (options.json) return;
  std::cout << "page    " << at(kPage) << "\ndata    " << at(kFigures) << ", " << at(kCells)
            << '\n';
}

}  // namespace

void add_reproduce_command(CLI::App& program, int& exit_code) {
  const auto options = std::make_shared<ReproduceArguments>();
  auto* command = program.add_subcommand("reproduce",
                                         "Run the paper's experiment in virtual time, and draw it");
  command->footer(
      "Everything is computed each time, in under half an hour on two cores; with --quick in under "
      "two\nminutes, from fewer devices, seeds and step sizes.\n"
      "Example: annulet reproduce --quick --data w8a.xz -o reproduction");
  flag_option(*command, options->quick,
              {.name = "--quick", .type = "", .about = "Fewer devices, seeds and step sizes"});
  text_option(
      *command, options->data,
      {.name = "--data", .type = "FILE", .about = "A LIBSVM file of two classes; default: w8a.xz"});
  text_option(
      *command, options->out,
      {.name = "-o,--out",
       .type = "DIR",
       .about = "Where the page and the CSV files go; default: reproduction, reproduction-2, ..."});
  add_json_option(*command, options->json);
  when_chosen<run>(*command, options, options->json, exit_code);
}

}  // namespace annulet::runtime
