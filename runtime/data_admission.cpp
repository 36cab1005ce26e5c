/// Sentences for data that does not fit.
#include "runtime/data_admission.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "model/label_map.hpp"
#include "runtime/objective_options.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

using transport::Candidate;
using transport::Cause;
using Refusal = std::optional<Cause>;

constexpr const char* kCheckFile = "check its data file.";

std::string too_large(const std::string& whose, const ModelSection& model) {
  return "more parameters than the " + size_text(kMaxParameters) +
         " it may have. Is a feature index in " + whose +
         " data wrong? data.features sets a limit." +
         (model.layers.empty() ? "" : " Or make model.layers smaller.");
}

Refusal width_refusal(const Candidate& other, const Candidate& newcomer) {
  if (other.survey.sparse != newcomer.survey.sparse) {
    return Cause{ErrorCode::width_mismatch,
                 newcomer.name + " has " + (newcomer.survey.sparse ? "sparse" : "dense") +
                     " data, " + other.name + (other.survey.sparse ? " sparse" : " dense") +
                     ": use one format on all devices."};
  }
  if (!newcomer.survey.sparse && newcomer.survey.features != other.survey.features) {
    return Cause{ErrorCode::width_mismatch, newcomer.name + " has rows of " +
                                                counted_text(newcomer.survey.features, "feature") +
                                                ", " + other.name + " of " +
                                                size_text(other.survey.features) +
                                                ": dense data must have one width on all devices."};
  }
  return {};
}

/// The survey holds a digest of the names, so none of them can be said here.
Refusal columns_refusal(const Candidate& other, const Candidate& newcomer) {
  const auto mine = newcomer.survey.columns, theirs = other.survey.columns;
  if (mine == 0 || theirs == 0 || mine == theirs) return {};
  return Cause{ErrorCode::width_mismatch,
               newcomer.name + " names its columns otherwise, or in another order, than " +
                   other.name + ": give both files the same columns, by the same names, in one " +
                   "order."};
}

/// A number means another thing in each format.
Refusal counting_refusal(const Candidate& other, const Candidate& newcomer) {
  if (other.survey.counts_outputs == newcomer.survey.counts_outputs) return {};
  const auto whose = [](const Candidate& device) {
    return device.survey.counts_outputs ? "an output of " + device.name + "'s FANN text"
                                        : "a column of " + device.name + "'s CSV file";
  };
  return Cause{ErrorCode::width_mismatch, "the number that data.label gives would be " +
                                              whose(newcomer) + " and " + whose(other) +
                                              ": use one format on all devices."};
}

/// Devices that cut the run file's data among themselves must have read the same.
Refusal sharing_refusal(const Candidate& other, const Candidate& newcomer) {
  if (other.survey.own_data || newcomer.survey.own_data || other.survey == newcomer.survey) {
    return {};
  }
  const auto size = [](const Candidate& device) {
    return counted_text(device.survey.rows, "row") + " of " +
           counted_text(device.survey.features, "feature");
  };
  return Cause{ErrorCode::shared_data_differ,
               newcomer.name + " reads " + size(newcomer) + " from the run file's data, " +
                   other.name + " reads " + size(other) +
                   ": copy the same file to both, or bring a device's own with --data PATH."};
}

}  // namespace

model::LabelUse DataAdmission::label_use() const { return runtime::label_use(config_, catalogue_); }

/// One feature is left for the bias, whether there is one or not. What is believed of features here
/// is small enough for the arithmetic of any entry.
bool DataAdmission::has_model_size(std::uint64_t features, std::size_t labels) const {
  if (features == 0 || features >= kMaxParameters || labels > model::kMaxLabels) return false;
  const auto options = objective_options(config_.model, {features, labels, 1});
  const auto d = model::dimension(options, catalogue_);
  return d > 0 && d <= kMaxParameters;
}

/// What all would come to with the newcomer: it is the newcomer who is sent away, not all of them.
std::optional<Cause> DataAdmission::size_refusal(std::span<const Candidate> accepted,
                                                 const Candidate& newcomer) const {
  const auto limit = config_.data.features;
  if (limit && newcomer.survey.features > *limit) {
    return Cause{ErrorCode::width_mismatch,
                 newcomer.name + " has " + counted_text(newcomer.survey.features, "feature") +
                     ", the run file allows " + size_text(*limit) +
                     ": raise data.features to the largest index of all devices."};
  }
  std::set<float> labels(newcomer.survey.labels.begin(), newcomer.survey.labels.end());
  std::uint64_t features = newcomer.survey.features;
  for (const auto& other : accepted) {
    labels.insert(other.survey.labels.begin(), other.survey.labels.end());
    features = std::max(features, other.survey.features);
  }
  if (labels.size() > model::kMaxLabels) {
    return Cause{ErrorCode::labels_do_not_fit,
                 "With " + newcomer.name + " there would be " + size_text(labels.size()) +
                     " different labels, more than " + size_text(model::kMaxLabels) +
                     ": these are not classes. Is the label column of its data the right one?"};
  }
  features = config_.data.features.value_or(features);
  if (features == 0) {
    return Cause{ErrorCode::no_data,
                 newcomer.name + " has no features to learn from: " + kCheckFile};
  }
  if (has_model_size(features, std::max<std::size_t>(1, labels.size()))) return {};
  return Cause{ErrorCode::model_too_large,
               newcomer.name + " has " + counted_text(newcomer.survey.features, "feature") +
                   " and " + counted_text(newcomer.survey.labels.size(), "label") +
                   "; with it the model would have " + too_large("its", config_.model)};
}

