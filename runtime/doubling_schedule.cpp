/// The doubling trick: H for a horizon L that doubles each time it is reached, T unknown.
#include <algorithm>
#include <cmath>

#include "runtime/schedule.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

/// The theorem admits H = sqrt(T/(kappa B W)). With T unknown, a phase takes the horizon L at which
/// it began: H = min(h_max, max(1, floor(alpha sqrt(L/(B W))))), alpha in the place of
/// kappa^{-1/2}. Phases: t < t0: L = t0, until t0; else L = the largest t0 2^j <= t, until 2L. The
/// last round of a phase is cut at its end. x, t and the step size are never restarted.
/// Source: Stich 2019, Theorem 2.2 (admissible H); the doubling is ours.
class DoublingSchedule final : public SyncSchedule {
 public:
  DoublingSchedule(const ScheduleSection& section, const ScheduleFacts& facts)
      : section_(section), samples_(static_cast<double>(facts.batch * facts.workers)) {}

  [[nodiscard]] model::Step local_steps(const RoundFacts& facts) const override {
    const Phase phase = phase_at(facts.t);
    const double h =
        std::floor(section_.alpha * std::sqrt(static_cast<double>(phase.horizon) / samples_));
    const auto left = static_cast<double>(phase.end - facts.t);
    const auto steps = static_cast<model::Step>(std::min(std::max(1.0, h), left));
    return section_.h_max ? std::min(steps, *section_.h_max) : steps;
  }

  [[nodiscard]] std::string reason(const RoundFacts& facts) const override {
    const Phase phase = phase_at(facts.t);
    return "horizon " + std::to_string(phase.horizon) + ", until step " + std::to_string(phase.end);
  }

  [[nodiscard]] std::string name() const override {
    std::string text =
        "doubling(alpha=" + shortest_text(section_.alpha) + ", t0=" + std::to_string(section_.t0);
    if (section_.h_max) text += ", h_max=" + std::to_string(*section_.h_max);
    return text + ")";
  }

 private:
  struct Phase {
    model::Step horizon, end;
  };

  [[nodiscard]] Phase phase_at(model::Step t) const {
    if (t < section_.t0) return {section_.t0, section_.t0};
    model::Step horizon = section_.t0;
    while (horizon <= t / 2) horizon *= 2;
    return {horizon, 2 * horizon};
  }

  ScheduleSection section_;
  double samples_;  // B W
};

}  // namespace

ScheduleEntry doubling_entry() {
  return {.name = "doubling",
          .keys = {"alpha", "t0", "h_max"},
          .make = [](const ScheduleSection& section, const ScheduleFacts& facts) {
            return std::make_unique<DoublingSchedule>(section, facts);
          }};
}

}  // namespace annulet::runtime
