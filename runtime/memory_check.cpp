/// Whether what is to be computed fits into a device's memory: a small box should not find out by
/// swapping.
#include "runtime/memory_check.hpp"

#include "runtime/data_admission.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

/// What to look at: ". Row 3 has the index 400,000,000: is that right?" of sparse rows.
std::string widest_row(const model::Dataset& data) {
  if (!data.is_sparse()) return ": use fewer features";
  for (std::size_t i = 0; i < data.rows(); ++i) {
    const auto index = data.sparse_row(i).index;
    if (index.empty() || index.back() + std::size_t{1} != data.features()) continue;
    return ". Row " + size_text(i + 1) + " has the index " + size_text(data.features()) +
           ": is that right?";
  }
  return "";
}

std::string too_little(std::uint64_t needed, std::uint64_t present) {
  return " needs " + bytes_text(static_cast<double>(needed)) + ", this device has " +
         bytes_text(static_cast<double>(present)) + " of memory";
}

}  // namespace

ModelSize model_size(const RunConfig& config, std::uint64_t parameters) {
  return {.parameters = parameters,
          .averages = config.run.output ? 1U : 0U,
          .corrects_drift = config.train.correct_drift,
          .has_momentum = config.outer.momentum > 0,
          .compresses = config.compress != transport::Compress::none,
          .checkpointed = config.checkpoint_every > devices::Duration{},
          .overlaps = config.overlap};
}

std::uint64_t memory_bytes(const ModelSize& model) {
  constexpr std::uint64_t kVectors = 4;  // x, the own change or next x, the delta, the gradient
  constexpr std::uint64_t kAverageVectors = 3;  // m, the next m, and what is not in them yet
  std::uint64_t bytes = kVectors * sizeof(float), record = sizeof(float);
  for (const bool kept : {model.corrects_drift, model.has_momentum, model.compresses}) {
    if (!kept) continue;
    bytes += 2 * sizeof(float);  // the vector and the next one
    record += sizeof(float);
  }
  if (model.averages > 0) {
    bytes += model.averages * kAverageVectors * sizeof(double) + sizeof(float);  // and x-bar
    record += model.averages * sizeof(double);
  }
  if (model.overlaps) {  // the next x, and one more change; and what belongs to each change
    const std::uint64_t change = sizeof(float) + (model.corrects_drift ? sizeof(float) : 0) +
                                 model.averages * sizeof(double);
    bytes += 2 * change;
    record += change;
  }
  if (model.checkpointed) bytes += 2 * record;  // one is written, one waits
  return model.parameters * bytes * model.devices;
}

std::string memory_refusal(ModelSize model, std::uint64_t present) {
  const auto needed = memory_bytes(model);
  if (present == 0 || needed <= present) return {};
  const auto where =
      model.devices == 1 ? "" : " on " + size_text(model.devices) + " simulated devices";
  return "a model of " + counted_text(model.parameters, "parameter") + where +
         too_little(needed, present) +
         ". Is a feature index in the data wrong? data.features sets a limit";
}

std::string rings_refusal(const ModelSize& rings, const model::Dataset& rows,
                          std::uint64_t present) {
  const auto needed = memory_bytes(rings);
  if (present == 0 || needed <= present) return {};
  return "the experiment with " + counted_text(rings.parameters, "parameter") + " on " +
         size_text(rings.devices) + " simulated devices at a time" + too_little(needed, present) +
         widest_row(rows);
}

std::string search_refusal(std::uint64_t parameters, const model::Dataset& rows,
                           std::uint64_t present) {
  constexpr std::uint64_t kVectors = 11;  // of OptimumSearch
  const auto needed = parameters * kVectors * sizeof(double);
  if (present == 0 || needed <= present) return {};
  return "the search for f* over " + counted_text(parameters, "parameter") +
         too_little(needed, present) + widest_row(rows) +
         (rows.is_sparse() ? " data.features sets a limit" : "");
}

std::optional<transport::Cause> report_refusal(const model::Dataset& data, std::uint64_t present) {
  constexpr std::uint64_t kBytes = 40;  // a feature's bounds and moments
  const std::uint64_t features = data.features();
  if (features >= kMaxParameters) {
    return transport::Cause{ErrorCode::model_too_large,
                            "its " + size_text(features) + " features are more than the " +
                                size_text(kMaxParameters - 1) + " that a model may have" +
                                widest_row(data)};
  }
  const auto needed = features * kBytes;
  if (present == 0 || needed <= present) return {};
  return transport::Cause{ErrorCode::out_of_memory, "to look at its " + size_text(features) +
                                                        " features" + too_little(needed, present) +
                                                        widest_row(data)};
}

}  // namespace annulet::runtime
