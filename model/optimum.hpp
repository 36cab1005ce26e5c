/// The least value of a convex objective and where it is, in double: what runs are measured with.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

#include "model/convex_problem.hpp"

namespace annulet::model {

/// As far as the search has come.
struct OptimumProgress {
  int iterations = 0;        // Newton steps taken
  double f = 0;              // at x
  double gradient_norm = 0;  // |grad f(x)|
  int products = 0;          // with the Hessian so far, in search of the next step
  bool operator==(const OptimumProgress&) const = default;
};

/// A gradient this small counts as none: f - f* <= |grad f|^2 / (2 mu).
inline constexpr double kSmallGradient = 1e-9;

enum class SearchEnd {
  none,        // not yet
  found,       // |grad f| <= kSmallGradient
  nearest,     // it is not, but no x in double is better: f is right to 1e-12 of 1 + |f|
  no_minimum,  // f falls as x grows without bound: data that can be separated, and l2 = 0
  not_found,   // 200 steps were not enough, or numbers overflowed
};

/// Newton's method from x = 0, each direction found by conjugate gradients with the Hessian's
/// diagonal as a preconditioner, stopped early while far away (Nocedal and Wright 2006, algorithm
/// 7.1); steps are halved until f falls. Near the end, where differences of f vanish in its
/// rounding, the gradient decides. Large features can keep it above kSmallGradient: x and the
/// scores are rounded to 16 digits, which a row of 1e6 makes 1e-10 of the gradient, one of 1e9
/// 1e-7. O(d) memory beside the problem's own.
class OptimumSearch {
 public:
  /// `problem` must outlive it.
  explicit OptimumSearch(ConvexProblem& problem);

  /// Takes one Newton step, or goes some products on towards one that needs many, so that callers
  /// can show progress and turn away in between. Returns early, x unchanged, when told to stop.
  SearchEnd step(const std::stop_token& stop);

  [[nodiscard]] const OptimumProgress& progress() const noexcept { return progress_; }
  [[nodiscard]] const std::vector<double>& x() const noexcept { return x_; }

 private:
  /// Of conjugate gradients, while they look for a direction.
  struct Descent {
    double tolerance = 0, rz = 0, rz_tolerance = 0;
    bool flat = false;  // no curvature is left
  };

  void begin_direction();
  [[nodiscard]] bool find_direction(const std::stop_token& stop);
  void go_along();
  [[nodiscard]] bool move(const std::stop_token& stop);
  void precondition();
  [[nodiscard]] SearchEnd end_here() const;
  [[nodiscard]] SearchEnd end_without_better();
  [[nodiscard]] bool f_is_lowest() const;
  [[nodiscard]] bool step_is_short() const;

  ConvexProblem& problem_;
  OptimumProgress progress_;
  SearchEnd end_ = SearchEnd::none;
  bool begun_ = false;
  std::optional<Descent> descent_;
  double first_norm_ = 0;  // of the gradient at 0
  double slope_ = 0;       // of f along the direction: g.p < 0
  std::vector<double> x_, g_, p_;
  std::vector<double> first_diagonal_;             // at 0: the squares of the features' units
  std::vector<double> diagonal_, r_, z_, q_, hq_;  // of conjugate gradients
  std::vector<double> next_x_, next_g_;
};

/// Steps until there is an end; `show` hears of each, and of progress within long ones.
/// SearchEnd::none: told to stop.
SearchEnd search(OptimumSearch& search, const std::stop_token& stop,
                 const std::function<void(const OptimumProgress&)>& show);

/// Rows of A, with a bias column where columns = features + 1.
struct GramMatrix {
  const Shard& shard;
  std::size_t features, columns;
};

/// lambda_max(A'A) over all rows, to 1e-10 relative: the Lanczos process from a fixed
/// pseudo-random start, ended when its residual is that small (Parlett 1998, 13.2). Memory 3
/// vectors. Meaningless when told to stop.
[[nodiscard]] double largest_eigenvalue(const GramMatrix& gram, const std::stop_token& stop);

}  // namespace annulet::model
