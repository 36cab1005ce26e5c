/// annulet eval: how good a model file is on data with labels.
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "runtime/commands/commands.hpp"
#include "runtime/commands/console.hpp"
#include "runtime/commands/ending.hpp"
#include "runtime/commands/model_and_data.hpp"
#include "runtime/model_report.hpp"

namespace annulet::runtime {
namespace {

struct EvalArguments {
  ModelAndDataOptions inputs;
  bool json = false;
};

void evaluate(const EvalArguments& options, Ending& ending) {
  const auto loaded = load(options.inputs, Labels::compared);
  const auto& model = loaded.model;
  const auto report = report_on(model, loaded.rows);
  ending.run.exit_reason = "done";
  add_model(ending.more, model);
  ending.more.add("features_used", loaded.features);
  add_report(ending.more, report);
  if (!options.json)
    std::cout << model_line(model) << "on " << loaded.name << '\n'
              << features_note(loaded) << '\n'
              << report_text(report);
}

}  // namespace

void add_eval_command(CLI::App& program, int& exit_code) {
  const auto options = std::make_shared<EvalArguments>();
  auto* command = program.add_subcommand("eval", "Say how good a model file is on data");
  command->footer(
      "Example: annulet eval runs/20261122-142158/model.safetensors "
      "/usr/share/datasets/fashion-mnist");
  add_model_and_data(*command, options->inputs);
  add_json_option(*command, options->json);
  when_chosen<evaluate>(*command, options, options->json, exit_code);
}

}  // namespace annulet::runtime
