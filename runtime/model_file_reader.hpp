/// Reads a model file and checks that what it says of its model can be true.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/catalogue.hpp"
#include "model/label_map.hpp"
#include "model/types.hpp"
#include "runtime/model_file.hpp"
#include "runtime/safetensors.hpp"

namespace annulet::runtime {

/// A model as its file has it.
struct SavedModel {
  ModelMetadata metadata;            // all of it
  std::string kind;                  // "softmax", ...: what model.kind calls the objective
  model::ObjectiveOptions options;   // l2 is 0: it is not part of a model
  model::LabelMap labels;            // of classes; without any where the objective has none
  std::vector<std::string> columns;  // names of the features; none where it does not say
  std::vector<std::string> words;    // words[i]: what stands in CSV data for the label i; or none
  model::Step step = 0;              // how many steps it has taken
  std::vector<float> x;              // (d)
  std::vector<float> shift,
      factor;  // (features) each: a row is used as (row - shift) factor; or none
};

/// What people call the label: its word where the model has words, else the number.
[[nodiscard]] std::string class_name(const SavedModel& model, float label);

/// Throws ModelFileError, one line that begins with the path: not a model file, cut short, damaged,
/// of an objective that is not in the catalogue, numbers that are not finite, too few or too
/// many of them, or of another hash than the file gives. Nothing is allocated that the file is too
/// short for. May throw std::bad_alloc.
[[nodiscard]] SavedModel read_model_file(
    const std::filesystem::path& path,
    const model::Catalogue& catalogue = model::Catalogue::builtin());

}  // namespace annulet::runtime
