/// sigma^2 and G^2 against gradients written out row by row.
#include "runtime/gradient_moments.hpp"

#include <cmath>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "model/catalogue.hpp"
#include "tests/model/samples.hpp"

namespace annulet::tests {

BOOST_AUTO_TEST_SUITE(gradient_moments)

BOOST_AUTO_TEST_CASE(single_rows_are_those_of_the_objective) {
  const auto problem = runtime::make_paper_problem(sparse_sample());
  model::ObjectiveOptions options;
  options.features = 12;
  options.l2 = problem.l2;
  const auto objective = model::make_objective<double>(options);
  std::vector<float> x(12);
  for (std::size_t j = 0; j < x.size(); ++j) x[j] = std::sin(static_cast<float>(j));
  const std::vector<double> x_double(x.begin(), x.end());
  std::vector<double> mean(12), g(12);
  double second = 0;
  for (model::Index i = 0; i < 60; ++i) {
    const std::vector<model::Index> one{i};
    objective->gradient(x_double, {*problem.rows, one}, g);
    for (std::size_t j = 0; j < 12; ++j) {
      mean[j] += g[j] / 60;
      second += g[j] * g[j] / 60;
    }
  }
  double norm2 = 0;
  for (const double value : mean) norm2 += value * value;
  const auto found = runtime::gradient_moments(problem, x);
  // Scores are summed in float there.
  BOOST_TEST(std::abs(found.norm2 - norm2) < 1e-6 * second);
  BOOST_TEST(std::abs(found.variance - (second - norm2)) < 1e-6 * second);
  BOOST_TEST(found.second(1) == found.norm2 + found.variance);
}

// By hand: mu = L = 1, so a = 16; T = 1, S = 256.
BOOST_AUTO_TEST_CASE(the_bound_has_three_terms) {
  runtime::PaperProblem problem;
  problem.l2 = 1;
  problem.smoothness = 1;
  problem.norm2 = 2;
  runtime::BoundInputs in{.steps = 1, .h = 3, .devices = 2, .batch = 4, .variance = 0, .second = 0};
  BOOST_TEST(runtime::theorem_bound(problem, in) == 16.0);  // 16^3 / 512 * 2
  in.variance = 8;
  BOOST_TEST(runtime::theorem_bound(problem, in) == 16.0 + 4.0 * 33 / (2 * 256) * 2);
  in.variance = 0;
  in.second = 5;
  BOOST_TEST(runtime::theorem_bound(problem, in) == 16.0 + 5.0 * 9);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
