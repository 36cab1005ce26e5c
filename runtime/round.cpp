/// Local steps, and the commit of their average.
#include "runtime/round.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "model/lengths.hpp"
#include "model/random.hpp"
#include "model/rows.hpp"
#include "runtime/control_variates.hpp"
#include "runtime/model_hash.hpp"
#include "runtime/replay.hpp"

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

model::Step own_steps(const RoundRules& rules, const Departure& from, model::Step h,
                      std::size_t rank) {
  if (rules.replay != nullptr) return rules.replay->round_at(from.t()).steps_of(rank);
  if (is_absent(rules.drops, rank, from.round())) return 0;
  return rules.paced ? paced_steps(h, from.state.step_seconds, rank) : h;
}

/// E, summed as solvers do, so that it is exactly E_w of a device that takes all steps.
double sum_of_eta(const model::StepSize& eta, model::Step t, model::Step h) {
  double sum = 0;
  for (model::Step s = t; s < t + h; ++s) sum += eta(s);
  return sum;
}

void add(std::span<const float> change, std::span<float> x) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] += change[i];
}

/// From y_w to y_w - where it began, which is the same sum as when it did. Returns the square of
/// its length.
double subtract_start(const Departure& from, std::span<float> y) {
  const auto& x = from.state.x;
  double norm2 = 0;
  model::in_stretches(y.size(), [&](std::size_t begin, std::size_t end) {
    const auto count = end - begin;
    const auto part = y.subspan(begin, count);
    if (from.ahead.empty()) {
      norm2 += model::subtract(std::span(x).subspan(begin, count), part);
      return;
    }
    for (std::size_t i = begin; i < end; ++i) y[i] -= x[i] + from.ahead.d[i];
    norm2 += model::norm2(part);
  });
  return norm2;
}

/// What is known of the average when it has been taken.
struct Taken {
  double norm2 = 0;  // |D|^2
  bool finite = true;
  std::uint64_t hash = 0;  // of the next x
};

/// D becomes the next x, u the next u.
Taken take_average(const OuterOptions& options, std::span<const float> x, std::span<float> change,
                   std::span<float> u) {
  Taken taken;
  ModelHash hash;
  model::in_stretches(x.size(), [&](std::size_t begin, std::size_t end) {
    const auto count = end - begin;
    const auto part = change.subspan(begin, count);
    if (u.empty()) {  // outer_step's, in the same pass
      const auto alpha = static_cast<float>(options.rate);
      taken.norm2 += model::step_along(x.subspan(begin, count), alpha, part);
    } else {
      taken.norm2 += model::norm2(part);
      outer_step<float>(options, x.subspan(begin, count), part, u.subspan(begin, count));
    }
    taken.finite = model::all_finite(part) && taken.finite;
    hash.add(part);
  });
  taken.hash = hash.value();
  return taken;
}

void stretch(std::span<float> values, double factor) {
  if (factor == 1) return;
  for (float& value : values) value *= static_cast<float>(factor);
}

/// What schedules may know of the round. Where nobody was present there is no new loss.
RoundFacts facts_of_round(const RoundPart& part, const State& state, const Facts& sums,
                          double norm2) {
  const double full = normalised(sums.left_out).full;
  return {.t = state.t + part.h,
          .h = part.h,
          .loss = full > 0 ? sums.loss * full : state.facts.loss,
          .drift = std::max(0.0, sums.delta_norm2 * full - norm2),
          .delta_norm2 = norm2};
}

}  // namespace

void OwnChange::clear() {
  part = {};
  all.clear();
  d.clear();
  v.clear();
  averages.clear();
}

RoundFacts Departure::facts() const {
  RoundFacts facts = state.facts;
  facts.t = t();
  return facts;
}

RoundPart plan_part(const RoundRules& rules, const Departure& from, model::Step h) {
  return {.h = h, .own = own_steps(rules, from, h, rules.rank)};
}

std::vector<model::Step> steps_of_all(const RoundRules& rules, const Departure& from,
                                      model::Step h) {
  std::vector<model::Step> steps;
  for (std::size_t w = 0; w < from.state.step_seconds.size(); ++w) {
    steps.push_back(own_steps(rules, from, h, w));
  }
  return steps;
}

