/// Constants of the paper's step size and of its H.
#include "runtime/ring_laws.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace annulet::runtime {
namespace {

[[noreturn]] void refuse_law(const std::string& sentence) {
  throw ConfigError(ErrorCode::keys_contradict, sentence);
}

void check_paper(const model::StepSizeOptions& lr, const LawFacts& facts) {
  if (!(lr.mu.value_or(facts.options.l2) > 0)) {
    refuse_law(
        "train.lr: the step size \"paper\" needs strong convexity: set model.l2 above 0 (\"1/n\" "
        "is "
        "the paper's) or give train.lr.mu and train.lr.a");
  }
  if (facts.objective.curvature_factor() < 0 && !lr.a) {
    refuse_law("train.lr: the step size \"paper\" needs an L, which model.kind " +
               facts.options.kind + " has none of: give train.lr.a, or take another kind");
  }
}

void check_kappa(const std::string& schedule, const LawFacts& facts) {
  const auto name = "schedule: " + schedule;
  if (!(facts.options.l2 > 0)) {
    refuse_law(name +
               " needs strong convexity: set model.l2 above 0 (\"1/n\" is the paper's) or give "
               "schedule.kappa");
  }
  if (facts.objective.curvature_factor() < 0) {
    refuse_law(name + " needs an L, which model.kind " + facts.options.kind +
               " has none of: give schedule.kappa, or take another kind");
  }
}

/// Which constants the run file leaves to the data.
struct Lacks {
  bool mu_or_a = false;  // of the step size `paper`
  bool kappa = false;    // of the schedule
};

Lacks lacks_of(const RunConfig& config, const Schedules& schedules) {
  const auto& lr = config.train.lr;
  const auto& keys = schedules.at(config.schedule.kind).keys;
  return {lr.kind == model::StepSizeKind::paper && !(lr.mu && lr.a),
          std::ranges::find(keys, "kappa") != keys.end() && !config.schedule.kappa};
}

/// L of f over the rows of all devices.
asio::awaitable<double> smoothness(LawInputs in, std::stop_token stop) {
  Curvature curvature{in.objective.curvature_factor(), 0, in.rows, in.options.l2};
  const std::size_t columns = in.options.features + (in.options.bias ? 1 : 0);
  if (curvature.factor > 0) {
    curvature.largest = co_await largest_gram_eigenvalue(
        in.ring, in.processor, GramRows{in.evaluated, in.options.features, columns},
        std::move(stop), in.next_operation, in.deadline);
  }
  co_return smoothness_of(curvature);
}

}  // namespace

bool need_smoothness(const RunConfig& config, const LawFacts& facts) {
  const auto lacks = lacks_of(config, facts.schedules);
  if (lacks.mu_or_a) check_paper(config.train.lr, facts);
  if (lacks.kappa) check_kappa(config.schedule.kind, facts);
  return (lacks.mu_or_a && !config.train.lr.a) || lacks.kappa;
}

Laws laws_from(const RunConfig& config, const LawFacts& facts, std::optional<double> L) {
  const auto& lr = config.train.lr;
  const auto lacks = lacks_of(config, facts.schedules);
  const double l2 = facts.options.l2;
  model::StepSizeFacts step_size{.steps = config.run.steps, .rows = facts.rows};
  if (lacks.mu_or_a) {
    step_size.mu = lr.mu.value_or(l2);
    step_size.a = lr.a ? *lr.a : 16 * L.value_or(0) / step_size.mu;
  }
  Laws laws{model::make_step_size(lr, step_size), nullptr};
  ScheduleFacts known{.batch = config.train.batch,
                      .workers = facts.workers,
                      .steps = config.run.steps,
                      .eta = laws.eta.get()};
  if (lacks.kappa) known.kappa = L.value_or(0) / l2;
  laws.schedule = make_schedule(config.schedule, known, facts.schedules);
  return laws;
}

asio::awaitable<Laws> make_laws(LawInputs in, std::stop_token stop) {
  const LawFacts facts{in.schedules, in.objective, in.options, in.rows, in.ring.place().size};
  std::optional<double> L;
  if (need_smoothness(in.config, facts)) L = co_await smoothness(in, std::move(stop));
  co_return laws_from(in.config, facts, L);
}

}  // namespace annulet::runtime
