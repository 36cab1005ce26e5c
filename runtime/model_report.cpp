/// How good a saved model is on data with labels: as numbers, as a table, as JSON.
#include "runtime/model_report.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>
#include <utility>

#include "model/objective.hpp"
#include "runtime/predictions.hpp"
#include "runtime/text.hpp"
#include "runtime/text_table.hpp"

namespace annulet::runtime {
namespace {

std::string percent(std::optional<double> part) {
  return part ? fixed_text(100 * *part, 2) + " %" : "-";
}

std::optional<double> quotient(std::uint64_t part, std::uint64_t all) {
  if (all == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(all);
}

/// Sums over the rows, block by block.
class Counting {
 public:
  Counting(const SavedModel& model, const model::Shard& shard)
      : model_(model),
        shard_(shard),
        objective_(model::make_objective<float>(model.options)),
        use_(model::label_use(model.options)) {
    const std::size_t classes = model.labels.classes();
    for (const float label : model.labels.raw()) {
      auto& one = report_.classes.emplace_back();
      one.label = label;
      one.predicted.resize(classes);
      if (!model.words.empty()) one.word = class_name(model, label);
    }
  }

  ModelReport report() {
    constexpr std::size_t kBlock = 4096;
    double loss = 0;
    for (std::size_t begin = 0; begin < shard_.size(); begin += kBlock) {
      const std::size_t end = std::min(begin + kBlock, shard_.size());
      loss += objective_->evaluate(model_.x, shard_, begin, end).loss;
      compare(begin, end);
    }
    report_.rows = shard_.size();
    report_.loss = loss / static_cast<double>(shard_.size());
    if (!report_.classes.empty()) finish_classes();
    if (use_ == model::LabelUse::values) finish_values();
    return std::move(report_);
  }

 private:
  void compare(std::size_t begin, std::size_t end) {
    const std::size_t outputs = objective_->outputs();
    block_.resize((end - begin) * outputs);
    objective_->predict(model_.x, shard_, begin, end, block_);
    model::append_scores(block_, outputs, scores_);
    if (report_.classes.empty()) return;
    for (std::size_t i = begin; i < end; ++i) {
      const auto said = std::span(block_).subspan((i - begin) * outputs, outputs);
      const auto is = static_cast<std::size_t>(shard_.targets[i]);
      ++report_.classes[is].predicted[predicted_class(said)];
    }
  }

  void finish_classes() {
    std::uint64_t hits = 0;
    for (std::size_t c = 0; c < report_.classes.size(); ++c)
      hits += report_.classes[c].predicted[c];
    report_.accuracy = quotient(hits, report_.rows);
    if (scores_.empty()) return;
    const double auc = model::area_under_curve(scores_, shard_.targets);
    if (std::isfinite(auc)) report_.auc = auc;
  }

  void finish_values() {
    if (scores_.empty()) return;  // an objective that predicts nothing
    double sum = 0;
    for (std::size_t i = 0; i < scores_.size(); ++i) {
      const double error = scores_[i] - static_cast<double>(shard_.targets[i]);
      sum += error * error;
    }
    report_.mse = sum / static_cast<double>(report_.rows);
    const double r2 = model::r2(scores_, shard_.targets);
    if (std::isfinite(r2)) report_.r2 = r2;
  }

  const SavedModel& model_;
  const model::Shard& shard_;
  std::unique_ptr<model::Objective<float>> objective_;
  model::LabelUse use_;
  std::vector<double> block_;   // what the model says of some rows
  std::vector<double> scores_;  // of two classes, or values: of all rows
  ModelReport report_;
};

std::string name_of(const ClassReport& one) {
  constexpr std::size_t kShown = 32;
  return one.word.empty() ? model::label_text(one.label) : printable(one.word, kShown);
}

std::string confusion_text(const ModelReport& report) {
  TextTable table;
  std::vector<std::string> head{"label"};
  for (const auto& one : report.classes) head.push_back(name_of(one));
  table.add(std::move(head));
  for (const auto& one : report.classes) {
    std::vector<std::string> row{name_of(one)};
    for (const auto n : one.predicted) row.push_back(size_text(n));
    table.add(std::move(row));
  }
  return table.text();
}

std::string classes_text(const ModelReport& report) {
  constexpr std::size_t kFewClasses = 12;
  TextTable table;
  table.add({"label", "rows", "precision", "recall"});
  for (std::size_t c = 0; c < report.classes.size(); ++c) {
    const auto& one = report.classes[c];
    table.add({name_of(one), size_text(one.rows()), percent(report.precision(c)),
               percent(report.recall(c))});
  }
  auto text = '\n' + table.text();
  if (report.classes.size() <= kFewClasses) {
    text +=
        "\nrows with a label (left) that were taken for another (above)\n" + confusion_text(report);
  }
  return text;
}

/// JSON has a word for what cannot be said: null.
double or_nan(std::optional<double> value) {
  return value.value_or(std::numeric_limits<double>::quiet_NaN());
}

}  // namespace

std::uint64_t ClassReport::rows() const {
  return std::accumulate(predicted.begin(), predicted.end(), std::uint64_t{0});
}

std::optional<double> ModelReport::precision(std::size_t c) const {
  std::uint64_t taken = 0;
  for (const auto& one : classes) taken += one.predicted[c];
  return quotient(classes[c].predicted[c], taken);
}

std::optional<double> ModelReport::recall(std::size_t c) const {
  return quotient(classes[c].predicted[c], classes[c].rows());
}

ModelReport report_on(const SavedModel& model, const model::Shard& shard) {
  return Counting(model, shard).report();
}

std::string report_text(const ModelReport& report) {
  TextTable table;
  table.add({"rows", size_text(report.rows)});
  table.add({"loss", value_text(report.loss)});
  if (report.accuracy) table.add({"accuracy", percent(report.accuracy)});
  if (report.auc) table.add({"AUC", fixed_text(*report.auc, 4)});
  if (report.mse) {
    table.add({"MSE", value_text(*report.mse)});
    table.add({"RMSE", value_text(std::sqrt(*report.mse))});
  }
  if (report.r2) table.add({"R2", fixed_text(*report.r2, 4)});
  return table.text() + (report.classes.empty() ? "" : classes_text(report));
}

void add_report(JsonObject& object, const ModelReport& report) {
  object.add("rows", report.rows)
      .add("loss", report.loss)
      .add("accuracy", report.accuracy)
      .add("auc", report.auc)
      .add("mse", report.mse)
      .add("rmse", report.mse ? std::optional(std::sqrt(*report.mse)) : std::nullopt)
      .add("r2", report.r2);
  if (report.classes.empty()) return;
  std::vector<JsonObject> classes;
  for (std::size_t c = 0; c < report.classes.size(); ++c) {
    const auto& one = report.classes[c];
    auto& entry = classes.emplace_back().add("label", static_cast<double>(one.label));
    if (!one.word.empty()) entry.add("word", one.word);
    entry.add("rows", one.rows())
        .add("precision", or_nan(report.precision(c)))
        .add("recall", or_nan(report.recall(c)))
        .add("predicted", std::span<const std::uint64_t>(one.predicted));
  }
  object.add("classes", std::span<const JsonObject>(classes));
}

}  // namespace annulet::runtime
