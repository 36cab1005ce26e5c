/// annulet report: the page of plots of one run, or of several compared.
#include "runtime/report.hpp"

#include <iostream>
#include <memory>
#include <vector>

#include <CLI/CLI.hpp>

#include "runtime/commands/commands.hpp"
#include "runtime/commands/console.hpp"

namespace annulet::runtime {
namespace {

struct Options {
  std::vector<std::string> runs;
  std::string out = "report.html";
};

int report(const Options& options) {
  write_report(std::vector<std::filesystem::path>(options.runs.begin(), options.runs.end()),
               options.out);
  std::cout << "report  " << options.out << '\n';
  return 0;
}

}  // namespace

void add_report_command(CLI::App& program, int& exit_code) {
  const auto options = std::make_shared<Options>();
  auto* command = program.add_subcommand("report", "Draw one run, or compare several, on a page");
  command->footer("Example: annulet report runs/20261122-142158 runs/20261122-150201 -o both.html");
  command->add_option("run", options->runs, "Folders of runs; ratios are against the first")
      ->required()
      ->type_name("RUN");
  command->add_option("-o,--out", options->out, "The page")
      ->capture_default_str()
      ->type_name("FILE");
  command->callback([options, &exit_code] { exit_code = report(*options); });
}

}  // namespace annulet::runtime
