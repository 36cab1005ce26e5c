/// What a data set is like, before anybody trains on it: as numbers, as a table, as JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/dataset.hpp"
#include "model/read_dataset.hpp"
#include "model/scale.hpp"
#include "runtime/json_writer.hpp"

namespace annulet::runtime {

struct DataReport {
  struct Class {
    float label = 0;
    std::string word;  // where the file has words
    std::uint64_t rows = 0;
  };
  struct Values {
    double least = 0, most = 0, mean = 0, deviation = 0;
  };

  model::DataOrigin origin;
  bool sparse = false;
  std::uint64_t rows = 0, features = 0, entries = 0;  // entries: those that are not 0
  std::vector<Class> classes;                         // where labels look like classes
  Values labels;                                      // of labels as numbers
  std::vector<Values> columns;                        // of the features; none of very many
  std::vector<std::string> oddities;                  // a sentence each
  bool suggests_scale = false;
  std::string kind;  // the model.kind that fits the labels; "" where nothing here tells

  [[nodiscard]] bool has_classes() const noexcept { return !classes.empty(); }
};

/// Reads every row a few times; takes 8 bytes a row and some 50 a feature.
[[nodiscard]] DataReport report_on(const model::Dataset& data);

/// Lines for people, and at their end those to put into a run file.
[[nodiscard]] std::string data_report_text(const DataReport& report, const model::DataPath& path);

/// format, rows, features, ..., and `odd`: an empty list where nothing is.
void add_data_report(JsonObject& object, const DataReport& report, const model::DataPath& path);

}  // namespace annulet::runtime
