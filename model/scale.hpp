/// How features are brought to one scale: (row - shift) * factor, the same on all devices.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "model/dataset.hpp"

namespace annulet::model {

/// Of every feature: its mean over some rows, and its root mean square distance from that.
struct Moments {
  double rows = 0;
  std::vector<double> mean, deviation;  // (p) each; deviation >= 0
};

/// Rows `rows` of the data, with the zeros of sparse rows counted, in two passes in double: exact
/// to rounding however far the mean is from 0. `features`: p >= data.features(); columns past those
/// of the data are zeros. Throws DataError where the data have more.
[[nodiscard]] Moments moments_of(const Dataset& data, std::span<const Index> rows,
                                 std::size_t features);

/// The moments of all rows together, from those of disjoint parts of one p; parts without rows
/// count for nothing. Source: Chan, Golub and LeVeque 1983, "Algorithms for computing the sample
/// variance".
[[nodiscard]] Moments pooled(std::span<const Moments> parts);

/// Mean 0 and variance 1: shift = mean and factor = 1/deviation, to the nearest float32. A feature
/// that does not vary (its deviation is within the rounding of its float32 values) has factor 1.
/// Sparse rows are never shifted, as that would fill them: there all shifts are 0.
[[nodiscard]] Scale standard_scale(const Moments& moments, bool sparse);

}  // namespace annulet::model
