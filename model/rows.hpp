/// Arithmetic that objectives and solvers share: rows against parameters, the logistic loss.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>

#include "model/dataset.hpp"
#include "model/shard.hpp"
#include "model/types.hpp"

namespace annulet::model {

/// sum_k value[k] x[index[k]], in the order of k. x: longer than every index (see check_columns).
/// O(nnz of the row), as the next.
template <class Scalar>
[[nodiscard]] Scalar dot(const SparseRow& row, ConstParams<Scalar> x) {
  Scalar sum = 0;
  for (std::size_t k = 0; k < row.index.size(); ++k) {
    sum += static_cast<Scalar>(row.value[k]) * x[row.index[k]];
  }
  return sum;
}

/// x += factor * row.
template <class Scalar>
void add_scaled(Scalar factor, const SparseRow& row, Params<Scalar> x) {
  for (std::size_t k = 0; k < row.index.size(); ++k) {
    x[row.index[k]] += factor * static_cast<Scalar>(row.value[k]);
  }
}

/// log(1 + u) for u in [0, 1] by log alone: log1pf is not the same on all processors, logf is.
/// The quotient undoes the rounding of 1 + u (Goldberg 1991, theorem 4).
template <class Scalar>
[[nodiscard]] Scalar log_one_plus(Scalar u) {
  const Scalar w = Scalar(1) + u;
  return w == Scalar(1) ? u : std::log(w) * u / (w - Scalar(1));
}

/// The logistic loss of a score for target 0 or 1, and its derivative by the score.
template <class Scalar>
struct LossAndSlope {
  Scalar loss;
  Scalar slope;
};

template <class Scalar>
[[nodiscard]] LossAndSlope<Scalar> logistic_loss(Scalar score, float target) {
  const Scalar sign = target > 0.5F ? Scalar(1) : Scalar(-1);
  const Scalar margin = sign * score;
  const Scalar u = std::exp(-std::abs(margin));  // never overflows
  const Scalar miss = (margin > 0 ? u : Scalar(1)) / (Scalar(1) + u);
  return {std::max(Scalar(0), -margin) + log_one_plus(u), -sign * miss};
}

/// Throws DataError where a row could have an entry that the model has no parameter for.
inline void check_columns(const Dataset& data, std::size_t features) {
  if (data.features() > features) {
    throw DataError(ErrorCode::width_mismatch, "the data have " + std::to_string(data.features()) +
                                                   " columns, the model only " +
                                                   std::to_string(features));
  }
}

}  // namespace annulet::model
