/// Dials again soon, complains seldom.
#include "runtime/between_runs.hpp"

#include <algorithm>

namespace annulet::runtime {
namespace {

/// The starter has a run that goes on without this device.
bool is_busy(ErrorCode error) {
  return error == ErrorCode::run_has_begun || error == ErrorCode::ring_complete;
}

bool is_no_run(ErrorCode error) {
  return is_busy(error) || error == ErrorCode::cannot_reach || error == ErrorCode::no_annulet;
}

}  // namespace

BetweenRuns::Next BetweenRuns::after(const RunFinished& end) {
  const bool was_in_a_run = end.workers > 0;
  if (!was_in_a_run && end.error && is_no_run(*end.error)) return without_a_run(*end.error);
  was_in_a_run_ = was_in_a_run;
  // The same refusal again is no news.
  const bool is_new = was_in_a_run || !end.error || why_waiting_ != end.error;
  why_waiting_ = was_in_a_run ? std::nullopt : end.error;
  if (end.rounds > 0) next_rest_ = kShortestRest;
  if (end.exit_code == 0) return {kRedial, Line::ended};
  const auto rest = next_rest_;
  next_rest_ = std::min<devices::Duration>(2 * next_rest_, kLongestRest);
  return {rest, is_new ? Line::ended : Line::again};
}

BetweenRuns::Next BetweenRuns::without_a_run(ErrorCode error) {
  const devices::Duration rest = is_busy(error) ? kBusy : kRedial;
  // Right after a run the starter may still be at its end, and take nobody.
  const bool is_its_end =
      was_in_a_run_ && (error == ErrorCode::run_has_begun || error == ErrorCode::no_annulet);
  const bool is_new = why_waiting_ != error && !is_its_end;
  if (!is_its_end) {
    was_in_a_run_ = false;
    why_waiting_ = error;
  }
  return {rest, is_new ? Line::waits : Line::none};
}

}  // namespace annulet::runtime
