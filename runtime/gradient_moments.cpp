/// Sums over rows without a gradient of d numbers for each.
#include "runtime/gradient_moments.hpp"

#include <algorithm>
#include <vector>

#include "model/lengths.hpp"
#include "model/rows.hpp"
#include "model/score_loss.hpp"

namespace annulet::runtime {

GradientMoments gradient_moments(const PaperProblem& problem, std::span<const float> x) {
  const auto& rows = *problem.rows;
  std::vector<double> g(x.size());
  double squares = 0, along = 0;  // sum of |s_i a_i|^2, and of s_i a_i.x
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = problem.data->sparse_row(rows.rows[i]);
    const double score = model::dot<float>(row, x);
    const double slope = model::logistic_loss(score, rows.targets[i]).slope;
    double norm2 = 0;
    for (std::size_t k = 0; k < row.index.size(); ++k) {
      const double value = row.value[k];
      norm2 += value * value;
      g[row.index[k]] += slope * value / problem.n();
    }
    squares += slope * slope * norm2;
    along += slope * score;
  }
  const double penalty = problem.l2;
  const double x2 = model::norm2(x);
  const double second =
      (squares + 2 * penalty * along) / problem.n() + penalty * penalty * x2;  // mean |g_i|^2
  GradientMoments found;
  for (std::size_t j = 0; j < g.size(); ++j) {
    const double total = g[j] + penalty * static_cast<double>(x[j]);
    found.norm2 += total * total;
  }
  found.variance = second - found.norm2;
  return found;
}

double theorem_bound(const PaperProblem& problem, const BoundInputs& in) {
  const double T = in.steps, mu = problem.l2, L = problem.smoothness;
  const double a = std::max(16 * problem.kappa(), in.h);
  const double S = T * a * a + a * T * (T - 1) + (T - 1) * T * (2 * T - 1) / 6;
  const double start = mu * a * a * a / (2 * S) * problem.norm2;
  const double noise = 4 * T * (T + 2 * a) / (mu * in.devices * S) * in.variance / in.batch;
  const double drift = 256 * T / (mu * mu * S) * in.second * in.h * in.h * L;
  return start + noise + drift;
}

}  // namespace annulet::runtime
