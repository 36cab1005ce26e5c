/// What the commands that use a model file have in common: reading it, and data for it.
#include "runtime/commands/model_and_data.hpp"

#include <filesystem>
#include <utility>

#include <CLI/CLI.hpp>

#include "runtime/commands/label_option.hpp"
#include "runtime/commands/text_option.hpp"
#include "runtime/data_source.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

/// The column that the model was trained with, unless another is named: as data.label in a run
/// file, by number or name. The words of the classes are the model's in any case.
model::LabelChoice label_choice(const ModelAndDataOptions& options, const SavedModel& model,
                                Labels labels) {
  auto choice = label_choice_of(model.metadata);
  choice.option = "--label";
  choice.none = options.no_label;
  choice.ignored = labels == Labels::ignored;
  choice.model_features = model.options.features;
  choice.from_model = options.label.empty();
  if (!choice.from_model) choose_label(choice, options.label);
  return choice;
}

}  // namespace

void add_model_and_data(CLI::App& command, ModelAndDataOptions& options) {
  text_option(command, options.model,
              {.name = "model", .type = "MODEL", .about = "The model file (safetensors)"})
      ->required();
  text_option(
      command, options.data,
      {.name = "data",
       .type = "DATA",
       .about = "A data file, or a folder with an IDX pair: its test set, else its training set"})
      ->required();
  text_option(command, options.label,
              {.name = "--label",
               .type = "COLUMN",
               .about = "The label's column in a CSV file, by name or number (default: the last)"});
}

ModelAndRows load(const ModelAndDataOptions& options, Labels labels) {
  SavedModel model = read_model_file(options.model);
  auto path = data_path(options.data, has_idx_pair(options.data, "t10k") ? "t10k" : "train");
  path.label = label_choice(options, model, labels);
  const auto data = DiskData().load(path);
  auto rows = rows_for(model, data, path.text(), labels);
  return {std::move(model), std::move(rows), path.text(), data->features()};
}

std::string features_note(const ModelAndRows& loaded) {
  const auto known = loaded.model.options.features;
  if (loaded.features == known) return {};
  return "note: the rows use " + count_text(static_cast<std::int64_t>(loaded.features)) +
         " of the model's " + counted_text(known, "feature") + "; the others are 0\n";
}

std::string model_line(const SavedModel& model) {
  auto line = model.kind + " of " + counted_text(model.options.features, "feature");
  if (model.labels.classes() > 0) {
    line += " and " + std::to_string(model.labels.classes()) + " classes";
  }
  return line + ", after " + count_text(model.step) + (model.step == 1 ? " step\n" : " steps\n");
}

void add_model(JsonObject& object, const SavedModel& model) {
  object.add("kind", model.kind)
      .add("features", model.options.features)
      .add("bias", model.options.bias)
      .add("step", model.step);
}

}  // namespace annulet::runtime
