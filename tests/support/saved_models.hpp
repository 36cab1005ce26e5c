/// Models made by hand, as if they had been read from a file.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/dataset.hpp"
#include "runtime/model_file_reader.hpp"

namespace annulet::tests {

/// Two features, no bias.
[[nodiscard]] inline runtime::SavedModel saved_logistic(std::vector<float> x) {
  runtime::SavedModel model;
  model.kind = "logistic";
  model.options.kind = "logistic";
  model.options.features = x.size();
  model.labels = model::LabelMap({-1, 1});
  model.x = std::move(x);
  return model;
}

/// Two features, no bias, labels 0, 1, 2.
[[nodiscard]] inline runtime::SavedModel saved_softmax(std::vector<float> x) {
  runtime::SavedModel model;
  model.kind = "softmax";
  model.options.kind = "softmax";
  model.options.features = x.size() / 3;
  model.options.classes = 3;
  model.labels = model::LabelMap({0, 1, 2});
  model.x = std::move(x);
  return model;
}

[[nodiscard]] inline std::shared_ptr<const model::Dataset> dense_rows(std::vector<float> values,
                                                                      std::vector<float> labels) {
  const auto features = values.size() / labels.size();
  return std::make_shared<const model::Dataset>(
      model::Dataset::dense(std::move(values), std::move(labels), features));
}

/// What a statement complains of; "" when it does not.
template <class Statement>
[[nodiscard]] std::string complaint_of(Statement statement) {
  try {
    statement();
  } catch (const model::DataError& error) {
    return error.what();
  }
  return {};
}

}  // namespace annulet::tests
