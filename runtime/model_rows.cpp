/// The rows of a data set as a saved model uses them.
#include "runtime/model_rows.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "runtime/columns.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

void check_columns(const SavedModel& model, const model::Dataset& data, const std::string& name) {
  const std::size_t features = model.options.features;
  // A sparse set does not say how many columns it has; those that no row uses are 0.
  const bool fits = data.is_sparse() ? data.features() <= features : data.features() == features;
  if (!fits) {
    throw model::DataError(ErrorCode::model_does_not_fit,
                           name + ": its rows have " + counted_text(data.features(), "feature") +
                               ", the model was trained on " +
                               count_text(static_cast<std::int64_t>(features)) +
                               ". Give data of the kind that it was trained on.");
  }
  const auto differs = columns_differ(data.origin(), model.columns, "model was trained with");
  if (differs.empty()) return;
  throw model::DataError(ErrorCode::model_does_not_fit,
                         name + ": " + differs +
                             ": give its columns in their order. Is another one the label? --label "
                             "names it.");
}

/// Sparse rows are never shifted; a model of dense ones that are would see others than it learned.
void check_shift(const SavedModel& model, const model::Dataset& data, const std::string& name) {
  const auto is_zero = [](float shift) { return shift == 0; };
  if (!data.is_sparse() || std::ranges::all_of(model.shift, is_zero)) return;
  throw model::DataError(ErrorCode::model_does_not_fit,
                         name + ": its rows are sparse, but the model was trained on dense ones " +
                             "whose features were shifted (data.scale). Give the data as CSV.");
}

/// "no, yes": of many, the first twelve and "...".
std::string known_text(const SavedModel& model) {
  constexpr std::size_t kShown = 12;
  const auto known = model.labels.raw();
  std::string out;
  for (const float label : known.first(std::min(kShown, known.size()))) {
    out += (out.empty() ? "" : ", ") + printable(class_name(model, label), 40);
  }
  return out + (known.size() > kShown ? ", ..." : "");
}

void check_labels(const SavedModel& model, const model::Dataset& data, const std::string& name) {
  const auto known = model.labels.raw();
  const auto labels = data.labels();
  const auto strange = std::ranges::find_if(
      labels, [&](float label) { return std::ranges::find(known, label) == known.end(); });
  if (strange == labels.end()) return;
  throw model::DataError(ErrorCode::model_does_not_fit,
                         name + ": row " + count_text(strange - labels.begin() + 1) +
                             " has the label " + printable(class_name(model, *strange), 40) +
                             ", which the model does not know; it knows " + known_text(model) +
                             ".");
}

}  // namespace

model::Shard rows_for(const SavedModel& model, std::shared_ptr<const model::Dataset> data,
                      const std::string& name, Labels labels) {
  if (data->rows() == 0)
    throw model::DataError(ErrorCode::no_data, name + ": there are no rows in it.");
  check_columns(model, *data, name);
  const auto use =
      labels == Labels::compared ? model::label_use(model.options) : model::LabelUse::none;
  if (model::names_classes(use)) check_labels(model, *data, name);
  if (!model.factor.empty()) {
    check_shift(model, *data, name);
    data = std::make_shared<const model::Dataset>(data->scaled({model.shift, model.factor}));
  }
  std::vector<model::Index> rows(data->rows());
  std::iota(rows.begin(), rows.end(), model::Index{0});
  return model::make_shard(std::move(data), std::move(rows), use, model.labels);
}

}  // namespace annulet::runtime
