/// What a run costs, before it is started: rounds, bytes, and a model of its time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "devices/units.hpp"
#include "model/objective.hpp"
#include "runtime/run_config.hpp"
#include "runtime/schedule.hpp"

namespace annulet::runtime {

/// Whom the plan is for.
struct PlannedRing {
  std::size_t devices = 1;                                        // W
  devices::LinkSpeed link{1.25e6, std::chrono::milliseconds(2)};  // of every link
  // Floating point operations a second, by rank; the last is of all further devices, too.
  std::vector<double> flops_per_second{5e9};
};

/// What a plan follows from. Borrowed while it is made.
struct PlanInputs {
  const RunConfig& config;
  const model::Objective<float>& objective;
  const model::ObjectiveOptions& options;  // of the objective; l2 is a number here
  std::uint64_t rows = 0;                  // n over all devices
  // Smoothness of f over all rows; none: not known. Needed where need_smoothness (ring_laws.hpp)
  // says so, else for the theory's H only.
  std::optional<double> L{};
  const Schedules& schedules = Schedules::builtin();
};

/// What the planned steps cost with one sequence of rounds.
struct Cost {
  std::int64_t rounds = 0;
  model::Step first_h = 0, most_h = 0;  // local steps of the first round, and of the longest
  // Sent per device, the mean over all: elements and facts, which a run counts as model bytes.
  double model_bytes = 0;
  double framing_bytes = 0;  // headers and checksums of the same averages
  double compute_s = 0;      // local steps of the slowest device
  double average_s = 0;      // all-reduces of the rounds
  double overlapped_s = 0;   // with net.overlap: how long both go on

  [[nodiscard]] double seconds() const { return compute_s + average_s - overlapped_s; }
};

/// What the paper says about H.
struct TheoryPlan {
  double mu = 0, L = 0, kappa = 0;
  model::Step steps_for_two = 0;  // the least T for which H* is 2
  // Where T is known: sqrt(T/(kappa B W)), and what H*, its whole part but at least 1, costs.
  std::optional<double> h{};
  Cost cost{};
};

struct Plan {
  model::Step begin = 0, end = 0;  // the planned steps
  bool is_part = false;            // of a run that something else ends: its first steps
  std::string schedule;            // its name
  Cost every_step;                 // H = 1, as float32
  // The schedule's, with the fewest and the most rounds. They are the same, and exact, unless H
  // depends on what only a run measures.
  Cost fewest, most;
  bool exact = true;
  bool timed = false;                // H depends on times: the bounds are around those of this plan
  bool takes_mesh = false;           // net.exchange = "auto" would, on these links
  double average_s = 0;              // of one all-reduce
  std::vector<double> step_s;        // of a local step, by rank as flops_per_second
  std::optional<TheoryPlan> theory;  // where there is a kappa
};

/// Steps that are planned of a run whose end is a time or a target.
inline constexpr model::Step kPlannedSteps = 1000;

/// Model bytes are exact: to the byte what the devices of such a run count, on average. Time is a
/// model: a local step takes step_flops at the board's rate, an average average_seconds(); the
/// all-reduce of an averaged output, which a run does not time, is left out. net.compress counts
/// but for H = 1, which is what a run compares itself with. Throws ConfigError as the run would,
/// and where more than 10,000,000 rounds would have to be counted; std::logic_error when the
/// schedule chooses no step at all.
///
/// Where H depends on what a run measures, the bounds are those of ScheduleEntry::extremes. A
/// schedule that names none is tried with several facts: where its rounds differ, it is only known
/// that there are at least one and at most one a step. One that asks for the time is told that of
/// this model, and an average a percent longer and shorter; where devices wait for a slower one,
/// who comes last may find half of an average done: then down to half as long.
[[nodiscard]] Plan make_plan(const PlanInputs& in, const PlannedRing& ring);

/// How long an all-reduce of a vector of so many bytes takes W devices that begin together, as in
/// virtual time: with a segment of s bytes, on the line for s/rate,
///   header/rate + (2W - 3) max(s/rate, c + delay) + s/rate + delay
/// c being the time of the first 64 KiB of a segment at most, after which its bytes go on to the
/// next device. For segments shorter than that it is 2(W-1) (s/rate + delay): that of the ring
/// algorithm (Patarasu and Yuan 2009) with a latency. Segments are taken to be equal.
[[nodiscard]] double average_seconds(std::size_t devices, std::uint64_t bytes,
                                     const devices::LinkSpeed& link);

}  // namespace annulet::runtime
