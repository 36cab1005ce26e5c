/// What the golden tests of the kernels share: problems, step sizes, and f and |x| in double.
#pragma once

#include <cmath>
#include <memory>
#include <vector>

#include "model/read_dataset.hpp"
#include "model/step_size.hpp"
#include "tests/model/samples.hpp"
#include "tests/support/data_folder.hpp"

namespace annulet::tests {

/// |x| and f(x).
template <class Scalar>
std::vector<double> norm_and_value(const model::ObjectiveOptions& options, const model::Shard& all,
                                   const std::vector<Scalar>& x) {
  const auto objective = model::make_objective<Scalar>(options);
  double square = 0;
  for (const Scalar v : x) {
    square += static_cast<double>(v) * static_cast<double>(v);
  }
  return {std::sqrt(square), value<Scalar>(*objective, x, all, options.l2)};
}

inline std::unique_ptr<model::StepSize> constant(double eta) {
  model::StepSizeOptions options;
  options.value = eta;
  return model::make_step_size(options, {});
}

/// lr0 / (1 + t/tau).
inline std::unique_ptr<model::StepSize> inverse(double lr0, double tau) {
  model::StepSizeOptions options;
  options.kind = model::StepSizeKind::inverse;
  options.lr0 = lr0;
  options.tau = tau;
  return model::make_step_size(options, {});
}

inline model::ObjectiveOptions logistic(std::size_t features, double l2, bool bias = false) {
  model::ObjectiveOptions options;
  options.features = features;
  options.l2 = l2;
  options.bias = bias;
  return options;
}

inline const std::shared_ptr<const model::Dataset>& w8a() {
  static const auto data = std::make_shared<const model::Dataset>(
      model::read_dataset({.file = data_folder() / "w8a.xz"}));
  return data;
}

}  // namespace annulet::tests
