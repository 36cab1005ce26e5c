/// Newton's method with conjugate gradients.
#include "model/optimum.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace annulet::model {
namespace {

constexpr double kVanishing = 1e-14;  // a gradient that led nowhere down to here leads nowhere
constexpr double kShort = 1e-4;       // a step, relative to 1 + |x|, that shows x to be near
constexpr double kRounding = 1e-12;   // of f, relative: a sum over many rows
constexpr double kShrinks = 0.9;      // by less a gradient changes through rounding
constexpr int kMostSteps = 200, kMostProducts = 2000, kMostHalvings = 50;
constexpr int kProductsAtOnce = 50;  // a second or so, of 60,000 rows and 8,000 parameters

double inner(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t j = 0; j < a.size(); ++j) sum += a[j] * b[j];
  return sum;
}

double norm(const std::vector<double>& a) { return std::sqrt(inner(a, a)); }

/// |s v| in units of scores: each entry times the root of `squares`.
double scaled_norm(const std::vector<double>& squares, const std::vector<double>& v) {
  double sum = 0;
  for (std::size_t j = 0; j < v.size(); ++j) sum += squares[j] * v[j] * v[j];
  return std::sqrt(sum);
}

void add_multiple(double factor, const std::vector<double>& a, std::vector<double>& out) {
  for (std::size_t j = 0; j < a.size(); ++j) out[j] += factor * a[j];
}

}  // namespace

OptimumSearch::OptimumSearch(ConvexProblem& problem) : problem_(problem) {
  const std::size_t d = problem.dimension();
  for (auto* vector :
       {&x_, &g_, &p_, &diagonal_, &first_diagonal_, &r_, &z_, &q_, &hq_, &next_x_, &next_g_}) {
    vector->assign(d, 0);
  }
}

SearchEnd OptimumSearch::step(const std::stop_token& stop) {
  if (end_ != SearchEnd::none || stop.stop_requested()) return end_;
  if (!begun_) {
    begun_ = true;
    progress_.f = problem_.move_to(x_, g_);
    progress_.gradient_norm = first_norm_ = norm(g_);
    problem_.diagonal(first_diagonal_);
  }
  if (!find_direction(stop)) return SearchEnd::none;
  end_ = end_here();
  if (end_ == SearchEnd::none && !move(stop) && !stop.stop_requested()) {
    end_ = end_without_better();
  }
  return end_;
}

/// What f would still fall by, seen from here, against its own rounding.
bool OptimumSearch::f_is_lowest() const {
  return -slope_ / 2 <= kRounding * (1 + std::abs(progress_.f));
}

/// Where f has no minimum, or may have none, the gradient becomes small without one being near:
/// then the next Newton step stays long. With little l2 it becomes small before f does.
SearchEnd OptimumSearch::end_here() const {
  if (!std::isfinite(progress_.f) || !std::isfinite(slope_)) return SearchEnd::not_found;
  const bool near = problem_.has_minimum() ? f_is_lowest() : step_is_short();
  if (progress_.gradient_norm <= kSmallGradient && near) return SearchEnd::found;
  const bool last = progress_.iterations == kMostSteps;
  const bool far = progress_.gradient_norm <= kVanishing || last;
  if (far && !problem_.has_minimum()) return SearchEnd::no_minimum;
  return last ? SearchEnd::not_found : SearchEnd::none;
}

/// No step lowers f or shrinks its gradient: rounding, if p really is the Newton step.
SearchEnd OptimumSearch::end_without_better() {
  if (!f_is_lowest()) return SearchEnd::not_found;
  if (!problem_.has_minimum() && !step_is_short()) return SearchEnd::no_minimum;
  problem_.multiply(p_, r_);
  add_multiple(1, g_, r_);
  precondition();
  const double left = inner(r_, z_);
  r_ = g_;
  precondition();
  return left <= inner(r_, z_) / 4 ? SearchEnd::nearest : SearchEnd::not_found;
}

/// In units of scores, whatever those of the features are.
bool OptimumSearch::step_is_short() const {
  return scaled_norm(first_diagonal_, p_) <= kShort * (1 + scaled_norm(first_diagonal_, x_));
}

