/// From a run file's [model] to an objective of the catalogue.
#include "runtime/objective_options.hpp"

#include <algorithm>

#include "runtime/run_file_names.hpp"

namespace annulet::runtime {

model::ObjectiveOptions objective_options(const ModelSection& model, DataSize data) {
  return {.kind = model.kind,
          .features = static_cast<std::size_t>(data.features),
          .classes = static_cast<std::size_t>(data.classes),
          .l2 = model.l2_is_one_over_n ? 1.0 / static_cast<double>(data.rows) : model.l2,
          .bias = model.bias,
          .layers = model.layers,
          .activation = model.activation,
          .loss = model.loss};
}

const model::CatalogueEntry& entry_of(const RunConfig& config, const model::Catalogue& catalogue) {
  if (const auto* entry = catalogue.find(config.model.kind)) return *entry;
  throw ConfigError(ErrorCode::bad_value, "model.kind is \"" + config.model.kind +
                                              "\", but must be " + listed(catalogue.names(), "or"));
}

model::LabelUse label_use(const RunConfig& config, const model::Catalogue& catalogue) {
  static_cast<void>(entry_of(config, catalogue));
  return model::label_use(objective_options(config.model, {}), catalogue);
}

}  // namespace annulet::runtime
