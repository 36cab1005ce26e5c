/// How many local steps until the next average: pure functions of what the last one carried.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/step_size.hpp"
#include "model/types.hpp"
#include "runtime/run_config.hpp"

namespace annulet::runtime {

/// What a schedule may depend on. All of it is the same on all devices: it travelled in the last
/// average (loss, drift, times) or follows from the run file (t).
struct RoundFacts {
  model::Step t = 0;       // steps taken
  model::Step h = 0;       // steps of the last round; 0: there was none
  double loss = 0;         // sum_w p_w (mean mini-batch loss of the round)
  double drift = 0;        // sum_w p_w |D_w|^2 - |D|^2
  double delta_norm2 = 0;  // |D|^2
  // For schedules that ask for the time (ScheduleEntry::timed), else 0; 0 also where it is not
  // known. Seconds of a step, of the slowest device, in the last round; and of an average,
  // without waiting, in the round before that.
  double step_s = 0, average_s = 0;
};

/// Most know nothing of T: local_sgd cuts the last round at it.
class SyncSchedule {
 public:
  virtual ~SyncSchedule() = default;
  /// H >= 1.
  [[nodiscard]] virtual model::Step local_steps(const RoundFacts& facts) const = 0;
  /// Why H is what it is, for the log: "phase 128..256".
  [[nodiscard]] virtual std::string reason(const RoundFacts& facts) const = 0;
  /// "doubling(alpha=2, t0=64)"
  [[nodiscard]] virtual std::string name() const = 0;
};

/// H; throws std::logic_error where the schedule chooses no step at all.
[[nodiscard]] model::Step steps_wanted(const SyncSchedule& schedule, const RoundFacts& facts);

/// What a schedule may know when it is made.
struct ScheduleFacts {
  std::size_t batch = 1;                 // B
  std::size_t workers = 1;               // W
  model::Step steps = 1;                 // T
  const model::StepSize* eta = nullptr;  // outlives the schedule
  std::optional<double> kappa{};  // L/mu of f, where the schedule has a key kappa that is not set
};

/// The keys of [schedule] beside kind.
inline constexpr std::array<std::string_view, 8> kScheduleKeys = {
    "h", "alpha", "t0", "h_max", "horizon", "kappa", "guard", "budget"};

/// One kind of schedule. A program that links the library brings its own by adding an entry.
struct ScheduleEntry {
  std::string name;                 // what schedule.kind says
  std::vector<std::string> keys{};  // which of kScheduleKeys it takes
  std::string required{};           // the key that it cannot do without, with a value: "h = 16"
  bool needs_steps = false;         // depends on T, so run.steps must be there
  bool one_round = false;           // so nothing but run.steps can end the run
  bool timed = false;               // depends on step_s or average_s: W + 3 floats more a round
  // Where H depends on what a run measures (loss, drift, |D|^2): facts that, were they those of
  // every round, would make the most and the fewest rounds. Their t and h do not count. None: the
  // rounds follow from t and h alone. For plans only.
  std::vector<RoundFacts> extremes{};
  std::function<std::unique_ptr<SyncSchedule>(const ScheduleSection&, const ScheduleFacts&)> make;
};

/// The table of schedules: what schedule.kind may name. Names are unique. Those of one's own come
/// beside ours: add to a copy of builtin().
class Schedules {
 public:
  /// Those that come with annulet.
  [[nodiscard]] static const Schedules& builtin();

  /// Null where there is none of that name.
  [[nodiscard]] const ScheduleEntry* find(std::string_view name) const noexcept;
  /// Throws ConfigError where there is none of that name.
  [[nodiscard]] const ScheduleEntry& at(std::string_view name) const;
  /// In the order in which they were added.
  [[nodiscard]] const std::vector<ScheduleEntry>& entries() const noexcept { return entries_; }
  /// Throws std::invalid_argument where the name is taken or empty, a key is none of kScheduleKeys,
  /// `required` is no key of its own with " = " and a value, or make is empty.
  void add(ScheduleEntry entry);

 private:
  Schedules() = default;

  std::vector<ScheduleEntry> entries_;
};

/// The schedule that section.kind names. Throws ConfigError where there is none.
[[nodiscard]] std::unique_ptr<SyncSchedule> make_schedule(
    const ScheduleSection& section, const ScheduleFacts& facts,
    const Schedules& schedules = Schedules::builtin());

// Those that come with annulet, each in a file of its own.
[[nodiscard]] ScheduleEntry fixed_entry();
[[nodiscard]] ScheduleEntry one_shot_entry();
[[nodiscard]] ScheduleEntry doubling_entry();
[[nodiscard]] ScheduleEntry theory_entry();
[[nodiscard]] ScheduleEntry guarded_entry();
[[nodiscard]] ScheduleEntry balanced_entry();
[[nodiscard]] ScheduleEntry qsr_entry();

}  // namespace annulet::runtime
