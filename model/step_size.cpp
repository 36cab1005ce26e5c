/// Step sizes eta(t): pure functions of the local step t.
#include "model/step_size.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace annulet::model {
namespace {

class Constant final : public StepSize {
 public:
  explicit Constant(double value) : value_(value) {}
  double operator()(Step) const override { return value_; }

 private:
  double value_;
};

/// lr0 / (1 + t/tau).
class Inverse final : public StepSize {
 public:
  explicit Inverse(const StepSizeOptions& options) : lr0_(options.lr0), tau_(options.tau) {}
  double operator()(Step t) const override { return lr0_ / (1 + static_cast<double>(t) / tau_); }

 private:
  double lr0_;
  double tau_;
};

/// 4 / (mu (a + t)): the theorem's.
class Paper final : public StepSize {
 public:
  Paper(const StepSizeOptions& options, const StepSizeFacts& facts)
      : mu_(options.mu.value_or(facts.mu)), a_(options.a.value_or(facts.a)) {
    if (!(mu_ > 0 && a_ > 0)) {
      throw std::invalid_argument("the paper's step size needs mu > 0 and a > 0");
    }
  }
  double operator()(Step t) const override { return 4 / (mu_ * (a_ + static_cast<double>(t))); }
  std::optional<double> shift() const override { return a_; }

 private:
  double mu_;
  double a_;
};

/// lr0 / sqrt(1 + t/tau).
class InverseSqrt final : public StepSize {
 public:
  explicit InverseSqrt(const StepSizeOptions& options) : lr0_(options.lr0), tau_(options.tau) {}
  double operator()(Step t) const override {
    return lr0_ / std::sqrt(1 + static_cast<double>(t) / tau_);
  }

 private:
  double lr0_;
  double tau_;
};

/// min(max, scale n / (t + 1)): the paper's experiment.
class CappedInverse final : public StepSize {
 public:
  CappedInverse(const StepSizeOptions& options, const StepSizeFacts& facts)
      : max_(options.max), numerator_(options.scale * static_cast<double>(facts.rows)) {}
  double operator()(Step t) const override {
    return std::min(max_, numerator_ / (static_cast<double>(t) + 1));
  }

 private:
  double max_;
  double numerator_;
};

/// From `from` at t = 0 to `to` at t = T - 1, and `to` ever after.
class Linear final : public StepSize {
 public:
  Linear(const StepSizeOptions& options, const StepSizeFacts& facts)
      : from_(options.from), to_(options.to), last_(std::max<Step>(facts.steps - 1, 1)) {}
  double operator()(Step t) const override {
    const double way = static_cast<double>(std::min(t, last_)) / static_cast<double>(last_);
    return from_ + (to_ - from_) * way;
  }

 private:
  double from_;
  double to_;
  Step last_;
};

}  // namespace

std::unique_ptr<StepSize> make_step_size(const StepSizeOptions& options,
                                         const StepSizeFacts& facts) {
  switch (options.kind) {
    case StepSizeKind::constant:
      return std::make_unique<Constant>(options.value);
    case StepSizeKind::inverse:
      return std::make_unique<Inverse>(options);
    case StepSizeKind::paper:
      return std::make_unique<Paper>(options, facts);
    case StepSizeKind::inverse_sqrt:
      return std::make_unique<InverseSqrt>(options);
    case StepSizeKind::capped_inverse:
      return std::make_unique<CappedInverse>(options, facts);
    case StepSizeKind::linear:
      return std::make_unique<Linear>(options, facts);
  }
  throw std::invalid_argument("no such kind of step size");
}

}  // namespace annulet::model
