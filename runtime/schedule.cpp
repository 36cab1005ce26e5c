/// The table of schedules.
#include "runtime/schedule.hpp"

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

}  // namespace annulet::runtime
