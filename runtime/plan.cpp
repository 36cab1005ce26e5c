/// Counts rounds as a run would take them, and multiplies.
#include "runtime/plan.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "runtime/facts.hpp"
#include "runtime/ring_laws.hpp"
#include "runtime/text.hpp"
#include "transport/frame.hpp"
#include "transport/ring_bytes.hpp"
#include "transport/sim_network.hpp"

namespace annulet::runtime {
namespace {

constexpr std::int64_t kMostRounds = 10'000'000;

/// Rounds of one run, and how long they are.
struct Rounds {
  std::int64_t count = 0;
  model::Step first_h = 0, most_h = 0;
  bool operator==(const Rounds&) const = default;
};

/// Steps [begin, end) of a run.
struct Stretch {
  model::Step begin = 0, end = 0;
  [[nodiscard]] model::Step length() const { return end - begin; }
};

[[noreturn]] void refuse_rounds(Stretch steps) {
  throw ConfigError(ErrorCode::bad_value,
                    "run.steps: " + count_text(steps.length()) + " steps would take more than " +
                        count_text(kMostRounds) +
                        " rounds, which a plan counts one by one: plan fewer, such as --set "
                        "run.steps=" +
                        std::to_string(steps.begin + kMostRounds));
}

Rounds equal_rounds(model::Step h, Stretch steps) {
  const model::Step longest = std::min(h, steps.length());
  return {(steps.length() + h - 1) / h, longest, longest};
}

/// The rounds of a run that measures these facts in every round.
Rounds count_rounds(const SyncSchedule& schedule, Stretch steps, const RoundFacts& measured) {
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
    ++rounds.count;
    const model::Step t = facts.t + H;
    facts = measured;
    facts.t = t;
    facts.h = H;
  }
  return rounds;
}

struct Bounds {
  Rounds fewest, most;
  bool exact = true;

  void include(const Rounds& rounds) {
    if (rounds.count < fewest.count) fewest = rounds;
    if (rounds.count > most.count) most = rounds;
    exact = exact && rounds == fewest && rounds == most;
  }
};

/// Whom schedules that do not say so are tried with: nothing, much drift, a loss that is large or
/// none.
std::vector<RoundFacts> trials() {
  constexpr double kMuch = 1e30;
  return {{}, {.loss = kMuch, .drift = kMuch, .delta_norm2 = 1}, {.loss = 1, .delta_norm2 = kMuch}};
}

Bounds bounds_of(const SyncSchedule& schedule, const ScheduleEntry& entry, Stretch steps,
                 std::size_t devices) {
  auto tried = entry.extremes.empty() ? trials() : entry.extremes;
  // One device does not drift from itself.
  for (auto& facts : tried) facts.drift = devices > 1 ? facts.drift : 0;
  const auto first = count_rounds(schedule, steps, tried.front());
  Bounds bounds{first, first};
  for (const auto& facts : tried) bounds.include(count_rounds(schedule, steps, facts));
  if (bounds.exact || !entry.extremes.empty()) return bounds;
  return {equal_rounds(steps.length(), steps), equal_rounds(1, steps), false};
}

/// What rounds cost on this ring, with this model.
class Costs {
 public:
  /// compress: what the elements of a round travel as.
  Costs(const PlanInputs& in, const PlannedRing& ring, Stretch steps, transport::Compress compress)
      : devices_(ring.devices),
        averaged_(in.config.run.output.has_value()),
        dimension_(in.objective.dimension()),
        steps_(steps),
        paced_(in.config.pace == Pace::time),
        round_{dimension_, fact_count(paced_, devices_), transport::codec_of(compress)} {
    // All segments and the facts once, on their way around.
    const auto hops = 2 * std::max<std::size_t>(1, devices_ - 1);
    average_s_ = average_seconds(
        devices_, transport::all_reduce_bytes_of_all(round_, devices_) / hops, ring.link);
    const double flops = in.objective.step_flops(in.config.train.batch);
    for (const double rate : ring.flops_per_second) step_s_.push_back(flops / rate);
  }

  [[nodiscard]] Cost of(const Rounds& rounds) const {
    const auto count = static_cast<double>(rounds.count);
    const double operations = count + (averaged_ ? 1 : 0);
    return {
        .rounds = rounds.count,
        .first_h = rounds.first_h,
        .most_h = rounds.most_h,
        .model_bytes =
            (count * bytes_of_all(round_) + (averaged_ ? bytes_of_all({dimension_}) : 0)) /
            static_cast<double>(devices_),
        .framing_bytes = operations * static_cast<double>(transport::all_reduce_framing(devices_)),
        .compute_s = compute_seconds(rounds),
        .average_s = count * average_s_};
  }
  [[nodiscard]] double average_s() const { return average_s_; }
  [[nodiscard]] const std::vector<double>& step_s() const { return step_s_; }

