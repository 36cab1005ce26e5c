/// The middle of what was measured several times.
#pragma once

#include <algorithm>
#include <vector>

namespace annulet::runtime {

/// Of an even number the mean of the two in the middle. `values` has at least one, and no NaN.
[[nodiscard]] inline double median(std::vector<double> values) {
  std::ranges::sort(values);
  const auto middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace annulet::runtime
