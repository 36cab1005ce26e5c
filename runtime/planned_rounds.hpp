/// The rounds of a run that is planned: as many and as long as a schedule chooses them.
#pragma once

#include <cstdint>
#include <vector>

#include "model/types.hpp"
#include "runtime/schedule.hpp"

namespace annulet::runtime {

/// How long devices compute, which end their rounds together.
class Speeds {
 public:
  /// Seconds of a step, of each device; paced: round.pace = "time".
  Speeds(std::vector<double> step_s, bool paced);

  [[nodiscard]] const std::vector<double>& step_s() const { return step_s_; }
  [[nodiscard]] double slowest() const;
  [[nodiscard]] bool are_alike() const;
  [[nodiscard]] bool paced() const { return paced_; }
  /// Until the last has taken its steps. In the first round nobody knows who is slow.
  [[nodiscard]] double round_s(model::Step h, bool is_first) const;

 private:
  std::vector<double> step_s_;
  std::vector<float> known_;  // as they travel
  bool paced_;
};

/// Rounds of one run, and how long they are.
struct Rounds {
  std::int64_t count = 0;
  model::Step first_h = 0, most_h = 0;
  double compute_s = 0;
  bool operator==(const Rounds&) const = default;
};

/// Steps [begin, end) of a run.
struct Stretch {
  model::Step begin = 0, end = 0;
  [[nodiscard]] model::Step length() const { return end - begin; }
};

/// All of h steps, but the last.
[[nodiscard]] Rounds equal_rounds(model::Step h, Stretch steps, const Speeds& speeds);

/// Those of a run that measures these facts in every round; where there is an average's time, a
/// step's too. Throws ConfigError where there are more than 10,000,000, std::logic_error where the
/// schedule chooses no step at all.
[[nodiscard]] Rounds count_rounds(const SyncSchedule& schedule, Stretch steps,
                                  const RoundFacts& measured, const Speeds& speeds);

}  // namespace annulet::runtime
