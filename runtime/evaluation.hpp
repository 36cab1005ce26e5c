/// How good a model is: over the union of all shards, and over the test set where a device has it.
#pragma once

#include <optional>
#include <span>
#include <stop_token>

#include <asio/awaitable.hpp>

#include "devices/clock.hpp"
#include "devices/processor.hpp"
#include "model/objective.hpp"
#include "runtime/smoothness.hpp"
#include "transport/ring.hpp"

namespace annulet::runtime {

/// What an evaluation borrows; all of it outlives the evaluation.
struct EvaluationInputs {
  devices::Processor& processor;
  transport::Ring& ring;
  const model::Objective<float>& objective;
  double l2;
  model::LabelUse labels;
  ShardPart evaluated;       // this device's part of the union of all shards
  const model::Shard* test;  // null where this device has none
};

struct ModelValues {
  double objective = 0;  // f over the union of all shards, with l2: the same bits on all devices
  double norm = 0;       // |x|
  std::optional<double> test_loss, test_accuracy, test_auc, test_r2;  // as in Evaluated
};

/// x: (d), the same on all devices, and alive until this returns. Sums over the ring in one
/// all-reduce, counted as control. `stop` ends it early, with values of no meaning. Throws
/// std::system_error when the ring fails.
asio::awaitable<ModelValues> evaluate_model(EvaluationInputs in, std::span<const float> x,
                                            transport::Operation operation,
                                            devices::TimePoint deadline, std::stop_token stop);

}  // namespace annulet::runtime
