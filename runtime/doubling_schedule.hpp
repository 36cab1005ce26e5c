/// The doubling trick: H for a horizon L that doubles each time it is reached, T unknown.
#pragma once

#include <string>

#include "runtime/schedule.hpp"

namespace annulet::runtime {

/// Steps [begin, end), in which H stays; the first is [0, t0) and has t0 as its begin, too.
struct Phase {
  model::Step begin, end;
};

/// The phase of step t: t0, then from t0 2^j to t0 2^(j+1).
[[nodiscard]] Phase phase_at(model::Step t, model::Step t0);

/// The theorem admits H = sqrt(T/(kappa B W)). With T unknown, a phase takes as L the horizon at
/// which it began, or the one at which it ends: H = min(h_max, max(1, floor(alpha sqrt(L/(B W))))),
/// alpha in the place of kappa^{-1/2}. The last round of a phase is cut at its end. x, t and the
/// step size are never restarted. Source: Stich 2019, Theorem 2.2 (admissible H); the doubling is
/// ours.
class DoublingSchedule final : public SyncSchedule {
 public:
  DoublingSchedule(ScheduleSection section, const ScheduleFacts& facts);

  [[nodiscard]] model::Step local_steps(const RoundFacts& facts) const override;
  [[nodiscard]] std::string reason(const RoundFacts& facts) const override;
  [[nodiscard]] std::string name() const override;
  /// "alpha=2, t0=64"
  [[nodiscard]] std::string constants() const;

 private:
  [[nodiscard]] model::Step horizon(const Phase& phase) const;

  ScheduleSection section_;
  double samples_;  // B W
};

}  // namespace annulet::runtime
