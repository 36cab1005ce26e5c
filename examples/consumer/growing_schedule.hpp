/// A schedule of one's own: H grows by one every t0 steps, while the devices pull the same way.
#pragma once

#include <memory>
#include <string>

#include <annulet/runtime/schedule.hpp>

namespace consumer {

namespace runtime = annulet::runtime;

/// H = 1 + t/t0, but 1 after a round in which the devices' changes cancelled more than they added
/// up: then their data disagree about the way.
class Growing final : public runtime::SyncSchedule {
 public:
  explicit Growing(annulet::model::Step t0) : t0_(t0) {}

  annulet::model::Step local_steps(const runtime::RoundFacts& facts) const override {
    return disagree(facts) ? 1 : 1 + facts.t / t0_;
  }
  std::string reason(const runtime::RoundFacts& facts) const override {
    return disagree(facts) ? "devices disagree" : "step " + std::to_string(facts.t / t0_ * t0_);
  }
  std::string name() const override { return "growing(t0=" + std::to_string(t0_) + ")"; }

 private:
  static bool disagree(const runtime::RoundFacts& facts) { return facts.drift > facts.delta_norm2; }

  annulet::model::Step t0_;
};

/// The line that makes `schedule.kind = "growing"` known, with the key t0.
inline runtime::ScheduleEntry growing_entry() {
  return {.name = "growing",
          .keys = {"t0"},
          .extremes = {{.drift = 1}, {.delta_norm2 = 1}},  // they disagree always, or never
          .make = [](const runtime::ScheduleSection& section, const runtime::ScheduleFacts&) {
            return std::make_unique<Growing>(section.t0);
          }};
}

}  // namespace consumer
