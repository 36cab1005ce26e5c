/// Constants of the paper's step size.
#include "runtime/ring_step_size.hpp"

namespace annulet::runtime {

asio::awaitable<std::unique_ptr<model::StepSize>> make_step_size(StepSizeInputs in,
                                                                 std::stop_token stop) {
  const auto& lr = in.config.train.lr;
  model::StepSizeFacts facts{.steps = in.config.run.steps, .rows = in.rows};
  if (lr.kind == model::StepSizeKind::paper && !(lr.mu && lr.a)) {
    facts.mu = lr.mu.value_or(in.options.l2);
    if (!(facts.mu > 0)) {
      throw ConfigError(ErrorCode::keys_contradict,
                        "train.lr: the step size \"paper\" needs strong convexity: set model.l2 "
                        "above 0 (\"1/n\" is the paper's) or give train.lr.mu and train.lr.a");
    }
    if (in.objective.curvature_factor() < 0 && !lr.a) {
      throw ConfigError(ErrorCode::keys_contradict,
                        "train.lr: the step size \"paper\" needs an L, which model.kind " +
                            in.options.kind +
                            " has none of: give train.lr.a, or take another kind");
    }
    const std::size_t columns = in.options.features + (in.options.bias ? 1 : 0);
    double smoothness = 1 + in.options.l2;  // of the quadratic, whose curvature knows no rows
    if (in.objective.curvature_factor() > 0 && !lr.a) {
      const double largest = co_await largest_gram_eigenvalue(
          in.ring, in.processor, GramRows{in.evaluated, in.options.features, columns}, stop,
          in.next_operation, in.deadline);
      smoothness =
          in.objective.curvature_factor() * largest / static_cast<double>(in.rows) + in.options.l2;
    }
    facts.a = lr.a.value_or(16 * smoothness / facts.mu);
  }
  co_return model::make_step_size(lr, facts);
}

}  // namespace annulet::runtime
