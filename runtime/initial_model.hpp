/// The model that a run begins with where a model file holds it (model.init).
#pragma once

#include <optional>
#include <span>
#include <string>

#include <asio/awaitable.hpp>

#include "devices/clock.hpp"
#include "model/dataset.hpp"
#include "runtime/model_file_reader.hpp"
#include "runtime/run_config.hpp"
#include "transport/ring.hpp"

namespace annulet::runtime {

/// What model.init names, for the starter; nothing where it names none. The data must have the
/// model's features: data.features becomes their number. Where it has a scale, data.scale becomes
/// standard, and its scale is the run's. Throws ModelFileError, and ConfigError
/// where the run file and the model do not go together.
[[nodiscard]] std::optional<SavedModel> read_initial_model(RunConfig& config,
                                                           const model::Catalogue& catalogue);

/// Throws model::DataError where the data name their columns otherwise than the model.
void check_columns_fit(const model::DataOrigin& data, std::span<const std::string> of_model);

/// Throws model::DataError where the scale shifts features and the rows are sparse.
void check_scale_fits(const model::Scale& scale, bool sparse);

/// On every device x becomes what it is on rank 0, bit for bit. x: (d), alive until this returns.
/// One all-reduce, counted as control. Throws std::system_error when the ring fails.
asio::awaitable<void> share_model(transport::Ring& ring, std::span<float> x,
                                  transport::Operation operation, devices::TimePoint deadline);

/// The same for a scale: shift, factor: (p), on every device of the same p.
asio::awaitable<model::Scale> share_scale(transport::Ring& ring, model::Scale scale,
                                          transport::Operation operation,
                                          devices::TimePoint deadline);

}  // namespace annulet::runtime
