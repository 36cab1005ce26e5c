/// From a run file to its objective over all rows.
#include "runtime/commands/problem.hpp"

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "model/optimum.hpp"
#include "model/scale.hpp"
#include "runtime/data_admission.hpp"
#include "runtime/initial_model.hpp"
#include "runtime/local_data.hpp"
#include "runtime/objective_options.hpp"
#include "runtime/smoothness.hpp"
#include "transport/membership.hpp"

namespace annulet::runtime {
namespace {

/// The model's that the run begins with, as the run keeps it, else what the rows ask for.
model::Scale scale_of(const model::Shard& rows, const std::optional<SavedModel>& init,
                      std::size_t features) {
  const bool sparse = rows.data->is_sparse();
  if (!init) {
    return model::standard_scale(model::moments_of(*rows.data, rows.rows, features), sparse);
  }
  model::Scale scale{init->shift, init->factor};
  check_scale_fits(scale, sparse);
  return scale;
}

}  // namespace

Problem read_problem(RunConfig config, const std::string& own, const CheckSize& check) {
  const auto& entry = entry_of(config, model::Catalogue::builtin());
  const auto init = read_initial_model(config, model::Catalogue::builtin());
  const auto known = init ? init->labels.raw() : std::span<const float>();
  DiskData source;
  LocalData data;
  std::optional<model::DataPath> path;
  if (!own.empty()) path = data_path(own);
  data.load(source, config, path ? &*path : nullptr, {.whole = true});
  const auto data_bytes = data.rows().bytes();
  if (init) check_columns_fit(data.origin(), init->columns);
  config.run.target_gap.reset();  // here own data are welcome
  const auto use = label_use(config, model::Catalogue::builtin());
  const DataAdmission admission(config, model::Catalogue::builtin(), {known.begin(), known.end()});
  const std::vector<transport::Candidate> alone{{"this device", data.survey(use)}};
  if (const auto refused = admission.refusal({}, alone[0])) {
    throw model::DataError(refused->error, refused->text);
  }
  const auto agreed = admission.agree(alone);
  auto objective =
      objective_options(config.model, {agreed.features, agreed.labels.size(), agreed.rows});
  check(model::dimension(objective), data.rows());
  transport::View view;
  view.labels = agreed.labels;
  if (config.data.scale == DataScale::standard) {
    const auto unscaled = data.whole(view, model::LabelUse::none);
    data.use_scale(source, scale_of(unscaled, init, static_cast<std::size_t>(agreed.features)));
  }
  return {entry, data.whole(view, use), std::move(objective), data_bytes};
}

double smoothness_of(const Problem& problem, const model::Objective<float>& objective,
                     const std::stop_token& stop) {
  const auto& options = problem.objective;
  Curvature curvature{objective.curvature_factor(), 0, problem.rows.size(), options.l2};
  const std::size_t columns = options.features + (options.bias ? 1 : 0);
  if (curvature.factor > 0) {
    curvature.largest = model::largest_eigenvalue({problem.rows, options.features, columns}, stop);
  }
  return smoothness_of(curvature);
}

}  // namespace annulet::runtime
