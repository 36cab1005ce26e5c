/// What a saved model says of rows, as lines of CSV.
#include "runtime/predictions.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "model/objective.hpp"
#include "runtime/data_writer.hpp"

namespace annulet::runtime {
namespace {

/// The shortest text that reads back as the same float32.
std::string number(double value) { return model::label_text(static_cast<float>(value)); }

/// From scores to probabilities: 1/(1 + e^-s) of one score, else softmax.
void find_probabilities(std::span<const double> outputs, std::span<double> out) {
  if (outputs.size() == 1) {
    out[0] = 1 / (1 + std::exp(outputs[0]));
    out[1] = 1 / (1 + std::exp(-outputs[0]));
    return;
  }
  const double highest = *std::ranges::max_element(outputs);
  double sum = 0;
  for (std::size_t c = 0; c < out.size(); ++c) sum += out[c] = std::exp(outputs[c] - highest);
  for (double& p : out) p /= sum;
}

std::string head(const SavedModel& model) {
  std::string line = "predicted";
  for (const float label : model.labels.raw()) {
    line += ',' + csv_field("p(" + class_name(model, label) + ")");
  }
  return line + '\n';
}

class CsvLine {
 public:
  explicit CsvLine(const SavedModel& model) : probabilities_(model.labels.classes()) {
    for (const float label : model.labels.raw()) {
      classes_.push_back(csv_field(class_name(model, label)));
    }
  }

  void append_to(std::string& text, std::span<const double> outputs) {
    if (classes_.empty()) {
      text += number(outputs[0]);
    } else {
      text += classes_[predicted_class(outputs)];
      find_probabilities(outputs, probabilities_);
      for (const double p : probabilities_) text += ',' + number(p);
    }
    text += '\n';
  }

 private:
  std::vector<std::string> classes_;  // as fields of CSV
  std::vector<double> probabilities_;
};

}  // namespace

std::size_t predicted_class(std::span<const double> outputs) {
  if (outputs.size() == 1) return outputs[0] > 0 ? 1 : 0;
  return static_cast<std::size_t>(std::ranges::max_element(outputs) - outputs.begin());
}

void write_predictions(const SavedModel& model, const model::Shard& shard,
                       const std::function<void(std::string_view)>& write) {
  constexpr std::size_t kBlock = 1024;
  const auto objective = model::make_objective<float>(model.options);
  const std::size_t outputs = objective->outputs();
  if (outputs == 0) {
    throw ModelFileError(ErrorCode::model_does_not_fit,
                         "a model of the objective " + model.kind +
                             " predicts nothing: annulet eval gives its loss");
  }
  CsvLine line(model);
  std::string text = head(model);
  std::vector<double> block;
  for (std::size_t begin = 0; begin < shard.size(); begin += kBlock) {
    const std::size_t end = std::min(begin + kBlock, shard.size());
    block.resize((end - begin) * outputs);
    objective->predict(model.x, shard, begin, end, block);
    for (std::size_t i = 0; i < end - begin; ++i) {
      line.append_to(text, std::span(block).subspan(i * outputs, outputs));
    }
    write(text);
    text.clear();
  }
}

}  // namespace annulet::runtime
