/// What training measures: its model, or the average of the iterates, on all devices' data.
#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "runtime/averaged_model.hpp"
#include "runtime/evaluation.hpp"
#include "runtime/model_hash.hpp"
#include "runtime/objective_options.hpp"
#include "runtime/run_file_names.hpp"
#include "runtime/training.hpp"

namespace annulet::runtime {

void Training::begin_average() {
  const auto weights = average_weights(in_.config.run, *laws_.eta);
  state_.averages.resize(weights ? 1 : 0);  // one that was there goes on
  if (weights) state_.averages[0].weights = *weights;
}

/// x-bar takes the place of x, on all devices or on none: where it is not finite, since x is near
/// the largest floats, they all see the same. training: as in transport::Operation.
asio::awaitable<void> Training::average_iterates(bool training) {
  if (state_.averages.empty()) co_return;
  const auto begin = in_.clock.now();
  const AveragedModelInputs inputs{in_.processor, in_.ring, state_.x, state_.averages[0],
                                   rules_.share};
  auto operation = next_operation();
  operation.training = training;
  auto mean = co_await averaged_model(inputs, operation, deadline());
  evaluating_ += in_.clock.now() - begin;
  if (!std::ranges::all_of(mean, [](float v) { return std::isfinite(v); })) co_return;
  averaged_ = std::move(mean);
  results_.model_hash = hash_of(averaged_);
  results_.output = output_name(in_.config.run.output);
}

/// f over the union of all shards, and the test set where this device has it: of what the run would
/// give now.
asio::awaitable<void> Training::evaluate(std::stop_token stop) {
  if (state_.round > 0 && averaged_.empty()) co_await average_iterates(false);
  const auto begin = in_.clock.now();
  const EvaluationInputs inputs{
      in_.processor, in_.ring, *objective_, options_.l2, model::label_use(options_, in_.catalogue),
      in_.evaluated, in_.test};
  const ModelValues values =
      co_await evaluate_model(inputs, model(), next_operation(), deadline(), stop);
  evaluating_ += in_.clock.now() - begin;
  evaluated_ = state_.round;
  const auto gap =
      results_.f_star ? std::optional(values.objective - *results_.f_star) : std::nullopt;
  ends_.evaluated(state_.round, values.objective, gap);
  const Evaluated event{.round = state_.round,
                        .step = state_.t,
                        .seconds = seconds(),
                        .sent_bytes = sent_bytes(),
                        .objective = values.objective,
                        .gap = gap,
                        .test_loss = values.test_loss,
                        .test_accuracy = values.test_accuracy,
                        .test_auc = values.test_auc,
                        .test_r2 = values.test_r2};
  if (state_.round == 0) results_.objective_start = values.objective;
  results_.objective = values.objective;
  results_.gap = gap;
  results_.parameters_norm = values.norm;
  results_.test_loss = values.test_loss;
  results_.test_accuracy = values.test_accuracy;
  results_.test_auc = values.test_auc;
  results_.test_r2 = values.test_r2;
  in_.observer.evaluated(event);
}

}  // namespace annulet::runtime
