/// Going on from checkpoints: what belongs together, what may change, and which round all have.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <asio/awaitable.hpp>

#include "model/shard.hpp"
#include "runtime/checkpoint.hpp"
#include "runtime/disk.hpp"
#include "runtime/run_config.hpp"
#include "transport/messages.hpp"
#include "transport/ring.hpp"

namespace annulet::runtime {

/// What a device is asked to go on from.
struct ResumeFrom {
  std::string folder;             // as the user named it
  std::vector<Checkpoint> found;  // this device's, newest first, of one run; at least one

  [[nodiscard]] const CheckpointHead& head() const { return found.front().head; }
  /// Keeps the newest one's head alone: states are as large as the model's vectors.
  void let_go_of_states();
};

struct ReadResume {
  std::vector<ResumeFrom> devices;   // by rank for a simulation's folder, else this device's
  std::vector<std::string> refused;  // a sentence for each file that was passed over
};

/// Reads a run's folder for a device, or for all devices of a simulation. Throws CheckpointError
/// when it holds nothing to go on from, FileError when it cannot be read.
enum class ResumedBy { device, simulation };
[[nodiscard]] ReadResume read_resume(Disk& disk, const std::filesystem::path& folder,
                                     ResumedBy who);

/// A run that began with a model (model.init) took its features and scale from it. When it goes on
/// its checkpoints have both: `config` becomes what it was then, and the file is not read again.
void settle_initial_model(RunConfig& config, const CheckpointHead& head);

/// Why the run file `now` cannot go on with what `then` has trained; empty when it can. How long a
/// run lasts, where its data are, and what is told of it may change; what is computed may not. Of
/// several changes the one that comes first in a run file is named.
[[nodiscard]] std::string config_conflict(std::string_view then, std::string_view now);

/// Why these members cannot go on: they must be the same ones, in the same places; else empty.
[[nodiscard]] std::string member_conflict(const CheckpointHead& head, const transport::View& view);

/// "laptop, pi-1 and pi-2"
[[nodiscard]] std::string names_text(const std::vector<std::string>& names);

/// A number that says whether a shard is the same: of its rows, values and targets.
[[nodiscard]] std::uint64_t data_digest(const model::Shard& shard);

/// All devices have found the same reason, each for itself, and end with the same sentence: for
/// none of them another is lost.
class AgreedRefusal : public devices::UserError {
 public:
  using UserError::UserError;
};

/// What a device lays before the others.
struct ResumeOffer {
  const ResumeFrom& from;
  const transport::View& view;
  bool data_fit = true;  // this device's data are those that the checkpoints were made with
};

/// Which of its checkpoints a device goes on from: all devices choose the newest round that each of
/// them has, with the same model. Throws AgreedRefusal with the same sentence on all when there
/// is none, or somebody's data or checkpoints are not its own of that run; std::system_error when
/// the ring fails.
asio::awaitable<std::size_t> agree_on_checkpoint(transport::Ring& ring,
                                                 transport::Operation operation,
                                                 devices::TimePoint deadline, ResumeOffer offer);

}  // namespace annulet::runtime
