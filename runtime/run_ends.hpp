/// When a run ends before T: by the clock, or by what it has reached.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "devices/units.hpp"
#include "model/types.hpp"
#include "runtime/run_config.hpp"

namespace annulet::runtime {

/// All but time_is_up is the same on all devices.
class RunEnds {
 public:
  explicit RunEnds(const RunConfig& config) : run_(config.run), every_(config.eval_every) {}

  [[nodiscard]] bool has_target() const { return run_.target_loss || run_.target_gap; }
  /// For the starter: have the steps taken as long as the run may?
  [[nodiscard]] bool time_is_up(devices::Duration passed) const {
    return run_.time && passed >= *run_.time;
  }
  /// Is the model to be evaluated after a round that went from step `before` to `t`? Every
  /// output.eval_every steps; where that is 0 and there is a target, when the round has passed one
  /// of the steps 1, 2, ... 20, 22, 24, ...: each is a tenth more than the one before.
  [[nodiscard]] bool is_due(model::Step before, model::Step t) const;

  /// Told of each evaluation after that many rounds: f, and f - f* where f* is known.
  void evaluated(std::int64_t rounds, double objective, std::optional<double> gap);
  /// Told that the starter has seen the time pass.
  void time_passed() { time_passed_ = true; }

  /// Was the target reached by the last evaluated model?
  [[nodiscard]] bool reached() const { return reached_; }
  /// "done", and what ended the run where that could have been several things.
  [[nodiscard]] std::string reason() const;

 private:
  [[nodiscard]] std::string target_text() const;

  RunSection run_;
  model::Step every_;
  bool reached_ = false, time_passed_ = false;
};

/// "800 steps", "10m", "target_loss = 0.35 or 10m": what can end the run, for people.
[[nodiscard]] std::string ends_text(const RunSection& run);

}  // namespace annulet::runtime
