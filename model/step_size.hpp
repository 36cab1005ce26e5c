/// Step sizes eta(t): pure functions of the local step t.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "model/types.hpp"

namespace annulet::model {

/// The same on all devices; asked once a step.
class StepSize {
 public:
  virtual ~StepSize() = default;
  /// eta(t), t in 0..T-1.
  [[nodiscard]] virtual double operator()(Step t) const = 0;
  /// The paper's a, which its average of iterates goes by; others have none.
  [[nodiscard]] virtual std::optional<double> shift() const { return std::nullopt; }
};

/// The kinds of a run file's train.lr, with the constants each needs (others are ignored).
enum class StepSizeKind { constant, inverse, paper, inverse_sqrt, capped_inverse, linear };

/// A kind with its constants: train.lr as values.
struct StepSizeOptions {
  StepSizeKind kind = StepSizeKind::constant;
  double value = 0.1;  // constant
  double lr0 = 0;      // inverse: lr0/(1+t/tau); inverse_sqrt: lr0/sqrt(1+t/tau)
  double tau = 0;
  double max = 0;  // capped_inverse: min(max, scale n/(t+1))
  double scale = 0;
  double from = 0;  // linear: from (at t = 0) to `to` (at t = T-1)
  double to = 0;
  std::optional<double> mu;  // paper: 4/(mu(a+t)); not given: mu = l2, a = 16 L/mu
  std::optional<double> a;

  bool operator==(const StepSizeOptions&) const = default;
};

/// What a step size may depend on besides t.
struct StepSizeFacts {
  Step steps = 1;          // T
  std::uint64_t rows = 1;  // n, over all devices
  double mu = 0;           // paper only, where the options give none
  double a = 0;
};

/// Source of `paper`: Stich 2019, Theorem 2.2.
[[nodiscard]] std::unique_ptr<StepSize> make_step_size(const StepSizeOptions& options,
                                                       const StepSizeFacts& facts);

}  // namespace annulet::model
