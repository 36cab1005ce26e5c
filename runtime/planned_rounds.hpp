/// The rounds of a run that is planned: as many and as long as a schedule chooses them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/types.hpp"
#include "runtime/schedule.hpp"

namespace annulet::runtime {

/// How long devices compute, which end their rounds together.
class Speeds {
 public:
  /// Seconds of a step, of each device; paced: round.pace = "time". beside: with net.overlap,
  /// seconds of an average, which goes on beside the steps of the next round.
  Speeds(std::vector<double> step_s, bool paced, std::optional<double> beside = {});

  [[nodiscard]] const std::vector<double>& step_s() const { return step_s_; }
  [[nodiscard]] double slowest() const;
  [[nodiscard]] bool are_alike() const;
  [[nodiscard]] bool paced() const { return paced_; }
  [[nodiscard]] bool overlaps() const { return beside_.has_value(); }
  /// Until the last has taken its steps, in the round after so many. Before there is an average
  /// nobody knows who is slow.
  [[nodiscard]] double round_s(model::Step h, std::int64_t rounds) const;
  /// How much of an average goes on beside steps of that time, in the round after so many.
  [[nodiscard]] double beside_s(double round_s, std::int64_t rounds) const;

 private:
  std::vector<double> step_s_;
  std::vector<float> known_;  // as they travel
  bool paced_;
  std::optional<double> beside_;
};

/// Rounds of one run, and how long they are.
struct Rounds {
  std::int64_t count = 0;
  model::Step first_h = 0, most_h = 0;
  double compute_s = 0;
  double overlapped_s = 0;  // of it, beside averages

  /// That many more, of h steps.
  void add(model::Step h, std::int64_t times, const Speeds& speeds);
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
