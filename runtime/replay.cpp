/// The rounds of a run that was, taken again.
#include "runtime/replay.hpp"

#include <algorithm>
#include <utility>

#include "runtime/resume.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

constexpr auto kDoesNotFit = ErrorCode::checkpoint_does_not_fit;

class ReplayedSchedule final : public SyncSchedule {
 public:
  ReplayedSchedule(std::unique_ptr<SyncSchedule> chooser, const Replay& replay)
      : chooser_(std::move(chooser)), replay_(replay) {}
  [[nodiscard]] model::Step local_steps(const RoundFacts& facts) const override {
    return replay_.round_at(facts.t).h;
  }
  [[nodiscard]] std::string reason(const RoundFacts& /*facts*/) const override {
    return "as in the log";
  }
  [[nodiscard]] std::string name() const override { return chooser_->name(); }

 private:
  std::unique_ptr<SyncSchedule> chooser_;
  const Replay& replay_;
};

std::string number_of(std::size_t index) { return std::to_string(index + 1); }

/// Why one round is none of a run with that file; empty where it may be.
std::string flaw_of(const ReplayedRound& round, const RunConfig& config) {
  if (round.end() > config.run.steps) {
    return "ends at step " + std::to_string(round.end()) + ", but run.steps is " +
           std::to_string(config.run.steps) + ": take the run file that the run had";
  }
  if (round.steps.empty()) return {};
  if (std::ranges::count(round.steps, 0) > 0) {
    return "was missed by a device (simulate --drop): --drop and run.seed reproduce that run";
  }
  if (config.pace == Pace::time) return {};
  return R"(has devices that took fewer steps, but round.pace is "steps": take the run file that )"
         "the run had";
}

}  // namespace

const ReplayedRound& Replay::round_at(model::Step t) const {
  const auto after = std::ranges::upper_bound(rounds, t, {}, &ReplayedRound::begin);
  return after == rounds.begin() ? rounds.front() : *std::prev(after);
}

std::string Replay::reason() const {
  return "done: " + counted_text(rounds.size(), "round") + " of the log replayed";
}

void require_replay_fits(const Replay& replay, const RunConfig& config, std::size_t devices) {
  if (replay.devices != devices) {
    throw ReplayError(kDoesNotFit, replay.file + " is of " +
                                       counted_text(replay.devices, "device") +
                                       ": give --devices " + std::to_string(replay.devices));
  }
  const model::Step begin = replay.rounds.front().begin;
  if (begin != config.run.start_step) {
    throw ReplayError(kDoesNotFit, replay.file + " begins at step " + std::to_string(begin) +
                                       ", the run file at step " +
                                       std::to_string(config.run.start_step) +
                                       ": take the run file that the run had");
  }
  for (std::size_t i = 0; i < replay.rounds.size(); ++i) {
    const auto flaw = flaw_of(replay.rounds[i], config);
    if (!flaw.empty())
      throw ReplayError(kDoesNotFit, replay.file + ": round " + number_of(i) + " " + flaw);
  }
}

std::unique_ptr<SyncSchedule> replayed(std::unique_ptr<SyncSchedule> schedule,
                                       const Replay& replay) {
  return std::make_unique<ReplayedSchedule>(std::move(schedule), replay);
}

void announce(const Replay& replay, RunStarted& started) {
  started.steps = replay.end();
  started.steps_given = true;
  started.seconds = std::nullopt;
  started.ends = counted_text(replay.rounds.size(), "round") + " of a log";
}

void check_replayed(const Replay& replay, const State& state) {
  const auto index = static_cast<std::size_t>(state.round - 1);
  const auto expected = replay.rounds.at(index).model_hash;
  if (state.hash == expected) return;
  throw AgreedRefusal(kDoesNotFit, "round " + number_of(index) + " comes to the model " +
                                       hash_text(state.hash) + ", but in " + replay.file + " to " +
                                       hash_text(expected) +
                                       ": data, run file or annulet are not those of that run");
}

}  // namespace annulet::runtime
