/// The largest H that the theorem admits for a T that is known.
#include <algorithm>
#include <cmath>
#include <memory>
#include <string>

#include "runtime/run_file_ends.hpp"
#include "runtime/schedule.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

/// H = max(1, floor(sqrt(T/(kappa B W)))): keeps the rate of mini-batch SGD, 1/(mu B T W). Source:
/// Stich 2019, Corollary 2.3.
class TheorySchedule final : public SyncSchedule {
 public:
  TheorySchedule(double kappa, const ScheduleFacts& facts)
      : kappa_(kappa),
        h_(std::sqrt(static_cast<double>(facts.steps) /
                     (kappa * static_cast<double>(facts.batch * facts.workers)))) {}

  [[nodiscard]] model::Step local_steps(const RoundFacts& /*facts*/) const override {
    constexpr auto kMost = static_cast<double>(kSteps.most);
    return static_cast<model::Step>(std::clamp(std::floor(h_), 1.0, kMost));
  }
  [[nodiscard]] std::string reason(const RoundFacts& /*facts*/) const override {
    return "sqrt(T/(kappa B W)) = " + fixed_text(h_, 3);
  }
  [[nodiscard]] std::string name() const override {
    return "theory(kappa=" + digits_text(kappa_, 6) + ")";
  }

 private:
  double kappa_, h_;
};

}  // namespace

ScheduleEntry theory_entry() {
  return {.name = "theory",
          .keys = {"kappa"},
          .needs_steps = true,
          .make = [](const ScheduleSection& section, const ScheduleFacts& facts) {
            const auto kappa = section.kappa ? section.kappa : facts.kappa;
            return std::make_unique<TheorySchedule>(kappa.value_or(1), facts);
          }};
}

}  // namespace annulet::runtime
