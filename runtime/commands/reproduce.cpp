/// annulet reproduce: the paper's experiment in virtual time, as a page of plots.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "model/read_dataset.hpp"
#include "runtime/commands/commands.hpp"
#include "runtime/commands/ending.hpp"
#include "runtime/reproduction.hpp"
#include "runtime/results_folder.hpp"
#include "runtime/text.hpp"
#include "runtime/whole_file.hpp"

namespace annulet::runtime {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string data, out = "reproduction";
  bool quick = false;
};

/// The file that is named, or w8a here or among the examples.
fs::path data_file(const Options& options) {
  if (!options.data.empty()) return options.data;
  for (const fs::path file : {"w8a.xz", "examples/w8a.xz", "w8a"}) {
    if (fs::exists(file)) return file;
  }
  throw model::DataError(ErrorCode::no_data,
                         "There is no w8a.xz here or in examples/: get w8a from the LIBSVM data "
                         "pages and pack it with "
                         "xz, or name any LIBSVM file of two classes with --data FILE");
}

/// One line that is written over on a terminal, a line each elsewhere.
void show_progress(std::size_t done, std::size_t all, const std::string& name) {
  const bool over = isatty(STDERR_FILENO) != 0;
  const auto text = std::to_string(done) + " of " + std::to_string(all) + "  " + name;
  std::cerr << (over ? "\r\033[K" + text : text + "\n") << std::flush;
  if (over && done == all) std::cerr << "\r\033[K" << std::flush;
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
         digits_text(scope.targets.front(), 3) + ", " + std::to_string(scope.seeds) +
         " seeds; bars: one deviation.";
}

int run(const Options& options) {
  const auto file = data_file(options);
  const auto problem = make_paper_problem(
      std::make_shared<const model::Dataset>(model::read_dataset({.file = fs::absolute(file)})));
  make_folder(options.out);
  const auto scope = options.quick ? quick_scope() : whole_scope();
  const std::size_t threads = std::max(1U, std::thread::hardware_concurrency());
  const auto measured = measure(problem, reproduction_cells(scope), threads, show_progress);
  const auto found = reproduce(problem, scope, measured, threads);
  const fs::path folder = options.out;
  write_file(folder / "figures.csv", csv_of(found.figures));
  write_file(folder / "cells.csv", found.table_csv);
  write_file(folder / "reproduction.html", reproduction_page(found, about(problem, file, scope)));
  for (const auto& [figure, words] : found.key_figures) {
    std::cout << figure << std::string(figure.size() < 8 ? 8 - figure.size() : 1, ' ') << words
              << '\n';
  }
  std::cout << "page    " << (folder / "reproduction.html").string() << '\n'
            << "data    " << (folder / "figures.csv").string() << ", "
            << (folder / "cells.csv").string() << '\n';
  return 0;
}

}  // namespace

void add_reproduce_command(CLI::App& program, int& exit_code) {
  const auto options = std::make_shared<Options>();
  auto* command = program.add_subcommand("reproduce",
                                         "Run the paper's experiment in virtual time, and draw it");
  command->footer(
      "Everything is computed each time, in under half an hour on two cores; with --quick in under "
      "two\nminutes, from fewer devices, seeds and step sizes.\n"
      "Example: annulet reproduce --quick --data w8a.xz -o reproduction");
  command->add_flag("--quick", options->quick, "Fewer devices, seeds and step sizes");
  command->add_option("--data", options->data, "A LIBSVM file of two classes; default: w8a.xz")
      ->type_name("FILE");
  command->add_option("-o,--out", options->out, "Where the page and the CSV files go")
      ->capture_default_str()
      ->type_name("DIR");
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace annulet::runtime