 private:
  [[nodiscard]] double bytes_of_all(const transport::Summed& summed) const {
    return static_cast<double>(transport::all_reduce_bytes_of_all(summed, devices_));
  }

  /// With round.pace = "time" nobody waits for the slowest from the second round on.
  [[nodiscard]] double compute_seconds(const Rounds& rounds) const {
    const auto all = static_cast<double>(steps_.length());
    const double slowest = std::ranges::max(step_s_);
    if (!paced_) return all * slowest;
    const auto first = static_cast<double>(rounds.first_h);
    return first * slowest + (all - first) * std::ranges::min(step_s_);
  }

  std::size_t devices_;
  bool averaged_;
  std::size_t dimension_;
  Stretch steps_;
  bool paced_;
  transport::Summed round_;
  double average_s_ = 0;
  std::vector<double> step_s_;
};

/// H* of Stich 2019, Corollary 2.3, where there is a kappa.
std::optional<TheoryPlan> theory_of(const PlanInputs& in, std::size_t devices) {
  if (!in.L || !(in.options.l2 > 0) || in.objective.curvature_factor() < 0) return std::nullopt;
  TheoryPlan theory{.mu = in.options.l2, .L = *in.L, .kappa = *in.L / in.options.l2};
  const double samples =
      theory.kappa * static_cast<double>(in.config.train.batch) * static_cast<double>(devices);
  theory.steps_for_two = static_cast<model::Step>(std::min(
      std::ceil(4 * samples), static_cast<double>(std::numeric_limits<model::Step>::max() / 2)));
  if (in.config.run.steps_given) {
    theory.h = std::sqrt(static_cast<double>(in.config.run.steps) / samples);
  }
  return theory;
}

Stretch planned_steps(const RunSection& run) {
  const model::Step begin = run.start_step;
  return {begin, run.steps_given ? run.steps : std::min(run.steps, begin + kPlannedSteps)};
}

}  // namespace

double average_seconds(std::size_t devices, std::size_t bytes, const devices::LinkSpeed& link) {
  if (devices == 1) return 0;
  const auto on_the_line = [&](double count) {
    return link.bytes_per_second > 0 ? count / link.bytes_per_second : 0;
  };
  const double delay = devices::seconds(link.delay);
  const auto hops = 2 * static_cast<double>(devices - 1);
  const auto framing = static_cast<double>(transport::all_reduce_framing(devices));
  const auto header = static_cast<double>(transport::kHeaderSize);
  const double segment =
      static_cast<double>(bytes) / static_cast<double>(devices) + (framing - header) / hops;
  const double s = on_the_line(segment);
  const double c =
      on_the_line(std::min(segment, static_cast<double>(transport::SimNetwork::kMostAtOnce)));
  return on_the_line(header) + (hops - 1) * std::max(s, c + delay) + s + delay;
}

Plan make_plan(const PlanInputs& in, const PlannedRing& ring) {
  const LawFacts facts{in.schedules, in.objective, in.options, in.rows, ring.devices};
  if (need_smoothness(in.config, facts) && !in.L) {
    throw std::logic_error("make_plan: the run needs the smoothness L, which is not given");
  }
  const auto laws = laws_from(in.config, facts, in.L);
  const Stretch steps = planned_steps(in.config.run);
  const Costs costs(in, ring, steps, in.config.compress);
  const Costs uncompressed(in, ring, steps, transport::Compress::none);
  const auto bounds =
      bounds_of(*laws.schedule, in.schedules.at(in.config.schedule.kind), steps, ring.devices);
  Plan plan{.begin = steps.begin,
            .end = steps.end,
            .is_part = !in.config.run.steps_given,
            .schedule = laws.schedule->name(),
            .every_step = uncompressed.of(equal_rounds(1, steps)),
            .fewest = costs.of(bounds.fewest),
            .most = costs.of(bounds.most),
            .exact = bounds.exact,
            .average_s = costs.average_s(),
            .step_s = costs.step_s(),
            .theory = theory_of(in, ring.devices)};
  if (plan.theory && plan.theory->h) {
    const auto h = static_cast<model::Step>(std::max(1.0, std::floor(*plan.theory->h)));
    plan.theory->cost = costs.of(equal_rounds(h, steps));
  }
  return plan;
}

}  // namespace annulet::runtime
