/// Constants of the paper's step size and of its H.
#include "runtime/ring_laws.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace annulet::runtime {
namespace {

[[noreturn]] void refuse(const std::string& sentence) {
  throw ConfigError(ErrorCode::keys_contradict, sentence);
}

void check_paper(const LawInputs& in) {
  const auto& lr = in.config.train.lr;
  if (!(lr.mu.value_or(in.options.l2) > 0)) {
    refuse(
        "train.lr: the step size \"paper\" needs strong convexity: set model.l2 above 0 (\"1/n\" "
        "is "
        "the paper's) or give train.lr.mu and train.lr.a");
  }
  if (in.objective.curvature_factor() < 0 && !lr.a) {
    refuse("train.lr: the step size \"paper\" needs an L, which model.kind " + in.options.kind +
           " has none of: give train.lr.a, or take another kind");
  }
}

void check_kappa(const LawInputs& in) {
  const auto name = "schedule: " + in.config.schedule.kind;
  if (!(in.options.l2 > 0)) {
    refuse(name +
           " needs strong convexity: set model.l2 above 0 (\"1/n\" is the paper's) or give "
           "schedule.kappa");
  }
  if (in.objective.curvature_factor() < 0) {
    refuse(name + " needs an L, which model.kind " + in.options.kind +
           " has none of: give schedule.kappa, or take another kind");
  }
}

/// L of f over the rows of all devices.
asio::awaitable<double> smoothness(LawInputs in, std::stop_token stop) {
  const double factor = in.objective.curvature_factor();
  if (!(factor > 0)) co_return 1 + in.options.l2;  // the quadratic's curvature knows no rows
  const std::size_t columns = in.options.features + (in.options.bias ? 1 : 0);
  const double largest = co_await largest_gram_eigenvalue(
      in.ring, in.processor, GramRows{in.evaluated, in.options.features, columns}, std::move(stop),
      in.next_operation, in.deadline);
  co_return factor* largest / static_cast<double>(in.rows) + in.options.l2;
}

}  // namespace

asio::awaitable<Laws> make_laws(LawInputs in, std::stop_token stop) {
  const auto& lr = in.config.train.lr;
  const auto& section = in.config.schedule;
  const auto& entry = in.schedules.at(section.kind);
  const bool is_paper = lr.kind == model::StepSizeKind::paper && !(lr.mu && lr.a);
  const bool lacks_kappa =
      std::ranges::find(entry.keys, "kappa") != entry.keys.end() && !section.kappa;
  if (is_paper) check_paper(in);
  if (lacks_kappa) check_kappa(in);
  std::optional<double> L;
  if ((is_paper && !lr.a) || lacks_kappa) L = co_await smoothness(in, std::move(stop));

  model::StepSizeFacts step_size{.steps = in.config.run.steps, .rows = in.rows};
  if (is_paper) {
    step_size.mu = lr.mu.value_or(in.options.l2);
    step_size.a = lr.a ? *lr.a : 16 * L.value_or(0) / step_size.mu;
  }
  Laws laws{model::make_step_size(lr, step_size), nullptr};
  ScheduleFacts facts{.batch = in.config.train.batch,
                      .workers = in.ring.place().size,
                      .steps = in.config.run.steps,
                      .eta = laws.eta.get()};
  if (lacks_kappa) facts.kappa = L.value_or(0) / in.options.l2;
  laws.schedule = entry.make(section, facts);
  co_return laws;
}

}  // namespace annulet::runtime
