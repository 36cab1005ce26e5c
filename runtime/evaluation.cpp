/// Sums of losses, block by block and device by device.
#include "runtime/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "model/lengths.hpp"
#include "runtime/gather.hpp"

namespace annulet::runtime {
namespace {

/// In blocks, so that it ends soon when told to.
model::Evaluation evaluate_rows(const model::Objective<float>& objective, std::span<const float> x,
                                ShardPart part, const std::stop_token& stop) {
  constexpr std::size_t kBlock = 4096;
  model::Evaluation sum;
  for (std::size_t begin = part.begin; begin < part.end && !stop.stop_requested();
       begin += kBlock) {
    const std::size_t end = std::min(part.end, begin + kBlock);
    const auto block = objective.evaluate(x, part.shard, begin, end);
    sum.loss += block.loss;
    sum.correct += block.correct;
    sum.rows += block.rows;
  }
  return sum;
}

std::optional<double> if_finite(double value) {
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

/// AUC or R2 of a model that says one number of a row, or tells two classes apart.
void compare(const EvaluationInputs& in, std::span<const float> x, const std::stop_token& stop,
             ModelValues& values) {
  constexpr std::size_t kBlock = 4096;
  const std::size_t outputs = in.objective.outputs();
  if (in.labels == model::LabelUse::none || outputs == 0 || outputs > 2) return;
  std::vector<double> said, scores;
  for (std::size_t begin = 0; begin < in.test->size(); begin += kBlock) {
    if (stop.stop_requested()) return;
    const std::size_t end = std::min(in.test->size(), begin + kBlock);
    said.resize((end - begin) * outputs);
    in.objective.predict(x, *in.test, begin, end, said);
    model::append_scores(said, outputs, scores);
  }
  if (model::names_classes(in.labels)) {
    values.test_auc = if_finite(model::area_under_curve(scores, in.test->targets));
  } else {
    values.test_r2 = if_finite(model::r2(scores, in.test->targets));
  }
}

}  // namespace

asio::awaitable<ModelValues> evaluate_model(EvaluationInputs in, std::span<const float> x,
                                            transport::Operation operation,
                                            devices::TimePoint deadline, std::stop_token stop) {
  model::Evaluation train, test;
  ModelValues values;
  const std::size_t rows = in.evaluated.end - in.evaluated.begin;
  const std::size_t test_rows = in.test != nullptr ? in.test->size() : 0;
  const devices::Flops cost{in.objective.step_flops(rows + test_rows) / 2};  // no gradient
  co_await in.processor.run(cost, [&] {
    train = evaluate_rows(in.objective, x, in.evaluated, stop);
    if (in.test == nullptr) return;
    test = evaluate_rows(in.objective, x, {*in.test, 0, test_rows}, stop);
    compare(in, x, stop, values);  // sorts the rows: not beside heartbeats
  });
  std::vector<double> mine{train.loss, train.rows};
  const auto all = co_await gather(in.ring, operation, std::move(mine), deadline);
  values.objective = sum_of(all, 0) / sum_of(all, 1) + in.l2 / 2 * model::norm2(x);
  values.norm = std::sqrt(model::norm2(x));
  if (test_rows > 0) {
    values.test_loss = test.loss / test.rows;
    if (model::names_classes(in.labels)) values.test_accuracy = test.correct / test.rows;
  }
  co_return values;
}

}  // namespace annulet::runtime
