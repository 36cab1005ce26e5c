/// One device's part in a round of Algorithm 1: its local steps before the average, its commit
/// after it. What lies between, a ring over TCP or in memory, does not matter here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "devices/units.hpp"
#include "model/solver.hpp"
#include "model/step_size.hpp"
#include "runtime/facts.hpp"
#include "runtime/outer_step.hpp"
#include "runtime/schedule.hpp"

namespace annulet::runtime {

struct Replay;

/// What a device does in one round.
struct RoundPart {
  model::Step h = 0;    // H, by which t advances on all devices
  model::Step own = 0;  // h_w, the steps that this device takes; 0: it misses the round
  model::StepReport report{};
  Effort effort{};
};

/// A device's own steps of a round, from when they are taken until their average is there.
struct OwnChange {
  RoundPart part{};  // h = 0: there is none
  std::vector<model::Step>
      all{};               // h_w of every device, in ring order; empty where rounds are even
  Facts facts{};           // its part of what is summed beside the change
  std::vector<float> d{};  // (d) D_w; zeros where it is not finite
  std::vector<float>
      v{};  // (d) with net.overlap: the correction V that these steps were taken with
  std::vector<model::IterateAverage> averages{};  // State's, with the iterates of these steps
  devices::Duration took{0};   // with what a round costs however many steps it has
  devices::Duration steps{0};  // without: of all steps
  bool cut = false;            // the schedule wanted more steps, but there were no more
  std::string reason{};        // why the schedule chose h

  [[nodiscard]] bool empty() const noexcept { return part.h == 0; }
  void clear();
};

/// All that a round changes, in one place: a round commits or did not happen.
struct State {
  model::Step t = 0;       // steps that x is the average of, the same on all devices
  std::int64_t round = 0;  // rounds committed
  std::vector<float> x;    // (d), bit-identical on all devices
  std::vector<float> u{};  // (d) outer momentum, bit-identical on all devices; empty: off
  std::vector<float> v{};  // (d) drift correction of this device; empty: off
  std::vector<float> r{};  // (d) residual of this device: what its codec left out; empty: no codec
  // Of the last average; no loss is known before the first round that somebody was present in.
  RoundFacts facts{.loss = std::numeric_limits<double>::quiet_NaN()};
  // (W) of each device, in ring order, in its last round, the same on all; 0: not known. Empty:
  // rounds are even.
  std::vector<float> step_seconds{};
  float round_seconds = 0;  // of this device's last round, with its average; 0: not known
  // Of this device's own iterates before step t, for run.output; empty: off.
  std::vector<model::IterateAverage> averages{};
  OwnChange under_way{};   // with net.overlap: of the steps from t on, whose average is to come
  std::uint64_t hash = 0;  // hash_of(x)
};

/// Devices that miss rounds, in simulations.
struct Drops {
  double probability = 0;  // of each device and round
  std::uint64_t seed = 0;
};

/// What all rounds of a device have in common.
struct RoundRules {
  double share = 1;      // p_w, this device's weight; they sum to 1
  std::size_t rank = 0;  // this device's place in the ring
  OuterOptions outer{};
  double drift_rate = 1;  // of drift correction
  bool paced = false;     // round.pace = "time": a slow device takes fewer than H steps
  bool timed = false;     // the schedule asks for the time; then State::step_seconds is there
  Drops drops{};
  const Replay* replay = nullptr;  // who takes how many steps, as a log has it; outlives the rules
  bool overlap = false;            // net.overlap, on a ring of several: averages come a round late
};

/// May devices take unlike numbers of steps, or none?
[[nodiscard]] inline bool are_uneven(const RoundRules& rules) {
  return rules.paced || rules.drops.probability > 0;
}

/// Where a device's next steps begin: at x, or ahead of it by steps whose average is to come.
struct Departure {
  const State& state;
  const OwnChange& ahead;  // may be empty

  [[nodiscard]] model::Step t() const noexcept { return state.t + ahead.part.h; }
  [[nodiscard]] std::int64_t round() const noexcept {
    return state.round + (ahead.empty() ? 0 : 1);
  }
  /// What the schedule may know: of the last average that is there, but for t.
  [[nodiscard]] RoundFacts facts() const;
};

/// How many of H steps this device takes. The same for the same state.
[[nodiscard]] RoundPart plan_part(const RoundRules& rules, const Departure& from, model::Step h);

/// h_w of every device, in ring order: all devices know it of all. Empty where rounds are even.
[[nodiscard]] std::vector<model::Step> steps_of_all(const RoundRules& rules, const Departure& from,
                                                    model::Step h);

/// What a device's steps borrow.
struct LocalSteps {
  model::LocalSolver<float>& solver;
  const model::StepSize& eta;
  std::stop_token stop{};
  std::function<double()> clock{};  // as in model::StepExtras
};

/// Takes the steps of own.part from x + D_w of those ahead, and fills the rest of `own` but for
/// all, took, steps, cut and reason. Where y_w is not finite, or so far from where it began that
/// the difference is not, own.d is zeros and the facts say so.
void take_part(OwnChange& own, const RoundRules& rules, const LocalSteps& steps,
               const Departure& from);

/// Into `delta` what is to be summed of a device's change: p_w E/E_w D_w; into next.r the residual
/// of now, for the average to change.
void weigh(const OwnChange& own, const State& state, State& next, std::vector<float>& delta);
/// Whether own.d is asked for once more when the average is there.
[[nodiscard]] bool needs_own_change(const RoundRules& rules, const State& state) noexcept;
/// Before a round's steps: what will be the next x gets the memory of the x before this one.
void reuse_memory(OwnChange& own, const RoundRules& rules, const State& state, State& next,
                  std::vector<float>& delta) noexcept;
/// As weigh(), but where own.d is not needed any more its memory becomes delta's, and delta's its.
void hand_over(OwnChange& own, const RoundRules& rules, const State& state, State& next,
               std::vector<float>& delta);

/// Whose facts those are, and how long its steps took, alone.
struct TimedPart {
  const RoundRules& rules;
  const RoundPart& part;
  double seconds = 0;
};

/// What travels in the rounds that follow that state.
[[nodiscard]] Tail tail_of(const RoundRules& rules, const State& state);

/// The facts as they travel, and what this device has measured: in its slot seconds a step, those
/// of the round before where it took none; and its part of the mean of the seconds of the last
/// round.
void write_tail(const Facts& facts, const TimedPart& timed, const State& state,
                std::vector<float>& tail);
/// What the sum of the tails says of times: step_seconds of `next`, and where schedules ask for it
/// its facts of time. own: steps_of_all() of the round that leads from `state` to it.
void read_times(std::span<const float> tail, const RoundRules& rules,
                std::span<const model::Step> own, const State& state, State& next);

/// The state that follows the average of the devices' own changes, into `next`, whose r the average
/// left. delta, facts: the sums over the devices; delta becomes next.x, and has its memory then.
/// Without net.overlap own.d is changed. What next has of times, its averages and under_way are the
/// caller's. False, on all devices alike: x would not be finite, and the round is not to be
/// committed.
[[nodiscard]] bool commit_part(OwnChange& own, const RoundRules& rules, const State& state,
                               std::vector<float>& delta, const Facts& facts, State& next);

}  // namespace annulet::runtime
