/// Local steps, and the commit of their average.
#include "runtime/round.hpp"

#include <algorithm>
#include <cmath>

#include "model/random.hpp"
#include "model/rows.hpp"
#include "runtime/control_variates.hpp"
#include "runtime/replay.hpp"
#include "transport/bytes.hpp"
#include "transport/checksum.hpp"

namespace annulet::runtime {
namespace {

/// A coin for each device and round, so that a run that goes on misses the same rounds.
bool is_absent(const Drops& drops, std::size_t rank, std::int64_t round) {
  if (drops.probability <= 0) return false;
  constexpr std::uint64_t kDrops = 4;  // purposes below are of training.cpp
  const auto device = model::derive_seed(drops.seed, rank, kDrops);
  model::Random coin(model::derive_seed(device, static_cast<std::uint64_t>(round), kDrops));
  return coin.uniform() < drops.probability;
}

model::Step own_steps(const RoundRules& rules, const State& state, model::Step h,
                      std::size_t rank) {
  if (rules.replay != nullptr) return rules.replay->round_at(state.t).steps_of(rank);
  if (is_absent(rules.drops, rank, state.round)) return 0;
  return rules.paced ? paced_steps(h, state.step_seconds, rank) : h;
}

/// E, summed as solvers do, so that it is exactly E_w of a device that takes all steps.
double sum_of_eta(const model::StepSize& eta, model::Step t, model::Step h) {
  double sum = 0;
  for (model::Step s = t; s < t + h; ++s) sum += eta(s);
  return sum;
}

void stretch(std::span<float> values, double factor) {
  if (factor == 1) return;
  for (float& value : values) value *= static_cast<float>(factor);
}

/// The device's own change of the round, into next.x, which is y_w.
void own_change(const RoundPart& part, const RoundRules& rules, const State& state, State& next) {
  for (std::size_t i = 0; i < next.x.size(); ++i) next.x[i] -= state.x[i];
  if (next.r.empty()) return;
  count_residual<float>(next.x, state.r, next.r, rules.share / part_of(part.effort));
}

/// What schedules may know of the round. Where nobody was present there is no new loss.
RoundFacts facts_of_round(const RoundPart& part, const State& state, const Facts& sums,
                          std::span<const float> average) {
  const double full = normalised(sums.left_out).full;
  const double norm2 = model::norm2(average);
  return {.t = state.t + part.h,
          .h = part.h,
          .loss = full > 0 ? sums.loss * full : state.facts.loss,
          .drift = std::max(0.0, sums.delta_norm2 * full - norm2),
          .delta_norm2 = norm2};
}

}  // namespace

std::uint64_t hash_of(std::span<const float> x) {
  return transport::checksum(transport::bytes_of(x));
}

RoundPart plan_part(const RoundRules& rules, const State& state, model::Step h) {
  return {.h = h, .own = own_steps(rules, state, h, rules.rank)};
}

std::vector<model::Step> steps_of_all(const RoundRules& rules, const State& state, model::Step h) {
  std::vector<model::Step> steps;
  for (std::size_t w = 0; w < state.step_seconds.size(); ++w) {
    steps.push_back(own_steps(rules, state, h, w));
  }
  return steps;
}

Facts take_part(RoundPart& part, const RoundRules& rules, const LocalSteps& steps,
                const State& state, State& next, std::vector<float>& delta) {
  next.averages = state.averages;
  next.x = state.x;
  next.r = state.r;
  delta.assign(next.x.size(), 0.0F);
  part.effort = {.share = rules.share, .present = part.own > 0};
  if (part.own < part.h) part.effort.full_eta = sum_of_eta(steps.eta, state.t, part.h);
  Facts facts;
  facts.left_out = left_out(part.effort);
  if (part.own == 0) return facts;
  const model::StepExtras<float> extras{state.v, next.averages};
  part.report = steps.solver.take_steps(next.x, state.t, part.own, steps.eta, extras, steps.stop);
  part.effort.eta = part.report.sum_eta;
  if (part.own == part.h) part.effort.full_eta = part.report.sum_eta;
  for (std::size_t i = 0; i < delta.size(); ++i) delta[i] = next.x[i] - state.x[i];
  const double distance2 = model::norm2(delta);
  const bool finite = part.report.finite && std::isfinite(distance2);
  const auto weight = static_cast<float>(weight_of(part.effort));
  for (float& change : delta) change = finite ? weight * change : 0.0F;
  const auto taken = static_cast<double>(std::max<model::Step>(1, part.report.steps));
  facts.loss = rules.share * (part.report.sum_loss / taken);
  facts.delta_norm2 = rules.share * distance2;
  facts.samples = static_cast<double>(part.report.samples);
  facts.not_finite = finite ? 0 : 1;
  facts.left_out = left_out(part.effort);
  return facts;
}

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

bool commit_part(const RoundPart& part, const RoundRules& rules, const State& state,
                 std::span<float> delta, const Facts& facts, State& next) {
  const auto factors = normalised(facts.left_out);
  stretch(delta, factors.full);             // S
  if (factors.full == 0) next.r = state.r;  // nobody was present: nothing was sent
  next.v = state.v;
  if (!next.v.empty()) {
    own_change(part, rules, state, next);
    // One that missed the round has no part in S, but its codec has passed on those of others.
    const auto full = delta.first(part.effort.present ? delta.size() : 0);
    const OwnSteps own{part.effort.full_eta, part_of(part.effort), rules.drift_rate};
    correct<float>(next.v, full, next.x, own);
  }
  stretch(delta, factors.average);  // D
  next.x = state.x;
  next.u = state.u;
  outer_step<float>(rules.outer, delta, next.x, next.u);
  next.t = state.t + part.h;
  next.round = state.round + 1;
  next.facts = facts_of_round(part, state, facts, delta);
  next.hash = hash_of(next.x);
  return std::isfinite(model::norm2(next.x));
}

}  // namespace annulet::runtime
