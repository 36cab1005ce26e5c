/// Multiplies the rounds of a run with what they cost.
#include "runtime/plan.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "runtime/facts.hpp"
#include "runtime/planned_rounds.hpp"
#include "runtime/ring_laws.hpp"
#include "transport/frame.hpp"
#include "transport/ring_bytes.hpp"
#include "transport/sim_network.hpp"

namespace annulet::runtime {
namespace {

/// How the sums of a round travel.
struct Travel {
  transport::Compress compress = transport::Compress::none;
  bool timed = false;  // with the times that the schedule asks for
};

/// What rounds cost on this ring, with this model.
class RoundCosts {
 public:
  RoundCosts(const PlanInputs& in, const PlannedRing& ring, Stretch steps, Travel travel)
      : devices_(ring.devices),
        averaged_(in.config.run.output.has_value()),
        dimension_(in.objective.dimension()),
        steps_(steps),
        round_{dimension_, fact_count(tail_of(in, travel), devices_),
               transport::codec_of(travel.compress)},
        mesh_(takes_mesh(in, dimension_, ring)),
        average_s_(mesh_ ? mesh_seconds(round_, ring) : ring_seconds(round_, ring)),
        speeds_(speeds_of(in, ring, average_s_)) {}

  [[nodiscard]] Cost of(const Rounds& rounds) const {
    const auto count = static_cast<double>(rounds.count);
    const double operations = count + (averaged_ ? 1 : 0);
    return {.rounds = rounds.count,
            .first_h = rounds.first_h,
            .most_h = rounds.most_h,
            .model_bytes =
                (count * bytes_of_all(round_) + (averaged_ ? bytes_of_all({dimension_}) : 0)) /
                static_cast<double>(devices_),
            .framing_bytes = operations * framing_bytes(),
            .compute_s = compute_seconds(rounds),
            .average_s = count * average_s_,
            .overlapped_s = rounds.overlapped_s};
  }
  /// Of rounds of h steps.
  [[nodiscard]] Cost of_equal(model::Step h) const { return of(equal_rounds(h, steps_, speeds_)); }
  [[nodiscard]] double average_s() const { return average_s_; }
  [[nodiscard]] bool takes_mesh() const { return mesh_; }
  [[nodiscard]] const Speeds& speeds() const { return speeds_; }
  [[nodiscard]] std::size_t devices() const { return devices_; }
  /// What a run may measure an average to take. Who comes last finds a part of it done.
  [[nodiscard]] std::array<double, 2> measured_averages() const {
    constexpr double kModel = 0.01;
    return {(speeds_.are_alike() ? 1 : 0.5) * (1 - kModel) * average_s_, (1 + kModel) * average_s_};
  }

 private:
  [[nodiscard]] static Speeds speeds_of(const PlanInputs& in, const PlannedRing& ring,
                                        double average_s) {
    const double flops = in.objective.step_flops(in.config.train.batch);
    std::vector<double> step_s;
    for (const double rate : ring.flops_per_second) step_s.push_back(flops / rate);
    step_s.resize(std::min(step_s.size(), ring.devices));
    const bool overlaps = in.config.overlap && ring.devices > 1;
    return {std::move(step_s), in.config.pace == Pace::time,
            overlaps ? std::optional(average_s) : std::nullopt};
  }
  [[nodiscard]] static Tail tail_of(const PlanInputs& in, const Travel& travel) {
    if (travel.timed) return Tail::timed;
    return in.config.pace == Pace::time ? Tail::uneven : Tail::even;
  }
  [[nodiscard]] static bool takes_mesh(const PlanInputs& in, std::size_t dimension,
                                       const PlannedRing& ring) {
    // As Session::choose_exchange().
    const auto bytes = (dimension + fact_count(Tail::timed, ring.devices)) * sizeof(float);
    return in.config.exchange == Exchange::automatic &&
           in.config.compress == transport::Compress::none &&
           transport::is_mesh_faster(ring.devices, bytes, ring.link);
  }
  [[nodiscard]] static double ring_seconds(const transport::Summed& round,
                                           const PlannedRing& ring) {
    const auto hops = 2 * std::max<std::size_t>(1, ring.devices - 1);
    // All segments and the facts once, on their way around.
    const auto once = transport::all_reduce_bytes_of_all(round, ring.devices) / hops;
    return average_seconds(ring.devices, once, ring.link);
  }
  /// All of a device's messages share its line.
  [[nodiscard]] static double mesh_seconds(const transport::Summed& round,
                                           const PlannedRing& ring) {
    const auto bytes =
        transport::mesh_bytes(round, ring.devices) + transport::mesh_framing(ring.devices);
    const double rate = ring.link.bytes_per_second;
    return devices::seconds(ring.link.delay) + (rate > 0 ? static_cast<double>(bytes) / rate : 0);
  }
  [[nodiscard]] double bytes_of_all(const transport::Summed& summed) const {
    const auto W = devices_;
    return static_cast<double>(mesh_ ? W * transport::mesh_bytes(summed, W)
                                     : transport::all_reduce_bytes_of_all(summed, W));
  }
  [[nodiscard]] double framing_bytes() const {
    return static_cast<double>(mesh_ ? transport::mesh_framing(devices_)
                                     : transport::all_reduce_framing(devices_));
  }
  [[nodiscard]] double compute_seconds(const Rounds& rounds) const {
    return speeds_.paced() ? rounds.compute_s
                           : static_cast<double>(steps_.length()) * speeds_.slowest();
  }

