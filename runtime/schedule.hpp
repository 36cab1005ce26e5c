/// How many local steps until the next average: pure functions of what the last one carried.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "model/types.hpp"
#include "runtime/run_config.hpp"

namespace annulet::runtime {

/// What a schedule may depend on. All of it is the same on all devices: it travelled in the last
/// average (loss, drift) or follows from the run file (t).
struct RoundFacts {
  model::Step t = 0;       // steps taken
  double loss = 0;         // sum_w p_w (mean mini-batch loss of the round)
  double drift = 0;        // sum_w p_w |D_w|^2 - |D|^2
  double delta_norm2 = 0;  // |D|^2
};

/// Schedules know nothing of T: local_sgd cuts the last round at it.
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

/// What a schedule may know when it is made.
struct ScheduleFacts {
  std::size_t batch = 1;    // B
  std::size_t workers = 1;  // W
};

/// The table of schedules.
[[nodiscard]] std::unique_ptr<SyncSchedule> make_schedule(const ScheduleSection& section,
                                                          const ScheduleFacts& facts);

// Each in a file of its own.
[[nodiscard]] std::unique_ptr<SyncSchedule> make_fixed_schedule(model::Step h);
[[nodiscard]] std::unique_ptr<SyncSchedule> make_one_shot_schedule();
[[nodiscard]] std::unique_ptr<SyncSchedule> make_doubling_schedule(const ScheduleSection& section,
                                                                   const ScheduleFacts& facts);

}  // namespace annulet::runtime
