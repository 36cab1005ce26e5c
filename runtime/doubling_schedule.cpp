/// The doubling trick: H for a horizon L that doubles each time it is reached, T unknown.
#include "runtime/doubling_schedule.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "runtime/text.hpp"

namespace annulet::runtime {

Phase phase_at(model::Step t, model::Step t0) {
  if (t < t0) return {t0, t0};
  model::Step begin = t0;
  while (begin <= t / 2) begin *= 2;
  return {begin, 2 * begin};
}

DoublingSchedule::DoublingSchedule(ScheduleSection section, const ScheduleFacts& facts)
    : section_(std::move(section)), samples_(static_cast<double>(facts.batch * facts.workers)) {}

model::Step DoublingSchedule::local_steps(const RoundFacts& facts) const {
  const Phase phase = phase_at(facts.t, section_.t0);
  const double h =
      std::floor(section_.alpha * std::sqrt(static_cast<double>(horizon(phase)) / samples_));
  const auto left = static_cast<double>(phase.end - facts.t);
  const auto steps = static_cast<model::Step>(std::min(std::max(1.0, h), left));
  return section_.h_max ? std::min(steps, *section_.h_max) : steps;
}

std::string DoublingSchedule::reason(const RoundFacts& facts) const {
  const Phase phase = phase_at(facts.t, section_.t0);
  return "horizon " + std::to_string(horizon(phase)) + ", until step " + std::to_string(phase.end);
}

std::string DoublingSchedule::name() const { return "doubling(" + constants() + ")"; }

std::string DoublingSchedule::constants() const {
  std::string text =
      "alpha=" + shortest_text(section_.alpha) + ", t0=" + std::to_string(section_.t0);
  if (section_.h_max) text += ", h_max=" + std::to_string(*section_.h_max);
  return section_.horizon == Horizon::end ? text + ", horizon=end" : text;
}

model::Step DoublingSchedule::horizon(const Phase& phase) const {
  return section_.horizon == Horizon::end ? phase.end : phase.begin;
}

ScheduleEntry doubling_entry() {
  return {.name = "doubling",
          .keys = {"alpha", "t0", "h_max", "horizon"},
          .make = [](const ScheduleSection& section, const ScheduleFacts& facts) {
            return std::make_unique<DoublingSchedule>(section, facts);
          }};
}

}  // namespace annulet::runtime
