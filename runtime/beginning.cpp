/// What a device begins a run with.
#include "runtime/beginning.hpp"

#include <numeric>

#include "model/random.hpp"
#include "runtime/model_hash.hpp"

namespace annulet::runtime {
namespace {

enum SeedPurpose : std::uint64_t { kSampling = 1, kStart = 3 };  // 2: partition, 4: drops

double share_of(const RunConfig& config, const DevicePlace& place) {
  const auto& samples = place.samples;
  if (config.weights == Weights::equal) return 1.0 / static_cast<double>(samples.size());
  const auto all = std::accumulate(samples.begin(), samples.end(), std::uint64_t{0});
  return static_cast<double>(samples[place.rank]) / static_cast<double>(all);
}

}  // namespace

RoundRules rules_of(const RunConfig& config, const Schedules& schedules, const DevicePlace& place,
                    double drop) {
  const auto* schedule = schedules.find(config.schedule.kind);  // who makes it says that it is none
  return {.share = share_of(config, place),
          .rank = place.rank,
          .outer = config.outer,
          .drift_rate = config.train.drift_rate,
          .paced = config.pace == Pace::time,
          .timed = schedule != nullptr && schedule->timed,
          .drops = {drop, config.run.seed},
          .overlap = config.overlap && place.samples.size() > 1};
}

model::Sampler sampler_of(const RunConfig& config, const RoundRules& rules,
                          const model::Shard& shard) {
  const auto seed = model::derive_seed(config.run.seed, rules.rank, kSampling);
  return {config.data.sampling, shard.size(), config.train.batch, seed};
}

State first_state(const RunConfig& config, const model::Objective<float>& objective,
                  const RoundRules& rules, std::size_t workers) {
  const std::size_t d = objective.dimension();
  State state;
  state.x.resize(d);
  model::Random random(model::derive_seed(config.run.seed, 0, kStart));
  objective.start(random, state.x);
  state.hash = hash_of(state.x);
  state.t = state.facts.t = config.run.start_step;
  if (config.train.correct_drift) state.v.assign(d, 0.0F);
  if (config.outer.momentum > 0) state.u.assign(d, 0.0F);
  if (config.compress != transport::Compress::none) state.r.assign(d, 0.0F);
  if (rules.timed || are_uneven(rules)) state.step_seconds.assign(workers, 0.0F);
  return state;
}

}  // namespace annulet::runtime
