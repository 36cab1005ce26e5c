/// The logistic objective at several models in one pass over sparse rows.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "model/shard.hpp"
#include "model/types.hpp"

namespace annulet::model {

/// f(x) = mean of log(1 + exp(-b a.x)) + l2/2 |x|^2 over all rows of a shard. What matters is
/// speed: an experiment asks for the last iterate and its averages again and again. Each row's loss
/// is in float, to about 1e-7 of it, their sum in double. Not for two threads at a time.
class LogisticValues {
 public:
  static constexpr std::size_t kModels = 4;

  /// `rows` must outlive it. Throws std::invalid_argument where they are not sparse.
  LogisticValues(const Shard& rows, double l2);

  /// values[i] = f(models[i]); at most kModels, each (d) with d >= the data's columns.
  void find(std::span<const std::vector<float>> models, std::span<double> values);

 private:
  const Shard& rows_;
  double l2_;
  std::vector<float> packed_;  // (d, kModels) row-major: one load for a feature of all models
  std::vector<float> margins_;
};

}  // namespace annulet::model