void take_part(OwnChange& own, const RoundRules& rules, const LocalSteps& steps,
               const Departure& from) {
  const auto& [state, ahead] = from;
  RoundPart& part = own.part;
  own.averages = ahead.empty() ? state.averages : ahead.averages;
  if (rules.overlap) own.v = state.v;
  own.facts = {};
  part.effort = {.share = rules.share, .present = part.own > 0};
  if (part.own < part.h) part.effort.full_eta = sum_of_eta(steps.eta, from.t(), part.h);
  own.facts.left_out = left_out(part.effort);
  if (part.own == 0) return own.d.assign(state.x.size(), 0.0F);
  own.d = state.x;
  if (!ahead.empty()) add(ahead.d, own.d);
  const model::StepExtras<float> extras{state.v, own.averages, steps.clock};
  part.report = steps.solver.take_steps(own.d, from.t(), part.own, steps.eta, extras, steps.stop);
  part.effort.eta = part.report.sum_eta;
  if (part.own == part.h) part.effort.full_eta = part.report.sum_eta;
  const double distance2 = subtract_start(from, own.d);
  const bool finite = part.report.finite && std::isfinite(distance2);
  if (!finite) std::ranges::fill(own.d, 0.0F);
  const auto taken = static_cast<double>(std::max<model::Step>(1, part.report.steps));
  own.facts.loss = rules.share * (part.report.sum_loss / taken);
  own.facts.delta_norm2 = rules.share * distance2;
  own.facts.samples = static_cast<double>(part.report.samples);
  own.facts.not_finite = finite ? 0 : 1;
  own.facts.left_out = left_out(part.effort);
}

void weigh(const OwnChange& own, const State& state, State& next, std::vector<float>& delta) {
  next.r = state.r;
  const auto weight = static_cast<float>(weight_of(own.part.effort));
  delta.resize(own.d.size());
  for (std::size_t i = 0; i < delta.size(); ++i) delta[i] = weight * own.d[i];
}

void reuse_memory(OwnChange& own, const RoundRules& rules, const State& state, State& next,
                  std::vector<float>& delta) noexcept {
  (needs_own_change(rules, state) ? delta : own.d).swap(next.x);
}

void hand_over(OwnChange& own, const RoundRules& rules, const State& state, State& next,
               std::vector<float>& delta) {
  if (needs_own_change(rules, state)) return weigh(own, state, next, delta);
  next.r = state.r;
  delta.swap(own.d);
  stretch(delta, weight_of(own.part.effort));
}

bool needs_own_change(const RoundRules& rules, const State& state) noexcept {
  return rules.overlap || !state.v.empty();
}

bool commit_part(OwnChange& own, const RoundRules& rules, const State& state,
                 std::vector<float>& delta, const Facts& facts, State& next) {
  const RoundPart& part = own.part;
  const auto factors = normalised(facts.left_out);
  stretch(delta, factors.full);             // S
  if (factors.full == 0) next.r = state.r;  // nobody was present: nothing was sent
  // What D_w tells of is how the device's data pull against the V that its steps were taken with.
  next.v = rules.overlap ? own.v : state.v;
  if (!next.v.empty()) {
    if (rules.overlap) next.x = own.d;  // it stays under way should this come to nothing
    std::vector<float>& change = rules.overlap ? next.x : own.d;
    if (!next.r.empty()) {
      count_residual<float>(change, state.r, next.r, rules.share / part_of(part.effort));
    }
    // One that missed the round has no part in S, but its codec has passed on those of others.
    const auto full = std::span(delta).first(part.effort.present ? delta.size() : 0);
    const OwnSteps steps{part.effort.full_eta, part_of(part.effort), rules.drift_rate};
    correct<float>(next.v, full, change, steps);
  }
  stretch(delta, factors.average);  // D
  next.u = state.u;
  const auto taken = take_average(rules.outer, state.x, delta, next.u);
  next.facts = facts_of_round(part, state, facts, taken.norm2);
  next.x.swap(delta);
  next.t = state.t + part.h;
  next.round = state.round + 1;
  next.hash = taken.hash;
  return taken.finite;
}

}  // namespace annulet::runtime
