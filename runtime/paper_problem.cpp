/// f*, by Newton's method, and L.
#include "runtime/paper_problem.hpp"

#include <numeric>
#include <utility>
#include <vector>

#include "model/catalogue.hpp"
#include "model/optimum.hpp"
#include "runtime/optimum_search.hpp"
#include "runtime/smoothness.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

std::shared_ptr<const model::Shard> all_rows(const std::shared_ptr<const model::Dataset>& data) {
  const std::vector<std::vector<float>> sets{model::survey(*data).labels};
  const std::vector<std::string> names{"the data"};
  const auto labels = model::make_label_map(model::LabelUse::binary, sets, names);
  std::vector<model::Index> rows(data->rows());
  std::iota(rows.begin(), rows.end(), model::Index{0});
  return std::make_shared<const model::Shard>(
      model::make_shard(data, std::move(rows), model::LabelUse::binary, labels));
}

}  // namespace

void check_learnable(const PaperProblem& problem, double eps) {
  if (problem.first_gap() > eps) return;
  throw model::DataError(
      ErrorCode::no_data,
      "there is nothing to learn from these data: x = 0 is " + digits_text(problem.first_gap(), 2) +
          " above the least loss, within eps = " + shortest_text(eps) + " already");
}

PaperProblem make_paper_problem(std::shared_ptr<const model::Dataset> data,
                                const std::stop_token& stop) {
  if (!data->is_sparse()) {
    throw model::DataError(ErrorCode::data,
                           "the paper's experiment needs sparse rows: give a LIBSVM file");
  }
  if (data->features() == 0) {
    throw model::DataError(ErrorCode::no_data, "the data have no features to learn from");
  }
  PaperProblem problem;
  problem.rows = all_rows(data);
  problem.l2 = 1 / problem.n();
  model::ObjectiveOptions options;
  options.features = data->features();
  options.l2 = problem.l2;
  const auto& entry = model::Catalogue::builtin().at(options.kind);
  const auto convex = entry.make_problem(options, *problem.rows);
  model::OptimumSearch newton(*convex);
  const auto end = search(newton, stop, [](const model::OptimumProgress& /*progress*/) {});
  const auto known = optimum_of(newton, end);
  if (!known.f_star && !stop.stop_requested()) {
    throw model::DataError(ErrorCode::data, known.problem);
  }
  problem.f_star = known.f_star.value_or(0);
  problem.norm2 = known.norm * known.norm;
  const double factor = entry.make_float(options)->curvature_factor();
  const double largest =
      model::largest_eigenvalue({*problem.rows, options.features, options.features}, stop);
  problem.smoothness = smoothness_of({factor, largest, problem.rows->size(), options.l2});
  problem.data = std::move(data);
  return problem;
}

}  // namespace annulet::runtime
