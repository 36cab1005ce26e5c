/// Sums of losses, block by block and device by device.
#include "runtime/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

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

double norm2(std::span<const float> x) {
  double sum = 0;
  for (const float value : x) sum += static_cast<double>(value) * static_cast<double>(value);
  return sum;
}

/// Of a model that says one number of a row.
void compare(std::span<const double> scores, const model::Shard& test, model::LabelUse use,
             ModelValues& values) {
  if (use == model::LabelUse::binary) {
    values.test_auc = model::area_under_curve(scores, test.targets);
  } else if (const double r2 = model::r2(scores, test.targets); std::isfinite(r2)) {
    values.test_r2 = r2;
  }
}

}  // namespace

asio::awaitable<ModelValues> evaluate_model(EvaluationInputs in, std::span<const float> x,
                                            transport::Operation operation,
                                            devices::TimePoint deadline, std::stop_token stop) {
  model::Evaluation train, test;
  std::vector<double> scores;
  const std::size_t rows = in.evaluated.end - in.evaluated.begin;
  const std::size_t test_rows = in.test != nullptr ? in.test->size() : 0;
  const devices::Flops cost{in.objective.step_flops(rows + test_rows) / 2};  // no gradient
  co_await in.processor.run(cost, [&] {
    train = evaluate_rows(in.objective, x, in.evaluated, stop);
    if (in.test == nullptr) return;
    test = evaluate_rows(in.objective, x, {*in.test, 0, test_rows}, stop);
    if (in.labels != model::LabelUse::binary && in.labels != model::LabelUse::values) return;
    scores.resize(test_rows * in.objective.outputs());
    if (scores.size() != test_rows) return scores.clear();  // several scores have no AUC
    in.objective.predict(x, *in.test, 0, test_rows, scores);
  });
  std::vector<double> mine{train.loss, train.rows};
  const auto all = co_await gather(in.ring, operation, std::move(mine), deadline);
  ModelValues values;
  values.objective = sum_of(all, 0) / sum_of(all, 1) + in.l2 / 2 * norm2(x);
  values.norm = std::sqrt(norm2(x));
  if (test_rows > 0) {
    values.test_loss = test.loss / test.rows;
    if (model::names_classes(in.labels)) values.test_accuracy = test.correct / test.rows;
    if (!scores.empty()) compare(scores, *in.test, in.labels, values);
  }
  co_return values;
}

}  // namespace annulet::runtime
