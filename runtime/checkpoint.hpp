/// Checkpoints: everything that one device needs to go on as if it had never stopped, as bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "devices/error_code.hpp"
#include "model/dataset.hpp"
#include "model/sampler.hpp"
#include "runtime/local_sgd.hpp"

namespace annulet::runtime {

/// What a run has come to, over all the times it was continued.
struct RunTotals {
  double seconds = 0;             // as in RoundDone
  std::uint64_t model_bytes = 0;  // sent by this device
  std::uint64_t sent_bytes = 0;   // sent by this device, all of them
  bool operator==(const RunTotals&) const = default;
};

/// What a checkpoint belongs to, and the books of the run.
struct CheckpointHead {
  std::uint64_t run_id = 0;
  std::string config_toml;           // the run file as used
  std::vector<std::string> members;  // in ring order
  std::uint32_t rank = 0;            // this device's place among them
  std::uint64_t features = 0;        // of the view, as are the next two
  std::uint64_t rows = 0;
  std::vector<float> labels;
  std::vector<std::uint64_t> samples;  // of all devices, in ring order
  std::uint64_t data_digest = 0;       // of this device's shard
  double drop = 0;  // of a simulation: the probability that a device misses a round
  RunTotals totals;
  double objective_start = 0;
  std::string reason;  // why the schedule chose H in the last round
  bool cut = false;    // the last round was shorter than the schedule's, for run.steps' sake
  model::Scale scale;  // of the features, as all agreed on it; empty: none
  bool operator==(const CheckpointHead&) const = default;
};

/// Schedules and step sizes are pure functions of the state's facts and of the run file, and their
/// constants are agreed on over the ring again: neither is kept.
struct Checkpoint {
  CheckpointHead head;
  State state;
  model::SamplerState sampler;
};

/// The bytes are no whole checkpoint. what() says why: "is damaged: its checksum does not fit".
class CheckpointError : public devices::UserError {
 public:
  using UserError::UserError;
  explicit CheckpointError(const std::string& what) : UserError(ErrorCode::bad_checkpoint, what) {}
};

/// Writes one device's record over `record`, whose memory is used again; a long reason is cut.
/// Nothing is changed that the arguments refer to. Throws std::system_error when the run file is
/// longer than one can be.
void encode_record(CheckpointHead& head, State& state, model::SamplerState& sampler,
                   std::vector<std::byte>& record);

/// A file is what begins it, a record of each device (one, or all of a simulation), and a checksum
/// over all of that: see docs/checkpoints.md.
class CheckpointFile {
 public:
  explicit CheckpointFile(std::span<const std::span<const std::byte>> records);
  CheckpointFile(const CheckpointFile&) = delete;
  CheckpointFile& operator=(const CheckpointFile&) = delete;

  /// To be written one after the other, while the records and this object live.
  [[nodiscard]] std::span<const std::span<const std::byte>> pieces() const noexcept {
    return pieces_;
  }

 private:
  std::vector<std::byte> frame_;  // what is not a record
  std::vector<std::span<const std::byte>> pieces_;
};

/// The records of a file, in the order they were written. The checksum is compared before anything
/// in the file is believed. Throws CheckpointError.
[[nodiscard]] std::vector<Checkpoint> decode_checkpoints(std::span<const std::byte> file);

}  // namespace annulet::runtime
