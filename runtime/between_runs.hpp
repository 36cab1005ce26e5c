/// What a device does between two runs that takes part in one after another: how long it rests, and
/// what of an end is worth a line.
#pragma once

#include <chrono>
#include <optional>

#include "devices/units.hpp"
#include "runtime/observer.hpp"

namespace annulet::runtime {

class BetweenRuns final {
 public:
  enum class Line {
    none,   // as before
    waits,  // there is no run to take part in, and this is why
    ended,  // a run has ended, or refused this device
    again   // and for the same reason once more
  };
  struct Next {
    devices::Duration rest{};  // before the starter is dialled again
    Line line = Line::none;
  };

  static constexpr std::chrono::seconds kRedial{1};  // nobody answers
  static constexpr std::chrono::seconds kBusy{5};    // the starter's run does without this device
  static constexpr std::chrono::seconds kShortestRest{1}, kLongestRest{60};  // a run has failed

  /// After each end, also of a dial that led to no run.
  [[nodiscard]] Next after(const RunFinished& end);

 private:
  [[nodiscard]] Next without_a_run(ErrorCode error);

  devices::Duration next_rest_{kShortestRest};
  std::optional<ErrorCode> why_waiting_;  // as was said last
  bool was_in_a_run_ = false;             // just before
};

}  // namespace annulet::runtime
