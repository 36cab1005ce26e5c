/// The objectives, one file each, as make_objective puts them to use.
#pragma once

#include <memory>

#include "model/objective.hpp"

namespace annulet::model {

/// mean of log(1 + exp(-b a.x)) + l2/2 |x|^2, b = -1 or +1: the paper's. x: (features (+1)).
template <class Scalar>
[[nodiscard]] std::unique_ptr<Objective<Scalar>> make_logistic(const ObjectiveOptions& options);

/// mean of log(sum_c exp(x_c.a)) - x_y.a + l2/2 |x|^2. x: row-major (classes, features (+1)).
template <class Scalar>
[[nodiscard]] std::unique_ptr<Objective<Scalar>> make_softmax(const ObjectiveOptions& options);

/// mean of 1/2 |x - a|^2 + l2/2 |x|^2, whose minimum is mean(a) / (1 + l2). x: (features).
template <class Scalar>
[[nodiscard]] std::unique_ptr<Objective<Scalar>> make_quadratic(const ObjectiveOptions& options);

}  // namespace annulet::model
