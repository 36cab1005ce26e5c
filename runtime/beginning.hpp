/// What a device begins a run with: its weight, its draws, its state at step 0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "model/objective.hpp"
#include "model/sampler.hpp"
#include "model/shard.hpp"
#include "runtime/round.hpp"
#include "runtime/run_config.hpp"

namespace annulet::runtime {

/// One device of a ring.
struct DevicePlace {
  std::size_t rank = 0;
  std::span<const std::uint64_t> samples;  // rows of each device, in ring order
};

/// drop: the probability that a device misses a round.
[[nodiscard]] RoundRules rules_of(const RunConfig& config, const Schedules& schedules,
                                  const DevicePlace& place, double drop);

/// The mini-batches of the device of that rank out of the rows of its shard, of run.seed.
[[nodiscard]] model::Sampler sampler_of(const RunConfig& config, const RoundRules& rules,
                                        const model::Shard& shard);

/// Step 0, or run.start_step, from where the objective begins. Its averages are not there yet.
[[nodiscard]] State first_state(const RunConfig& config, const model::Objective<float>& objective,
                                const RoundRules& rules, std::size_t workers);

}  // namespace annulet::runtime
