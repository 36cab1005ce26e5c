/// From a run file's [model] to an objective of the catalogue.
#pragma once

#include <cstdint>

#include "model/catalogue.hpp"
#include "runtime/run_config.hpp"

namespace annulet::runtime {

/// What a model's shape takes from the data of all devices.
struct DataSize {
  std::uint64_t features = 0;
  std::uint64_t classes = 0;  // as many as the label map has
  std::uint64_t rows = 0;     // n
};

[[nodiscard]] model::ObjectiveOptions objective_options(const ModelSection& model, DataSize data);

/// What model.kind names. Throws ConfigError where the catalogue has no such entry: a config that
/// was not read with it.
[[nodiscard]] const model::CatalogueEntry& entry_of(const RunConfig& config,
                                                    const model::Catalogue& catalogue);

/// What the run's objective wants of labels. Throws ConfigError as entry_of does.
[[nodiscard]] model::LabelUse label_use(const RunConfig& config, const model::Catalogue& catalogue);

}  // namespace annulet::runtime
