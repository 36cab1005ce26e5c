/// Whether what is to be computed fits into a device's memory: a small box should not find out by
/// swapping.
#include "runtime/memory_check.hpp"

#include <algorithm>

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

std::string size(std::uint64_t bytes) { return bytes_text(static_cast<double>(bytes)); }

std::string too_little(std::uint64_t needed, std::uint64_t present) {
  return " needs " + size(needed) + ", this device has " + size(present) + " of memory";
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

std::vector<MemoryPart> memory_parts(const ModelSize& model) {
  constexpr std::uint64_t kVectors = 3;         // x, the change or next x, the gradient
  constexpr std::uint64_t kAverageVectors = 3;  // m, the next m, and what is not in them yet
  constexpr std::uint64_t kFloat = sizeof(float);
  std::vector<MemoryPart> parts{{"model", "the model and its steps", "", kVectors * kFloat}};
  std::uint64_t record = kFloat;
  const auto keep = [&](bool kept, MemoryPart part, std::uint64_t beside = 0) {
    if (!kept) return;
    part.bytes = 2 * kFloat + beside;  // the vector and the next one
    record += kFloat;
    parts.push_back(part);
  };
  keep(model.corrects_drift, {"drift_correction", "V", "train.correct_drift = false"},
       kFloat);  // the own change, beside the average
  keep(model.has_momentum, {"momentum", "momentum", "outer.momentum = 0"});
  keep(model.compresses, {"residuals", "residuals", "net.compress = \"none\""});
  if (model.averages > 0) {
    record += model.averages * sizeof(double);
    parts.push_back({"averages", "averages", "run.output = \"last\"",
                     model.averages * kAverageVectors * sizeof(double) + kFloat});  // and x-bar
  }
  if (model.overlaps) {  // the next x, and one more change; and what belongs to each change
    const std::uint64_t change =
        kFloat + (model.corrects_drift ? kFloat : 0) + model.averages * sizeof(double);
    record += change;
    parts.push_back({"overlap", "the round under way", "net.overlap = false", 2 * change});
  }
  if (model.checkpointed) {
    parts.push_back({"checkpoint", "a checkpoint", "output.checkpoint_every = \"0\"", record});
  }
  for (auto& part : parts) part.bytes *= model.parameters;
  return parts;
}

std::uint64_t memory_bytes(const ModelSize& model) {
  std::uint64_t bytes = 0;
  for (const auto& part : memory_parts(model)) bytes += part.bytes;
  return bytes * model.devices;
}

std::string limit_refusal(std::span<const MemoryNeed> needs, std::span<const std::string> names,
                          const ModelSize& model, std::uint64_t limit) {
  const auto over =
      std::ranges::find_if(needs, [&](const MemoryNeed& need) { return need.all() > limit; });
  if (over == needs.end()) return {};
  const auto& name = names[static_cast<std::size_t>(over - needs.begin())];
  auto text = name + ": needs " + size(over->all()) + " for this run (" + size(over->model) +
              " for the model, " + size(over->data) + " for its rows, " + size(kProgramBytes) +
              " for the program), run.max_memory is " + size(limit) + ". ";
  std::string saved;
  for (const auto& part : memory_parts(model)) {
    constexpr std::uint64_t kNoticeable = 100;  // a hundredth
    if (part.without.empty() || part.bytes * kNoticeable < over->all()) continue;
    saved += (saved.empty() ? "" : ", ") + std::string(part.without) + " saves " + size(part.bytes);
  }
  text += "Take a smaller model or fewer rows there";
  if (names.size() > 1) text += ", run without " + name;
  return text + ", or raise it" + (saved.empty() ? "" : "; " + saved);
}

std::string memory_refusal(ModelSize model, std::uint64_t present, std::string_view advice) {
  const auto needed = memory_bytes(model);
  if (present == 0 || needed <= present) return {};
  const auto where =
      model.devices == 1 ? "" : " on " + size_text(model.devices) + " simulated devices";
  return "a model of " + counted_text(model.parameters, "parameter") + where +
         too_little(needed, present) + ". " + std::string(advice);
}

std::string sums_refusal(std::uint64_t processes, std::uint64_t bytes, std::uint64_t present) {
  constexpr std::uint64_t kVectors = 2;  // the sum, and what is kept beside it
  const auto needed = kVectors * processes * bytes;
  if (present == 0 || needed <= present) return {};
  return "adding up " + size(bytes) + " in " + size_text(processes) + " processes" +
         too_little(needed, present) + ". Give smaller --bytes or fewer --devices";
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
