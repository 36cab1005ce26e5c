/// Several observers as one.
#pragma once

#include <functional>
#include <vector>

#include "runtime/observer.hpp"

namespace annulet::runtime {

/// Tells each event to all of them, in order. They must outlive it.
class Observers final : public Observer {
 public:
  void add(Observer& observer) { all_.emplace_back(observer); }

  void started(const RunStarted& event) override {
    for (Observer& each : all_) each.started(event);
  }
  void line_chosen(const LineChosen& event) override {
    for (Observer& each : all_) each.line_chosen(event);
  }
  void round_done(const RoundDone& event, std::span<const float> x) override {
    for (Observer& each : all_) each.round_done(event, x);
  }
  void evaluated(const Evaluated& event) override {
    for (Observer& each : all_) each.evaluated(event);
  }
  void searched(const SearchStep& event) override {
    for (Observer& each : all_) each.searched(event);
  }
  void optimum(const OptimumKnown& event) override {
    for (Observer& each : all_) each.optimum(event);
  }
  void checkpointing() override {
    for (Observer& each : all_) each.checkpointing();
  }
  void checkpointed(const Checkpointed& event) override {
    for (Observer& each : all_) each.checkpointed(event);
  }
  void measured(const RingMeasured& event) override {
    for (Observer& each : all_) each.measured(event);
  }
  void device_lost(const DeviceLost& event) override {
    for (Observer& each : all_) each.device_lost(event);
  }
  void finished(const RunFinished& event, std::span<const float> x) override {
    for (Observer& each : all_) each.finished(event, x);
  }

 private:
  std::vector<std::reference_wrapper<Observer>> all_;
};

}  // namespace annulet::runtime
