/// How much of the spread of values a model explains.
#include <limits>
#include <numeric>

#include "model/objective.hpp"

namespace annulet::model {

double r2(std::span<const double> predictions, std::span<const float> targets) {
  const double mean =
      std::accumulate(targets.begin(), targets.end(), 0.0) / static_cast<double>(targets.size());
  double left = 0;
  double spread = 0;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const double target = targets[i];
    left += (target - predictions[i]) * (target - predictions[i]);
    spread += (target - mean) * (target - mean);
  }
  return spread > 0 ? 1 - left / spread : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace annulet::model
