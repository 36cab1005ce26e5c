/// Arithmetic that objectives and solvers share: rows against parameters.
#pragma once

#include <algorithm>
#include <cstddef>
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

/// x += factor * y.
template <class Scalar>
void add_scaled(Scalar factor, ConstParams<Scalar> y, Params<Scalar> x) {
  for (std::size_t j = 0; j < x.size(); ++j) x[j] += factor * y[j];
}

/// Calls work(begin, end) for stretches of parameters that stay in the first cache: what follows a
/// pass over all of them would have to fetch them again.
template <class Work>
void in_stretches(std::size_t size, Work work) {
  constexpr std::size_t kStretch = 4096;
  for (std::size_t begin = 0; begin < size; begin += kStretch) {
    work(begin, std::min(begin + kStretch, size));
  }
}

/// x <- factor x + weight y, each in double. y: as long as x, or empty: zeros.
template <class Scalar>
void scale_and_add(double factor, Params<Scalar> x, double weight, ConstParams<Scalar> y);

/// Throws DataError where a row could have an entry that the model has no parameter for.
inline void check_columns(const Dataset& data, std::size_t features) {
  if (data.features() > features) {
    throw DataError(ErrorCode::width_mismatch, "the data have " + std::to_string(data.features()) +
                                                   " columns, the model only " +
                                                   std::to_string(features));
  }
}

}  // namespace annulet::model
