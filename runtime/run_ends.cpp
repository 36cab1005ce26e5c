/// Time, targets and what is said of them.
#include "runtime/run_ends.hpp"

#include <algorithm>

#include "runtime/durations.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {

namespace {

/// The first of the steps 1, 2, ..., each a tenth more than the one before, that comes after t. It
/// depends on t alone, so that a run that goes on evaluates where the uncut one does.
model::Step mark_after(model::Step t) {
  model::Step mark = 1;
  while (mark <= t) mark += std::max<model::Step>(1, mark / 10);
  return mark;
}

}  // namespace

bool RunEnds::is_due(model::Step before, model::Step t) const {
  if (every_ > 0) return t / every_ != before / every_;
  return has_target() && t >= mark_after(before);
}

void RunEnds::evaluated(std::int64_t rounds, double objective, std::optional<double> gap) {
  // Before the first round nothing has been learned: every run leaves a model.
  reached_ = reached_ || (rounds > 0 && ((run_.target_loss && objective <= *run_.target_loss) ||
                                         (run_.target_gap && gap && *gap <= *run_.target_gap)));
}

std::string RunEnds::target_text() const {
  return run_.target_gap ? "run.target_gap = " + shortest_text(*run_.target_gap)
                         : "run.target_loss = " + shortest_text(run_.target_loss.value_or(0));
}

std::string RunEnds::reason() const {
  if (reached_) return "done: " + target_text() + " reached";
  if (!has_target() && !run_.time) return "done";
  const std::string end = time_passed_
                              ? "run.time = " + to_text(run_.time.value_or(devices::Duration{}))
                              : "run.steps = " + std::to_string(run_.steps);
  return "done: " + end + " reached" + (has_target() ? ", " + target_text() + " not" : "");
}

std::string ends_text(const RunSection& run) {
  std::string text;
  const auto add = [&text](const std::string& end) { text += (text.empty() ? "" : " or ") + end; };
  if (run.target_loss) add("f <= " + shortest_text(*run.target_loss));
  if (run.target_gap) add("f - f* <= " + shortest_text(*run.target_gap));
  if (run.time) add(to_text(*run.time));
  if (run.steps_given) add(count_text(run.steps) + " steps");
  return text;
}

}  // namespace annulet::runtime
