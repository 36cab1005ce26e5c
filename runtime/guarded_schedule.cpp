/// Doubling that steps back where the devices drift apart.
#include <algorithm>
#include <limits>
#include <memory>
#include <string>

#include "runtime/doubling_schedule.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

/// After a round whose relative drift is above `guard` H is half of that round's; else it is the
/// doubling schedule's, but at most twice that round's, so that it grows back as it shrank. The
/// relative drift, drift / ((W - 1) |D|^2), is about 1 where the devices' changes differ by the
/// noise of their mini-batches alone, and more where their data pull them apart. All of it has
/// travelled in the last average: the devices agree. The test of drift against progress is that of
/// Kamp et al. 2018 (dynamic averaging) for H in place of a yes or no.
class GuardedSchedule final : public SyncSchedule {
 public:
  GuardedSchedule(const ScheduleSection& section, const ScheduleFacts& facts)
      : doubling_(section, facts),
        t0_(section.t0),
        guard_(section.guard),
        others_(static_cast<double>(facts.workers) - 1) {}

  [[nodiscard]] model::Step local_steps(const RoundFacts& facts) const override {
    const model::Step most = doubling_.local_steps(facts);
    const model::Step last = begins(facts) ? most : facts.h;
    return std::clamp<model::Step>(drifts(facts) ? last / 2 : 2 * last, 1, most);
  }
  [[nodiscard]] std::string reason(const RoundFacts& facts) const override {
    if (drifts(facts)) return "relative drift above " + shortest_text(guard_);
    const bool grows = local_steps(facts) < doubling_.local_steps(facts);
    return grows ? "growing back" : doubling_.reason(facts);
  }
  [[nodiscard]] std::string name() const override {
    return "guarded(guard=" + shortest_text(guard_) + ", " + doubling_.constants() + ")";
  }

 private:
  /// Was the last round no measure? There was none, or it was cut at the end of a phase.
  [[nodiscard]] bool begins(const RoundFacts& facts) const {
    return facts.h == 0 || facts.t == phase_at(facts.t, t0_).begin;
  }
  /// One device alone has nobody to drift from: what it measures is rounding.
  [[nodiscard]] bool drifts(const RoundFacts& facts) const {
    return others_ > 0 && facts.drift > guard_ * others_ * facts.delta_norm2;
  }

  DoublingSchedule doubling_;
  model::Step t0_;
  double guard_;
  double others_;  // W - 1
};

}  // namespace

ScheduleEntry guarded_entry() {
  return {.name = "guarded",
          .keys = {"alpha", "t0", "h_max", "horizon", "guard"},
          // Always above the guard, or never. H is never more than doubling's, and no round of a
          // phase can have fewer steps than where all before it were above.
          .extremes = {{.drift = std::numeric_limits<double>::infinity(), .delta_norm2 = 1}, {}},
          .make = [](const ScheduleSection& section, const ScheduleFacts& facts) {
            return std::make_unique<GuardedSchedule>(section, facts);
          }};
}

}  // namespace annulet::runtime
