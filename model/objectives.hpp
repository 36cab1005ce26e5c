/// The objectives that come with annulet, one file each, as lines of the catalogue.
#pragma once

#include <memory>

#include "model/catalogue.hpp"

namespace annulet::model {

/// mean of log(1 + exp(-b a.x)) + l2/2 |x|^2, b = -1 or +1: the paper's. x: (features (+1)).
[[nodiscard]] CatalogueEntry logistic_entry();

/// mean of 1/2 (a.x + b - y)^2 + l2/2 |x|^2: least squares. x: (features (+1)), b last.
[[nodiscard]] CatalogueEntry linear_entry();

/// mean of log(sum_c exp(x_c.a)) - x_y.a + l2/2 |x|^2. x: row-major (classes, features (+1)).
[[nodiscard]] CatalogueEntry softmax_entry();

/// Layers W_l, b_l of the widths options.layers, the outputs last: h = activation(h W_l + b_l), and
/// no activation on the outputs z. mean of the softmax loss of z (classes), or of 1/2 (z - y)^2
/// (one value), + l2/2 |x|^2. x: for each layer W_l row-major (inputs, outputs), then b_l
/// (outputs).
[[nodiscard]] CatalogueEntry mlp_entry();

/// mean of 1/2 |x - a|^2 + l2/2 |x|^2, whose minimum is mean(a) / (1 + l2). x: (features).
[[nodiscard]] CatalogueEntry quadratic_entry();

// The same in double, for tests and exact optima. Not in the catalogue, so that a program that asks
// for none of them has none of them.
[[nodiscard]] std::unique_ptr<Objective<double>> logistic_in_double(
    const ObjectiveOptions& options);
[[nodiscard]] std::unique_ptr<Objective<double>> linear_in_double(const ObjectiveOptions& options);
[[nodiscard]] std::unique_ptr<Objective<double>> softmax_in_double(const ObjectiveOptions& options);
[[nodiscard]] std::unique_ptr<Objective<double>> mlp_in_double(const ObjectiveOptions& options);
[[nodiscard]] std::unique_ptr<Objective<double>> quadratic_in_double(
    const ObjectiveOptions& options);

/// Makes a Kind<Scalar>.
template <template <class> class Kind, class Scalar>
[[nodiscard]] std::unique_ptr<Objective<Scalar>> make(const ObjectiveOptions& options) {
  return std::make_unique<Kind<Scalar>>(options);
}

}  // namespace annulet::model
