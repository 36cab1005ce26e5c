/// How good a saved model is on data with labels: as numbers, as a table, as JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/shard.hpp"
#include "runtime/json_writer.hpp"
#include "runtime/model_file_reader.hpp"

namespace annulet::runtime {

/// Of the rows whose label is this one.
struct ClassReport {
  float label = 0;   // as in the data
  std::string word;  // where the data have words
  // predicted[c]: how many of them the model takes for class c.
  std::vector<std::uint64_t> predicted;

  [[nodiscard]] std::uint64_t rows() const;
};

/// Means over the rows; l2 is not a part of any.
struct ModelReport {
  std::uint64_t rows = 0;
  double loss = 0;                   // the objective's own
  std::optional<double> accuracy;    // 0 .. 1; of classes
  std::optional<double> auc;         // of two classes that are both there
  std::optional<double> mse;         // of values: mean squared error
  std::optional<double> r2;          // of values that are not all the same
  std::vector<ClassReport> classes;  // in the order of the model's labels

  /// Of the rows that the model takes for class c, how many are; nothing where there are none.
  [[nodiscard]] std::optional<double> precision(std::size_t c) const;
  /// Of the rows of class c, how many the model takes for it; nothing where there are none.
  [[nodiscard]] std::optional<double> recall(std::size_t c) const;
};

/// shard: rows_for(model, ..., Labels::compared).
[[nodiscard]] ModelReport report_on(const SavedModel& model, const model::Shard& shard);

/// Lines for people; with few classes also which is taken for which.
[[nodiscard]] std::string report_text(const ModelReport& report);

/// rows, loss, accuracy, auc, mse, rmse, r2, and per class: label, word, rows, precision, recall,
/// predicted. Without what does not apply; what cannot be said of one class is null.
void add_report(JsonObject& object, const ModelReport& report);

}  // namespace annulet::runtime
