/// What a run file says about how many local steps a round has.
#pragma once

#include "runtime/run_config.hpp"
#include "runtime/run_file_ends.hpp"
#include "runtime/run_file_reader.hpp"
#include "runtime/schedule.hpp"

namespace annulet::runtime {

/// The section, of one of these kinds. Throws ConfigError.
[[nodiscard]] ScheduleSection read_schedule(RunFileReader& reader, const Schedules& schedules);

/// Throws ConfigError where the schedule contradicts itself or the model.
void check_schedule(const RunFileReader& reader, const RunConfig& config, const Tables& tables);

}  // namespace annulet::runtime