/// Data must be such as the model that the run begins with was trained on.
std::optional<Cause> DataAdmission::model_refusal(const Candidate& newcomer) const {
  if (config_.model.init.empty() || !config_.data.features) return {};
  const auto features = newcomer.survey.features;
  const auto known = *config_.data.features;
  if (newcomer.survey.sparse ? features > known : features != known) {
    return Cause{ErrorCode::model_does_not_fit,
                 newcomer.name + " has " + counted_text(features, "feature") +
                     ", the model of model.init " + size_text(known) +
                     ": name a model of data like these."};
  }
  if (labels_.empty()) return {};
  for (const float label : newcomer.survey.labels) {
    if (std::ranges::count(labels_, label) > 0) continue;
    return Cause{ErrorCode::model_does_not_fit,
                 newcomer.name + " has the label " + model::label_text(label) +
                     ", which the model of model.init does not know; it knows " +
                     model::labels_text(labels_) + "."};
  }
  return {};
}

std::optional<Cause> DataAdmission::refusal(std::span<const Candidate> accepted,
                                            const Candidate& newcomer) const {
  if (auto refused = own_refusal(newcomer)) return refused;
  if (auto refused = model_refusal(newcomer)) return refused;
  if (auto refused = size_refusal(accepted, newcomer)) return refused;
  for (const auto& other : accepted) {
    for (const auto refusal_by :
         {width_refusal, counting_refusal, columns_refusal, sharing_refusal}) {
      if (auto refused = refusal_by(other, newcomer)) return refused;
    }
  }
  return labels_.empty() ? label_refusal(accepted, newcomer) : std::nullopt;
}

/// Of what the device says of itself.
std::optional<Cause> DataAdmission::own_refusal(const Candidate& newcomer) const {
  if (newcomer.survey.rows == 0) {
    return Cause{ErrorCode::no_data, newcomer.name + " has no rows to train on: " + kCheckFile};
  }
  if (newcomer.survey.own_data && config_.run.target_gap) {
    return Cause{
        ErrorCode::no_optimum,
        newcomer.name +
            " brings data of its own, so nobody can know the least value f* that run.target_gap "
            "needs: leave out --data, or set run.target_loss in its place."};
  }
  return {};
}

std::optional<Cause> DataAdmission::label_refusal(std::span<const Candidate> accepted,
                                                  const Candidate& newcomer) const {
  std::vector<std::vector<float>> labels;
  std::vector<std::string> names;
  for (const auto& other : accepted) {
    labels.push_back(other.survey.labels);
    names.push_back(other.name);
  }
  labels.push_back(newcomer.survey.labels);
  names.push_back(newcomer.name);
  auto conflict = model::label_conflict(label_use(), labels, names);
  if (conflict.empty()) return std::nullopt;
  return Cause{ErrorCode::labels_do_not_fit, std::move(conflict)};
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
  const auto use = label_use();
  const auto map =
      labels_.empty() ? model::make_label_map(use, labels, names) : model::LabelMap(labels_);
  agreed.labels.assign(map.raw().begin(), map.raw().end());
  if (!has_model_size(agreed.features, map.classes())) {
    const bool is_empty = agreed.features == 0;
    const auto error = is_empty ? ErrorCode::no_data : ErrorCode::model_too_large;
    throw model::DataError(
        error,
        "With " + counted_text(agreed.features, "feature") + " and " +
            counted_text(map.classes(), "label") + " the model would have " +
            (is_empty ? "no parameters: check the data file." : too_large("the", config_.model)));
  }
  return agreed;
}

std::string DataAdmission::contradiction(const transport::View& view,
                                         const transport::Survey& mine) const {
  const auto is_known = [&](float label) { return std::ranges::count(view.labels, label) == 1; };
  const bool fits = view.features >= mine.features &&
                    (mine.sparse || view.features == mine.features) &&
                    view.features == config_.data.features.value_or(view.features) &&
                    view.rows >= mine.rows && has_model_size(view.features, view.labels.size()) &&
                    std::ranges::all_of(mine.labels, is_known) &&
                    view.members[view.rank].own_data == mine.own_data;
  return fits
             ? ""
             : "The starter says that the devices together have " + counted_text(view.rows, "row") +
                   " of " + counted_text(view.features, "feature") + " with " +
                   counted_text(view.labels.size(), "label") +
                   ", which does not fit this device's data. Install the same annulet on "
                   "both.";
}

}  // namespace annulet::runtime
