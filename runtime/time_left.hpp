/// Estimates how long a run will still take from how fast it was lately.
#pragma once

#include "model/types.hpp"

namespace annulet::runtime {

/// The speed is taken over the latter half of the steps at least: rounds with a growing number of
/// local steps become faster per step, and the first ones would make every estimate too long.
class TimeLeft {
 public:
  /// begin: the step at which the clock stood at 0.
  explicit TimeLeft(model::Step begin = 0)
      : begin_(begin), earlier_{begin, 0}, later_{begin, 0}, now_{begin, 0} {}

  /// To be told after every round; step grows, seconds does not fall.
  void passed(model::Step step, double seconds) {
    if (step - begin_ >= 2 * (later_.step - begin_)) {
      earlier_ = later_;
      later_ = {step, seconds};
    }
    now_ = {step, seconds};
  }

  /// Seconds until step `end`; 0 when nothing is known or nothing is left.
  [[nodiscard]] double until(model::Step end) const {
    const auto steps = now_.step - earlier_.step;
    if (steps <= 0 || end <= now_.step) return 0;
    return (now_.seconds - earlier_.seconds) / static_cast<double>(steps) *
           static_cast<double>(end - now_.step);
  }

 private:
  struct Mark {
    model::Step step = 0;
    double seconds = 0;
  };
  model::Step begin_;
  Mark earlier_, later_, now_;
};

}  // namespace annulet::runtime
