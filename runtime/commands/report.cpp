/// annulet report: the page of plots of one run, or of several compared.
#include "runtime/report.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>

#include "runtime/commands/commands.hpp"
#include "runtime/commands/ending.hpp"
#include "runtime/commands/text_option.hpp"

namespace annulet::runtime {
namespace {

struct ReportArguments {
  std::vector<std::string> runs;
  std::string out = "report.html";
};

namespace fs = std::filesystem;

/// Is it a file of that run, and none of its pages?
bool is_of_run(const fs::path& file, const fs::path& folder) {
  std::error_code none;
  if (file.extension() == ".html" || !fs::exists(file, none)) return false;
  const fs::recursive_directory_iterator files(folder, none);
  return std::any_of(begin(files), end(files), [&](const fs::directory_entry& one) {
    std::error_code gone;
    return fs::equivalent(one.path(), file, gone);
  });
}

void check_output(const ReportArguments& options) {
  for (const auto& folder : options.runs) {
    if (!is_of_run(options.out, folder)) continue;
    throw UsageError(ErrorCode::bad_option,
                     "--out " + options.out + " is what is to be read: give another file");
  }
}

int report(const ReportArguments& options) {
  check_output(options);
  write_report(std::vector<std::filesystem::path>(options.runs.begin(), options.runs.end()),
               options.out);
  std::cout << "report  " << options.out << '\n';
  return 0;
}

}  // namespace

void add_report_command(CLI::App& program, int& exit_code) {
  const auto options = std::make_shared<ReportArguments>();
  auto* command = program.add_subcommand("report", "Draw one run, or compare several, on a page");
  command->footer("Example: annulet report runs/20261122-142158 runs/20261122-150201 -o both.html");
  command->add_option("run", options->runs, "Folders of runs; ratios are against the first")
      ->required()
      ->type_name("RUN");
  text_option(*command, options->out, {.name = "-o,--out", .type = "FILE", .about = "The page"});
  command->callback([options, &exit_code] { exit_code = report(*options); });
}

}  // namespace annulet::runtime
