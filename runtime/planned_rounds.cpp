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

Speeds::Speeds(std::vector<double> step_s, bool paced, std::optional<double> beside)
    : step_s_(std::move(step_s)),
      known_(step_s_.begin(), step_s_.end()),
      paced_(paced),
      beside_(beside) {}

double Speeds::slowest() const { return std::ranges::max(step_s_); }

bool Speeds::are_alike() const { return std::ranges::min(step_s_) == slowest(); }

double Speeds::beside_s(double round_s, std::int64_t rounds) const {
  return rounds > 0 && beside_ ? std::min(round_s, *beside_) : 0;
}

double Speeds::round_s(model::Step h, std::int64_t rounds) const {
  const std::int64_t unknown = beside_ ? 2 : 1;
  if (rounds < unknown || !paced_) return static_cast<double>(h) * slowest();
  double longest = 0;
  for (std::size_t w = 0; w < step_s_.size(); ++w) {
    longest = std::max(longest, step_s_[w] * static_cast<double>(paced_steps(h, known_, w)));
  }
  return longest;
}

void Rounds::add(model::Step h, std::int64_t times, const Speeds& speeds) {
  constexpr std::int64_t kSpecial = 2;  // the first ones, of which each may have a time of its own
  if (times > 0 && count == 0) first_h = h;
  if (times > 0) most_h = std::max(most_h, h);
  while (times > 0) {
    const std::int64_t alike = count < kSpecial ? 1 : times;
    const double round_s = speeds.round_s(h, count);
    compute_s += static_cast<double>(alike) * round_s;
    overlapped_s += static_cast<double>(alike) * speeds.beside_s(round_s, count);
    count += alike;
    times -= alike;
  }
}

Rounds equal_rounds(model::Step h, Stretch steps, const Speeds& speeds) {
  Rounds rounds;
  rounds.add(h, steps.length() / h, speeds);
  if (steps.length() % h > 0) rounds.add(steps.length() % h, 1, speeds);
  return rounds;
}

Rounds count_rounds(const SyncSchedule& schedule, Stretch steps, const RoundFacts& measured,
                    const Speeds& speeds) {
  Rounds rounds;
  RoundFacts facts, coming;  // with net.overlap a round's come when the next one has been chosen
  facts.t = steps.begin;
  while (facts.t < steps.end) {
    const model::Step wanted = steps_wanted(schedule, facts);
    if (rounds.count == kMostRounds) refuse_rounds(steps);
    const model::Step H = std::min(wanted, steps.end - facts.t);
    const double round_s = speeds.round_s(H, rounds.count);
    rounds.add(H, 1, speeds);
    RoundFacts of_round = measured;
    of_round.h = H;
    if (measured.average_s > 0) of_round.step_s = round_s / static_cast<double>(H);
    // That of the first round travels in the second.
    if (rounds.count == 1) of_round.average_s = 0;
    const model::Step t = facts.t + H;
    facts = speeds.overlaps() ? std::exchange(coming, of_round) : of_round;
    facts.t = t;
  }
  return rounds;
}

}  // namespace annulet::runtime
