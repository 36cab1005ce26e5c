/// Does it fit into a device's memory?
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/dataset.hpp"
#include "runtime/run_config.hpp"
#include "transport/admission.hpp"

namespace annulet::runtime {

/// What the memory that a model takes while it is trained depends on.
struct ModelSize {
  std::uint64_t parameters = 0;
  std::size_t averages = 0;     // of run.output: each keeps more vectors, of doubles
  bool corrects_drift = false;  // train.correct_drift keeps V
  bool has_momentum = false;    // outer.momentum keeps u
  bool compresses = false;      // net.compress keeps residuals
  bool checkpointed = false;    // all of it is kept once more, as bytes
  bool overlaps = false;        // net.overlap keeps the change under way
  std::size_t devices = 1;      // in this process: those of a simulation
};

/// What a run file says of it. The writer of checkpoints and other devices are the caller's to
/// know.
[[nodiscard]] ModelSize model_size(const RunConfig& config, std::uint64_t parameters);

/// What training keeps for one reason.
struct MemoryPart {
  std::string_view key;  // of --json: "averages"
  std::string_view what;
  std::string_view without;  // what in the run file leaves it out; "": nothing does
  std::uint64_t bytes = 0;   // of one device
};

/// What the vectors of a model of that size take while it is trained, part by part: the model with
/// its steps first, then what the run file asks for.
[[nodiscard]] std::vector<MemoryPart> memory_parts(const ModelSize& model);
/// All parts, of all its devices.
[[nodiscard]] std::uint64_t memory_bytes(const ModelSize& model);

/// What a device needs beside its vectors and its rows: the program itself, its buffers, and the
/// rows of one mini-batch in a network.
inline constexpr std::uint64_t kProgramBytes = 8'000'000;

/// What a device needs for a run.
struct MemoryNeed {
  std::uint64_t model = 0;  // vectors, as memory_bytes() has them
  std::uint64_t data = 0;   // rows, as they are kept in memory

  [[nodiscard]] std::uint64_t all() const noexcept { return model + data + kProgramBytes; }
};

/// A sentence on the first device that needs more than `limit` (run.max_memory), or "". needs: of
/// all devices, in ring order, whose names are `names`.
[[nodiscard]] std::string limit_refusal(std::span<const MemoryNeed> needs,
                                        std::span<const std::string> names, const ModelSize& model,
                                        std::uint64_t limit);

/// Where rows are read, most models that are too large are so by a mistake in them.
inline constexpr std::string_view kIndexAdvice =
    "Is a feature index in the data wrong? data.features sets a limit";

/// A sentence when a model of that size does not fit into `present` bytes of memory, with the
/// advice behind it, or "". The width of data is believed as others tell it; a small box should not
/// find out by swapping. 0 bytes: not known.
[[nodiscard]] std::string memory_refusal(ModelSize model, std::uint64_t present,
                                         std::string_view advice = kIndexAdvice);
/// The same of all-reduces of `bytes` between processes of this device.
[[nodiscard]] std::string sums_refusal(std::uint64_t processes, std::uint64_t bytes,
                                       std::uint64_t present);
/// The same of a search for f* (model::OptimumSearch) over these rows.
[[nodiscard]] std::string search_refusal(std::uint64_t parameters, const model::Dataset& rows,
                                         std::uint64_t present);
/// The same of rings in memory (MemoryRing) whose devices together are rings.devices, on these
/// rows.
[[nodiscard]] std::string rings_refusal(const ModelSize& rings, const model::Dataset& rows,
                                        std::uint64_t present);
/// Why report_on (data_report.hpp) should not begin: a feature index that no model may have, or
/// more features than fit into `present` bytes.
[[nodiscard]] std::optional<transport::Cause> report_refusal(const model::Dataset& data,
                                                             std::uint64_t present);

}  // namespace annulet::runtime
