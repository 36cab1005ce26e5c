/// H from the time that averages take: they get their budget of it, and no more.
#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>

#include "runtime/run_file_ends.hpp"
#include "runtime/schedule.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

/// With a the seconds of an average and c those of a local step, a round of H steps communicates
/// for a/(a + H c) of its time. H is the least for which that is within the budget b: the least H
/// >= (a/c) (1 - b)/b, from 1 to h_max. But it is at most twice the last H and at least half of it:
/// one slow moment of a network or a device changes one round, by a factor of two. Where a or c is
/// not known H stays what it is; it begins with h. Both times have travelled in an average, so that
/// the devices agree. Source: the speed-up of Stich 2019 counts a round as H + rho steps, rho =
/// a/c; solving that for H, and the bounds, are ours.
class BalancedSchedule final : public SyncSchedule {
 public:
  explicit BalancedSchedule(ScheduleSection section)
      : section_(std::move(section)), most_(section_.h_max.value_or(kSteps.most)) {}

  [[nodiscard]] model::Step local_steps(const RoundFacts& facts) const override {
    if (facts.h == 0) return std::min(section_.h, most_);
    const Bounds bounds = bounds_after(facts);
    if (!is_timed(facts)) return bounds.last;
    return static_cast<model::Step>(std::clamp(wanted(facts), static_cast<double>(bounds.least),
                                               static_cast<double>(bounds.most)));
  }
  [[nodiscard]] std::string reason(const RoundFacts& facts) const override {
    if (facts.h == 0 || !is_timed(facts)) return "no average has been timed yet";
    const Bounds bounds = bounds_after(facts);
    const double h = wanted(facts);
    std::string text = "an average takes the time of " + steps_text(ratio(facts));
    if (h < static_cast<double>(bounds.least)) return text + ": half of the last H";
    if (h <= static_cast<double>(bounds.most)) return text;
    return text + (bounds.most == most_ ? ": h_max" : ": twice the last H");
  }
  [[nodiscard]] std::string name() const override {
    std::string text =
        "balanced(budget=" + shortest_text(section_.budget) + ", h=" + std::to_string(section_.h);
    if (section_.h_max) text += ", h_max=" + std::to_string(*section_.h_max);
    return text + ")";
  }

 private:
  struct Bounds {
    model::Step least, last, most;
  };

  [[nodiscard]] Bounds bounds_after(const RoundFacts& facts) const {
    const model::Step last = std::clamp<model::Step>(facts.h, 1, most_);
    return {last - last / 2, last, std::min(2 * last, most_)};
  }
  [[nodiscard]] static bool is_timed(const RoundFacts& facts) {
    return facts.step_s > 0 && facts.average_s > 0;
  }
  /// a/c; infinite where c is as good as nothing.
  [[nodiscard]] static double ratio(const RoundFacts& facts) {
    return facts.average_s / facts.step_s;
  }
  [[nodiscard]] double wanted(const RoundFacts& facts) const {
    constexpr double kRounding = 1 - 1e-5;  // times travel as floats: 100.0001 steps are 100
    return std::ceil(kRounding * ratio(facts) * ((1 - section_.budget) / section_.budget));
  }
  [[nodiscard]] static std::string steps_text(double steps) {
    constexpr double kFew = 9.95, kMany = 1e15;
    if (steps < kFew || steps > kMany) return digits_text(steps, 2) + " steps";
    return count_text(std::llround(steps)) + " steps";
  }

  ScheduleSection section_;
  model::Step most_;
};

}  // namespace

ScheduleEntry balanced_entry() {
  return {.name = "balanced",
          .keys = {"budget", "h", "h_max"},
          .timed = true,
          .extremes = {{}},  // but for times, which a plan has of its own
          .make = [](const ScheduleSection& section, const ScheduleFacts&) {
            return std::make_unique<BalancedSchedule>(section);
          }};
}

}  // namespace annulet::runtime
