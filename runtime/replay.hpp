/// The rounds of a run that was, out of its log: to take them again where H, or who takes how many
/// steps, depended on measured time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "model/types.hpp"
#include "runtime/observer.hpp"
#include "runtime/round.hpp"
#include "runtime/run_config.hpp"
#include "runtime/schedule.hpp"

namespace annulet::runtime {

struct ReplayedRound {
  model::Step begin = 0;             // t before it
  model::Step h = 0;                 // H
  std::vector<model::Step> steps{};  // h_w of each device, in ring order; empty: all took h
  std::uint64_t model_hash = 0;      // of the model after it

  [[nodiscard]] model::Step steps_of(std::size_t rank) const {
    return steps.empty() ? h : steps.at(rank);
  }
  [[nodiscard]] model::Step end() const { return begin + h; }
};

/// All rounds of a run, each where the one before ends. Never none.
struct Replay {
  std::string file;         // the log
  std::size_t devices = 1;  // W
  std::vector<ReplayedRound> rounds;

  /// The round that begins at step t, which one of them does; after the last that one.
  [[nodiscard]] const ReplayedRound& round_at(model::Step t) const;
  /// t after the last.
  [[nodiscard]] model::Step end() const { return rounds.back().end(); }
  /// Why a run that replays them ends.
  [[nodiscard]] std::string reason() const;
};

/// A log that cannot be replayed. what() has its name, and the line where it is wrong.
class ReplayError : public devices::UserError {
 public:
  using UserError::UserError;
};

/// Reads the log.jsonl of any device of a run, or of the run's folder. Of a run that went on from
/// checkpoints the rounds that it took again count. Throws ReplayError.
[[nodiscard]] Replay read_replay(const std::filesystem::path& log);
/// The same, of the lines themselves; file: what messages call it.
[[nodiscard]] Replay parse_replay(std::string_view lines, std::string file);

/// Throws ReplayError where these cannot be rounds of a run of that file.
void require_replay_fits(const Replay& replay, const RunConfig& config, std::size_t devices);

/// H as the log has it, under the name of the schedule that chose it. The replay outlives it.
[[nodiscard]] std::unique_ptr<SyncSchedule> replayed(std::unique_ptr<SyncSchedule> schedule,
                                                     const Replay& replay);
/// What those who watch hear of the end: that of the log.
void announce(const Replay& replay, RunStarted& started);
/// Throws AgreedRefusal, on all devices after the same round, where `state` is not what the log has
/// after it.
void check_replayed(const Replay& replay, const State& state);

}  // namespace annulet::runtime
