/// One average, at the end: H = T.
#include <limits>

#include "runtime/schedule.hpp"

namespace annulet::runtime {
namespace {

class OneShotSchedule final : public SyncSchedule {
 public:
  [[nodiscard]] model::Step local_steps(const RoundFacts& /*facts*/) const override {
    return std::numeric_limits<model::Step>::max();  // local_sgd cuts it at T
  }
  [[nodiscard]] std::string reason(const RoundFacts& /*facts*/) const override {
    return "one average at the end";
  }
  [[nodiscard]] std::string name() const override { return "one-shot"; }
};

}  // namespace

ScheduleEntry one_shot_entry() {
  return {.name = "one-shot",
          .one_round = true,
          .make = [](const ScheduleSection&, const ScheduleFacts&) {
            return std::make_unique<OneShotSchedule>();
          }};
}

}  // namespace annulet::runtime
