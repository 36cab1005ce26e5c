/// How a network's parameters lie in x.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/objective.hpp"

namespace annulet::model {

/// One layer's share of x: weights W row-major (inputs, outputs) from `at` on, then biases
/// (outputs).
struct Layer {
  std::size_t inputs, outputs, at;

  [[nodiscard]] std::size_t biases_at() const noexcept { return at + inputs * outputs; }
  [[nodiscard]] std::size_t end() const noexcept { return biases_at() + outputs; }
};

/// The hidden layers and the outputs: one for each class, or one.
[[nodiscard]] std::vector<Layer> layers_of(const ObjectiveOptions& options);

/// d, where options are believed as others tell them: features and widths each below 2^29.
[[nodiscard]] std::uint64_t mlp_dimension(const ObjectiveOptions& options);

}  // namespace annulet::model
