/// The table of schedules.
#include "runtime/schedule.hpp"

#include <algorithm>

namespace annulet::runtime {

std::unique_ptr<SyncSchedule> make_schedule(const ScheduleSection& section,
                                            const ScheduleFacts& facts) {
  switch (section.kind) {
    case ScheduleKind::fixed:
      return make_fixed_schedule(section.h);
    case ScheduleKind::one_shot:
      return make_one_shot_schedule();
    case ScheduleKind::doubling:
      break;
  }
  return make_doubling_schedule(section, facts);
}

std::int64_t count_rounds(const SyncSchedule& schedule, model::Step steps) {
  std::int64_t rounds = 0;
  RoundFacts facts;
  while (facts.t < steps) {
    facts.t += std::min(schedule.local_steps(facts), steps - facts.t);
    ++rounds;
  }
  return rounds;
}

}  // namespace annulet::runtime
