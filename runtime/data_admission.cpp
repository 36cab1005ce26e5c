/// Sentences for data that does not fit.
#include "runtime/data_admission.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "model/label_map.hpp"
#include "model/objective.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

using transport::Candidate;

std::string count(std::uint64_t n) { return std::to_string(n); }

/// Rows of parameters: softmax has one for each class.
std::uint64_t rows_of_x(const RunConfig& config, std::size_t classes) {
  return model::label_use(config.model.kind) == model::LabelUse::classes ? classes : 1;
}

/// With the bias counted, whether there is one or not.
bool has_model_size(std::uint64_t rows, std::uint64_t features) {
  return rows > 0 && features > 0 && features < kMaxParameters / rows;
}

std::string width_refusal(const Candidate& other, const Candidate& newcomer) {
  if (other.survey.sparse != newcomer.survey.sparse) {
    return newcomer.name + " has " + (newcomer.survey.sparse ? "sparse" : "dense") + " data, " +
           other.name + (other.survey.sparse ? " sparse" : " dense") +
           ": use one format on all devices.";
  }
  if (!newcomer.survey.sparse && newcomer.survey.features != other.survey.features) {
    return newcomer.name + " has rows of " + count(newcomer.survey.features) + " features, " +
           other.name + " of " + count(other.survey.features) +
           ": dense data must have one width on all devices.";
  }
  return {};
}

/// Devices that cut the run file's data among themselves must have read the same.
std::string sharing_refusal(const Candidate& other, const Candidate& newcomer) {
  if (other.survey.own_data || newcomer.survey.own_data || other.survey == newcomer.survey) {
    return {};
  }
  const auto size = [](const Candidate& device) {
    return count(device.survey.rows) + " rows of " + count(device.survey.features) + " features";
  };
  return newcomer.name + " reads " + size(newcomer) + " from the run file's data, " + other.name +
         " reads " + size(other) +
         ": copy the same file to both, or bring a device's own with --data PATH.";
}

/// What all would come to with the newcomer: it is the newcomer who is sent away, not all of them.
std::string size_refusal(const RunConfig& config, std::span<const Candidate> accepted,
                         const Candidate& newcomer) {
  std::set<float> labels(newcomer.survey.labels.begin(), newcomer.survey.labels.end());
  std::uint64_t features = newcomer.survey.features;
  for (const auto& other : accepted) {
    labels.insert(other.survey.labels.begin(), other.survey.labels.end());
    features = std::max(features, other.survey.features);
  }
  if (labels.size() > model::kMaxLabels) {
    return "With " + newcomer.name + " there would be " + count(labels.size()) +
           " different labels, more than " + count(model::kMaxLabels) +
           ": these are not classes. Is the label column of its data the right one?";
  }
  const auto classes = rows_of_x(config, std::max<std::size_t>(1, labels.size()));
  if (has_model_size(classes, config.data.features.value_or(features))) return {};
  return newcomer.name + " has " + count(newcomer.survey.features) + " features and " +
         count(newcomer.survey.labels.size()) + " labels; with it the model would have " +
         count(classes) + " x " + count(features) + " parameters, of which there may be " +
         count(kMaxParameters) +
         ". Is a feature index in its data wrong? data.features sets a limit.";
}

}  // namespace

std::string DataAdmission::refusal(std::span<const Candidate> accepted,
                                   const Candidate& newcomer) const {
  if (newcomer.survey.rows == 0) {
    return newcomer.name + " has no rows to train on: check its data file.";
  }
  const auto limit = config_.data.features;
  if (limit && newcomer.survey.features > *limit) {
    return newcomer.name + " has " + count(newcomer.survey.features) +
           " features, the run file allows " + count(*limit) +
           ": raise data.features to the largest index of all devices.";
  }
  if (auto reason = size_refusal(config_, accepted, newcomer); !reason.empty()) return reason;
  std::vector<std::vector<float>> labels;
  std::vector<std::string> names;
  for (const auto& other : accepted) {
    if (auto reason = width_refusal(other, newcomer); !reason.empty()) return reason;
    if (auto reason = sharing_refusal(other, newcomer); !reason.empty()) return reason;
    labels.push_back(other.survey.labels);
    names.push_back(other.name);
  }
  labels.push_back(newcomer.survey.labels);
  names.push_back(newcomer.name);
  return model::label_conflict(model::label_use(config_.model.kind), labels, names);
}

transport::Agreement DataAdmission::agree(std::span<const Candidate> all) const {
  transport::Agreement agreed;
  std::vector<std::vector<float>> labels;
  std::vector<std::string> names;
  bool shared_counted = false;
  for (const auto& [name, survey] : all) {
    agreed.features = std::max(agreed.features, survey.features);
    if (survey.own_data || !std::exchange(shared_counted, true)) agreed.rows += survey.rows;
    labels.push_back(survey.labels);
    names.push_back(name);
  }
  if (config_.data.features) agreed.features = *config_.data.features;
  const auto use = model::label_use(config_.model.kind);
  const auto map = model::make_label_map(use, labels, names);
  agreed.labels.assign(map.raw().begin(), map.raw().end());
  const std::uint64_t rows = rows_of_x(config_, map.classes());
  if (!has_model_size(rows, agreed.features)) {
    throw model::DataError("The model would have " + count(rows) + " x " + count(agreed.features) +
                           " parameters; allowed are 1 to " + count(kMaxParameters) +
                           ". Is a feature index in the data wrong? data.features sets a limit.");
  }
  return agreed;
}

std::string DataAdmission::contradiction(const transport::View& view,
                                         const transport::Survey& mine) const {
  const auto is_known = [&](float label) { return std::ranges::count(view.labels, label) == 1; };
  const bool fits =
      view.features >= mine.features && (mine.sparse || view.features == mine.features) &&
      view.features == config_.data.features.value_or(view.features) && view.rows >= mine.rows &&
      has_model_size(rows_of_x(config_, view.labels.size()), view.features) &&
      std::ranges::all_of(mine.labels, is_known) &&
      view.members[view.rank].own_data == mine.own_data;
  return fits
             ? ""
             : "The starter says that the devices together have " + count(view.rows) + " rows of " +
                   count(view.features) + " features with " + count(view.labels.size()) +
                   " labels, which does not fit this device's data. Install the same annulet on "
                   "both.";
}

std::string memory_refusal(std::uint64_t parameters, std::uint64_t present) {
  constexpr std::uint64_t kVectors = 4;  // x, the next x, the delta, the gradient
  const std::uint64_t needed = kVectors * parameters * sizeof(float);
  if (present == 0 || needed <= present) return {};
  return "a model of " + count_text(static_cast<std::int64_t>(parameters)) + " parameters needs " +
         bytes_text(static_cast<double>(needed)) + ", this device has " +
         bytes_text(static_cast<double>(present)) +
         " of memory. Is a feature index in the data wrong? data.features sets a limit";
}

}  // namespace annulet::runtime
