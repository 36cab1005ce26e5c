/// The convex objectives as problems for model/optimum, in double.
#pragma once

#include <memory>

#include "model/convex_problem.hpp"

namespace annulet::model {

// Each over all rows of the shard, which must outlive it. Throw DataError when the data have more
// columns than the model.
[[nodiscard]] std::unique_ptr<ConvexProblem> convex_logistic(const ObjectiveOptions& options,
                                                             const Shard& shard);
[[nodiscard]] std::unique_ptr<ConvexProblem> convex_linear(const ObjectiveOptions& options,
                                                           const Shard& shard);
[[nodiscard]] std::unique_ptr<ConvexProblem> convex_softmax(const ObjectiveOptions& options,
                                                            const Shard& shard);
[[nodiscard]] std::unique_ptr<ConvexProblem> convex_quadratic(const ObjectiveOptions& options,
                                                              const Shard& shard);

}  // namespace annulet::model
