/// annulet predict: what a model file says of rows, as CSV.
#include <cerrno>
#include <filesystem>
#include <iostream>
#include <memory>
#include <system_error>

#include <CLI/CLI.hpp>

#include "runtime/commands/commands.hpp"
#include "runtime/commands/console.hpp"
#include "runtime/commands/ending.hpp"
#include "runtime/commands/model_and_data.hpp"
#include "runtime/commands/text_option.hpp"
#include "runtime/file_error.hpp"
#include "runtime/predictions.hpp"
#include "runtime/text.hpp"
#include "runtime/whole_file.hpp"

namespace annulet::runtime {
namespace {

namespace fs = std::filesystem;

struct PredictArguments {
  ModelAndDataOptions inputs;
  std::string out;
  bool json = false;
};

void check_output(const PredictArguments& options) {
  if (options.out == "-" && options.json) {
    throw UsageError(ErrorCode::bad_option,
                     "--json and --out - both want standard output: give --out FILE");
  }
  for (const auto& input : {options.inputs.model, options.inputs.data}) {
    std::error_code none;
    if (fs::equivalent(input, options.out, none)) {
      throw UsageError(ErrorCode::bad_option,
                       "--out " + options.out + " is what is to be read: give another file");
    }
  }
}

void write_to_standard_output(std::string_view text) {
  errno = 0;
  if ((std::cout << text).flush()) return;
  const std::error_code why(errno != 0 ? errno : EIO, std::generic_category());
  std::cout.clear();  // the error is told here, and once
  throw FileError(ErrorCode::output_closed, why, "cannot write standard output");
}

void predict(const PredictArguments& options, Ending& ending) {
  check_output(options);
  const auto loaded = load(options.inputs, Labels::ignored);
  const auto& [model, rows, name, features] = loaded;
  if (options.out == "-") {
    write_predictions(model, rows, write_to_standard_output);
  } else {
    WholeFile file(options.out);
    write_predictions(model, rows, [&file](std::string_view text) { file.write(text); });
    file.commit();
  }
  ending.run.exit_reason = "done";
  add_model(ending.more, model);
  ending.more.add("features_used", features).add("rows", rows.size()).add("out", options.out);
  if (options.json) return;
  if (options.out == "-") {
    std::cerr << features_note(loaded);
    return;
  }
  std::cout << count_text(static_cast<std::int64_t>(rows.size()))
            << (rows.size() == 1 ? " row   " : " rows   ") << options.out << '\n'
            << features_note(loaded);
}

}  // namespace

void add_predict_command(CLI::App& program, int& exit_code) {
  const auto options = std::make_shared<PredictArguments>();
  auto* command = program.add_subcommand("predict", "Write what a model file says of data, as CSV");
  command->footer(
      "Example: annulet predict model.safetensors rows.csv -o predictions.csv\n"
      "One line a row: the predicted label and each label's probability, or the value.");
  add_model_and_data(*command, options->inputs);
  text_option(
      *command, options->out,
      {.name = "-o,--out", .type = "FILE", .about = "The CSV file to write; - for standard output"})
      ->required();
  auto* no_label =
      flag_option(*command, options->inputs.no_label,
                  {.name = "--no-label",
                   .type = "",
                   .about = "The rows have no label: all CSV columns are features, and LIBSVM lines"
                            " begin with the first of them"});
  no_label->excludes(command->get_option("--label"));
  add_json_option(*command, options->json);
  when_chosen<predict>(*command, options, options->json, exit_code);
}

}  // namespace annulet::runtime
