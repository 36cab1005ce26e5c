/// What a run file says about the end of its run: steps, time, targets.
#pragma once

#include "model/catalogue.hpp"
#include "runtime/run_config.hpp"
#include "runtime/run_file_reader.hpp"
#include "runtime/schedule.hpp"

namespace annulet::runtime {

/// Far above any run, and far enough below 2^63 that sums and doublings of steps cannot overflow.
inline constexpr WholeRange kSteps = {1, 1'000'000'000'000};
/// run.steps where only a target ends the run: one that cannot be reached must not run for ever.
inline constexpr model::Step kStepsToTarget = 10'000'000;

/// run.steps, run.time and the targets. Throws ConfigError, also where none of them is there.
void read_ends(const RunFileReader& reader, RunSection& run);

/// What the names in a run file may mean.
struct Tables {
  const model::Catalogue& catalogue;
  const Schedules& schedules;
};

/// Throws ConfigError where the ends of the run contradict the rest of the file.
void check_ends(const RunFileReader& reader, const RunConfig& config, const Tables& tables);

}  // namespace annulet::runtime