/// z = r / diagonal.
void OptimumSearch::precondition() {
  for (std::size_t j = 0; j < z_.size(); ++j) {
    z_[j] = diagonal_[j] > 0 ? r_[j] / diagonal_[j] : r_[j];
  }
}

/// Conjugate gradients for an approximate solution p of H p = -g: the better the smaller the
/// gradient has become, which makes the whole search converge faster than linearly. Good both in
/// |r| and measured by the diagonal, where features of small numbers count as much as those of
/// large ones.
void OptimumSearch::begin_direction() {
  problem_.diagonal(diagonal_);
  const double g_norm = progress_.gradient_norm;
  const double forcing = std::min(0.1, std::sqrt(g_norm / first_norm_));
  const double tolerance = std::max(forcing * g_norm, std::min(g_norm / 10, kSmallGradient / 100));
  std::fill(p_.begin(), p_.end(), 0);
  std::ranges::transform(g_, r_.begin(), [](double value) { return -value; });
  precondition();
  q_ = z_;
  const double ratio = tolerance / g_norm, rz = inner(r_, z_);
  descent_ = {tolerance, rz, ratio * ratio * rz};
}

/// Some products on towards p. True: it is there.
bool OptimumSearch::find_direction(const std::stop_token& stop) {
  if (!descent_) begin_direction();
  const int most = std::min(kMostProducts, progress_.products + kProductsAtOnce);
  const auto is_done = [&] {
    return descent_->flat || progress_.products == kMostProducts ||
           (norm(r_) <= descent_->tolerance && descent_->rz <= descent_->rz_tolerance);
  };
  while (!is_done() && !stop.stop_requested()) {
    if (progress_.products == most) return false;
    go_along();
  }
  if (stop.stop_requested()) return false;
  descent_.reset();
  progress_.products = 0;
  slope_ = inner(g_, p_);
  return true;
}

/// One product: the least of the model along q.
void OptimumSearch::go_along() {
  problem_.multiply(q_, hq_);
  const double curvature = inner(q_, hq_);
  if (!(curvature > 0)) {  // rounding, or flat: along the gradient at least
    if (progress_.products == 0) p_ = z_;
    descent_->flat = true;
    return;
  }
  ++progress_.products;
  add_multiple(descent_->rz / curvature, q_, p_);
  add_multiple(-descent_->rz / curvature, hq_, r_);
  precondition();
  const double before = std::exchange(descent_->rz, inner(r_, z_));
  for (std::size_t j = 0; j < q_.size(); ++j) q_[j] = z_[j] + descent_->rz / before * q_[j];
}

/// Goes along p as far as f falls enough; near the end, where a fall drowns in the rounding of f
/// but the gradient still tells, the whole way if the gradient shrinks. False: nowhere.
bool OptimumSearch::move(const std::stop_token& stop) {
  if (!(slope_ < 0)) return false;
  const double f = progress_.f, rounding = kRounding * (1 + std::abs(f));
  const bool drowned = f_is_lowest();
  double length = 1;
  for (int i = 0; i < kMostHalvings && !stop.stop_requested(); ++i, length /= 2) {
    next_x_ = x_;
    add_multiple(length, p_, next_x_);
    const double next_f = problem_.move_to(next_x_, next_g_);
    const double next_norm = norm(next_g_);
    const bool falls = !drowned && next_f <= f + 1e-4 * length * slope_;
    const bool shrinks = next_f <= f + rounding && next_norm <= kShrinks * progress_.gradient_norm;
    if (falls || shrinks) {
      std::swap(x_, next_x_);
      std::swap(g_, next_g_);
      progress_ = {progress_.iterations + 1, next_f, next_norm, 0};
      return true;
    }
    if (drowned) break;
  }
  problem_.move_to(x_, g_);  // back from the last try
  return false;
}

SearchEnd search(OptimumSearch& search, const std::stop_token& stop,
                 const std::function<void(const OptimumProgress&)>& show) {
  auto end = SearchEnd::none;
  while (end == SearchEnd::none && !stop.stop_requested()) {
    const auto before = search.progress();
    end = search.step(stop);
    if (show && search.progress() != before) show(search.progress());
  }
  return end;
}

}  // namespace annulet::model
