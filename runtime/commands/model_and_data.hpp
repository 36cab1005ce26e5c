/// What the commands that use a model file have in common: reading it, and data for it.
#pragma once

#include <cstddef>
#include <string>

#include "model/shard.hpp"
#include "runtime/json_writer.hpp"
#include "runtime/model_file_reader.hpp"
#include "runtime/model_rows.hpp"

namespace CLI {
class App;
}

namespace annulet::runtime {

struct ModelAndDataOptions {
  std::string model, data, label;
  bool no_label = false;
};

/// Adds MODEL, DATA and --label.
void add_model_and_data(CLI::App& command, ModelAndDataOptions& options);

struct ModelAndRows {
  SavedModel model;
  model::Shard rows;
  std::string name;          // of the data that were read
  std::size_t features = 0;  // up to the largest that any row uses, where they are sparse
};

/// DATA is a file, or a folder with an IDX pair: the test set where there is one, else the training
/// set. Throws model::DataError.
[[nodiscard]] ModelAndRows load(const ModelAndDataOptions& options, Labels labels);

/// A line that says so where rows use fewer features than the model has, or "".
[[nodiscard]] std::string features_note(const ModelAndRows& loaded);

/// "softmax of 784 features and 10 classes, after 800 steps", with its line feed.
[[nodiscard]] std::string model_line(const SavedModel& model);

/// kind, features, bias, step.
void add_model(JsonObject& object, const SavedModel& model);

}  // namespace annulet::runtime
