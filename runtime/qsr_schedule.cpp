/// The quadratic synchronisation rule: H grows as the step size falls.
#include <algorithm>
#include <cmath>
#include <memory>
#include <string>

#include "runtime/run_file_ends.hpp"
#include "runtime/schedule.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

/// H = min(h_max, max(h, floor((alpha/eta_t)^2))), eta_t that of the round's first step. Source: Gu
/// et al. 2024 (A Quadratic Synchronization Rule for Distributed Deep Learning), equation 2.
class QsrSchedule final : public SyncSchedule {
 public:
  QsrSchedule(ScheduleSection section, const model::StepSize& eta)
      : section_(std::move(section)), eta_(eta) {}

  [[nodiscard]] model::Step local_steps(const RoundFacts& facts) const override {
    const auto most = static_cast<double>(section_.h_max.value_or(kSteps.most));
    const double ratio = section_.alpha / eta_(facts.t);
    const double h = std::max(static_cast<double>(section_.h), std::floor(ratio * ratio));
    return static_cast<model::Step>(std::min(most, h));
  }
  [[nodiscard]] std::string reason(const RoundFacts& facts) const override {
    return local_steps(facts) == section_.h ? "at least h" : "(alpha/eta)^2";
  }
  [[nodiscard]] std::string name() const override {
    std::string text =
        "qsr(h=" + std::to_string(section_.h) + ", alpha=" + shortest_text(section_.alpha);
    if (section_.h_max) text += ", h_max=" + std::to_string(*section_.h_max);
    return text + ")";
  }

 private:
  ScheduleSection section_;
  const model::StepSize& eta_;
};

}  // namespace

ScheduleEntry qsr_entry() {
  return {.name = "qsr",
          .keys = {"h", "alpha", "h_max"},
          .make = [](const ScheduleSection& section, const ScheduleFacts& facts) {
            return std::make_unique<QsrSchedule>(section, *facts.eta);
          }};
}

}  // namespace annulet::runtime
