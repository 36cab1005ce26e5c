/// What travels beside the change of a round: facts, and times where schedules or pace ask for
/// them.
#include <algorithm>

#include "runtime/round.hpp"

namespace annulet::runtime {

Tail tail_of(const RoundRules& rules, const State& state) {
  if (rules.timed) return Tail::timed;
  return state.step_seconds.empty() ? Tail::even : Tail::uneven;
}

void write_tail(const Facts& facts, const TimedPart& timed, const State& state,
                std::vector<float>& tail) {
  const auto& before = state.step_seconds;
  const auto kind = tail_of(timed.rules, state);
  tail.assign(fact_count(kind, before.size()), 0.0F);
  facts.write(tail);
  if (kind == Tail::even) return;
  const auto rank = timed.rules.rank;
  const auto slots = std::span(tail).subspan(kFacts + kUnevenFacts);
  const auto steps = static_cast<double>(timed.part.own);
  slots[rank] = timed.part.own > 0 ? static_cast<float>(timed.seconds / steps) : before[rank];
  if (kind == Tail::timed) tail.back() = state.round_seconds / static_cast<float>(before.size());
}

void read_times(std::span<const float> tail, const RoundRules& rules,
                std::span<const model::Step> own, const State& state, State& next) {
  const auto slots = tail.subspan(std::min(tail.size(), kFacts + kUnevenFacts));
  const auto seconds = slots.first(slots.size() - (rules.timed ? 1 : 0));
  next.step_seconds.assign(seconds.begin(), seconds.end());
  if (!rules.timed) return;
  next.facts.step_s = ring_step_seconds(next.facts.h, seconds, own);
  // Of the round before, which both are of.
  const double slowest = state.facts.step_s * static_cast<double>(state.facts.h);
  next.facts.average_s = ring_average_seconds(tail.back(), slowest);
}

}  // namespace annulet::runtime