  std::size_t devices_;
  bool averaged_;
  std::size_t dimension_;
  Stretch steps_;
  transport::Summed round_;
  bool mesh_;
  double average_s_;
  Speeds speeds_;
};

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

/// Each of `facts` with the times that an average may be measured to take.
std::vector<RoundFacts> with_averages(const std::vector<RoundFacts>& facts,
                                      const RoundCosts& costs) {
  std::vector<RoundFacts> timed;
  for (RoundFacts one : facts) {
    for (const double average_s : costs.measured_averages()) {
      one.average_s = average_s;
      timed.push_back(one);
    }
  }
  return timed;
}

Bounds bounds_of(const SyncSchedule& schedule, const ScheduleEntry& entry, Stretch steps,
                 const RoundCosts& costs) {
  auto tried = entry.extremes.empty() ? trials() : entry.extremes;
  // One device does not drift from itself.
  for (auto& facts : tried) facts.drift = costs.devices() > 1 ? facts.drift : 0;
  if (entry.timed) tried = with_averages(tried, costs);
  const auto first = count_rounds(schedule, steps, tried.front(), costs.speeds());
  Bounds bounds{first, first};
  for (const auto& facts : tried)
    bounds.include(count_rounds(schedule, steps, facts, costs.speeds()));
  if (bounds.exact || !entry.extremes.empty()) return bounds;
  return {equal_rounds(steps.length(), steps, costs.speeds()),
          equal_rounds(1, steps, costs.speeds()), false};
}

/// H* of Stich 2019, Corollary 2.3, where there is a kappa.
std::optional<TheoryPlan> theory_of(const PlanInputs& in, std::size_t devices) {
  if (!in.L || !(in.options.l2 > 0) || in.objective.curvature_factor() < 0) return std::nullopt;
  TheoryPlan theory{.mu = in.options.l2, .L = *in.L, .kappa = *in.L / in.options.l2};
  const double samples =
      theory.kappa * static_cast<double>(in.config.train.batch) * static_cast<double>(devices);
  constexpr model::Step kMost = std::numeric_limits<model::Step>::max() / 2;
  theory.steps_for_two =
      static_cast<model::Step>(std::min(std::ceil(4 * samples), static_cast<double>(kMost)));
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

double average_seconds(std::size_t devices, std::uint64_t bytes, const devices::LinkSpeed& link) {
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
  const auto& entry = in.schedules.at(in.config.schedule.kind);
  const RoundCosts costs(in, ring, steps, {in.config.compress, entry.timed});
  const RoundCosts untimed(in, ring, steps, {in.config.compress, false});
  const RoundCosts plain(in, ring, steps, {transport::Compress::none, false});
  const auto bounds = bounds_of(*laws.schedule, entry, steps, costs);
  Plan plan{.begin = steps.begin,
            .end = steps.end,
            .is_part = !in.config.run.steps_given,
            .schedule = laws.schedule->name(),
            .every_step = plain.of_equal(1),
            .fewest = costs.of(bounds.fewest),
            .most = costs.of(bounds.most),
            .exact = bounds.exact && !entry.timed,
            .timed = entry.timed,
            .takes_mesh = costs.takes_mesh(),
            .average_s = costs.average_s(),
            .step_s = costs.speeds().step_s(),
            .theory = theory_of(in, ring.devices)};
  if (plan.theory && plan.theory->h) {
    const auto h = static_cast<model::Step>(std::max(1.0, std::floor(*plan.theory->h)));
    plan.theory->cost = untimed.of_equal(h);
  }
  return plan;
}

}  // namespace annulet::runtime
