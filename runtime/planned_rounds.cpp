/// Counts rounds as a run would take them.
#include "runtime/planned_rounds.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "runtime/effort.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

constexpr std::int64_t kMostRounds = 10'000'000;

[[noreturn]] void refuse_rounds(Stretch steps) {
  throw ConfigError(ErrorCode::bad_value,
                    "run.steps: " + count_text(steps.length()) + " steps would take more than " +
                        count_text(kMostRounds) +
                        " rounds, which a plan counts one by one: plan fewer, such as --set "
                        "run.steps=" +
                        std::to_string(steps.begin + kMostRounds));
}

}  // namespace

Speeds::Speeds(std::vector<double> step_s, bool paced)
    : step_s_(std::move(step_s)), known_(step_s_.begin(), step_s_.end()), paced_(paced) {}

double Speeds::slowest() const { return std::ranges::max(step_s_); }

bool Speeds::are_alike() const { return std::ranges::min(step_s_) == slowest(); }

double Speeds::round_s(model::Step h, bool is_first) const {
  if (is_first || !paced_) return static_cast<double>(h) * slowest();
  double longest = 0;
  for (std::size_t w = 0; w < step_s_.size(); ++w) {
    longest = std::max(longest, step_s_[w] * static_cast<double>(paced_steps(h, known_, w)));
  }
  return longest;
}

Rounds equal_rounds(model::Step h, Stretch steps, const Speeds& speeds) {
  const model::Step longest = std::min(h, steps.length()), rest = steps.length() - longest;
  const double others = static_cast<double>(rest / h) * speeds.round_s(h, false) +
                        (rest % h > 0 ? speeds.round_s(rest % h, false) : 0);
  return {(steps.length() + h - 1) / h, longest, longest, speeds.round_s(longest, true) + others};
}

Rounds count_rounds(const SyncSchedule& schedule, Stretch steps, const RoundFacts& measured,
                    const Speeds& speeds) {
  Rounds rounds;
  RoundFacts facts;
  facts.t = steps.begin;
  while (facts.t < steps.end) {
    const model::Step wanted = schedule.local_steps(facts);
    if (wanted < 1) {
      throw std::logic_error("the schedule " + schedule.name() + " chose H = " +
                             std::to_string(wanted) + ", but a round has at least one step");
    }
    if (rounds.count == kMostRounds) refuse_rounds(steps);
    const model::Step H = std::min(wanted, steps.end - facts.t);
    if (rounds.count == 0) rounds.first_h = H;
    rounds.most_h = std::max(rounds.most_h, H);
    const double round_s = speeds.round_s(H, rounds.count == 0);
    rounds.compute_s += round_s;
    ++rounds.count;
    const model::Step t = facts.t + H;
    facts = measured;
    facts.t = t;
    facts.h = H;
    if (measured.average_s > 0) facts.step_s = round_s / static_cast<double>(H);
    if (rounds.count == 1) facts.average_s = 0;  // that of the first round travels in the second
  }
  return rounds;
}

}  // namespace annulet::runtime
