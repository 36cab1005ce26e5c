/// From options to a problem.
#include "runtime/commands/bench_problem.hpp"

#include <cstdint>
#include <memory>
#include <numeric>
#include <utility>

#include "devices/machine.hpp"
#include "model/catalogue.hpp"
#include "runtime/commands/ending.hpp"
#include "runtime/commands/label_option.hpp"
#include "runtime/data_source.hpp"
#include "runtime/made_rows.hpp"
#include "runtime/memory_check.hpp"
#include "runtime/objective_options.hpp"
#include "runtime/run_file_names.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

const model::CatalogueEntry& entry_of(const BenchOptions& options) {
  const auto& catalogue = model::Catalogue::builtin();
  const auto* entry = catalogue.find(options.objective);
  if (entry == nullptr) {
    throw UsageError(ErrorCode::bad_option, "--objective " + printable(options.objective) +
                                                ": give " + listed(catalogue.names(), "or"));
  }
  if (!options.layers.empty() && !entry->layered) {
    throw UsageError(ErrorCode::bad_option,
                     "--layers: " + entry->name + " has none; give --objective mlp, too");
  }
  return *entry;
}

/// A run of that objective, as a run file would have it.
RunConfig config_of(const BenchOptions& options, const model::CatalogueEntry& entry) {
  constexpr std::size_t kUsualWidth = 64;
  RunConfig config;
  config.model.kind = entry.name;
  config.model.l2_is_one_over_n = true;
  if (entry.layered) config.model.layers = {kUsualWidth};
  if (!options.layers.empty()) config.model.layers = options.layers;
  config.train.batch = options.batch;
  if (options.data.empty()) return config;
  config.data.train = data_path(options.data);
  config.data.train.label.option = "--label";
  if (!options.label.empty()) choose_label(config.data.train.label, options.label);
  return config;
}

void require_memory(const RunConfig& config, std::uint64_t parameters,
                    std::string_view advice = kIndexAdvice) {
  const auto reason =
      memory_refusal(model_size(config, parameters), devices::physical_memory_bytes(), advice);
  if (!reason.empty()) throw model::DataError(ErrorCode::out_of_memory, reason);
}

/// On rows that are made here.
Bench made_bench(const RunConfig& config, const model::CatalogueEntry& entry) {
  auto made = make_rows(entry.labels);
  const auto data = std::make_shared<const model::Dataset>(std::move(made.data));
  const bool classes = model::names_classes(entry.labels);
  const auto seen = model::survey(*data, classes);
  const std::vector<std::vector<float>> labels{seen.labels};
  const std::vector<std::string> names{"the rows made here"};
  const auto map = model::make_label_map(entry.labels, labels, names);
  std::vector<model::Index> rows(data->rows());
  std::iota(rows.begin(), rows.end(), model::Index{0});
  auto objective = objective_options(config.model, {data->features(), map.classes(), data->rows()});
  require_memory(config, model::dimension(objective), "Give smaller --layers");
  return {{entry, model::make_shard(data, std::move(rows), entry.labels, map), std::move(objective),
           data->bytes()},
          made.shape};
}

}  // namespace

Bench bench_of(const BenchOptions& options) {
  const auto& entry = entry_of(options);
  const auto config = config_of(options, entry);
  if (options.data.empty()) {
    if (options.label.empty()) return made_bench(config, entry);
    throw UsageError(ErrorCode::bad_option, "--label: made rows have no columns; give --data, too");
  }
  const auto check = [&config](std::uint64_t parameters, const model::Dataset&) {
    require_memory(config, parameters);
  };
  auto problem = read_problem(config, "", check);
  auto rows = printable(options.data, 300) + ": " + counted_text(problem.rows.size(), "row") +
              " of " + counted_text(problem.objective.features, "feature");
  return {std::move(problem), std::move(rows)};
}

}  // namespace annulet::runtime
