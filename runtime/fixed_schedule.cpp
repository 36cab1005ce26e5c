/// The same H in every round; H = 1 is mini-batch SGD.
#include "runtime/schedule.hpp"

namespace annulet::runtime {
namespace {

class FixedSchedule final : public SyncSchedule {
 public:
  explicit FixedSchedule(model::Step h) : h_(h) {}
  [[nodiscard]] model::Step local_steps(const RoundFacts& /*facts*/) const override { return h_; }
  [[nodiscard]] std::string reason(const RoundFacts& /*facts*/) const override {
    return h_ == 1 ? "mini-batch SGD" : "fixed";
  }
  [[nodiscard]] std::string name() const override { return "fixed(h=" + std::to_string(h_) + ")"; }

 private:
  model::Step h_;
};

}  // namespace

ScheduleEntry fixed_entry() {
  return {.name = "fixed",
          .keys = {"h"},
          .required = "h = 16",
          .make = [](const ScheduleSection& section, const ScheduleFacts&) {
            return std::make_unique<FixedSchedule>(section.h);
          }};
}

}  // namespace annulet::runtime
