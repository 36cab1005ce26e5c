/// How near to the least value the search comes where features have far from like sizes.
#include <cmath>
#include <functional>
#include <numeric>
#include <string>

#include <boost/test/unit_test.hpp>

#include "model/catalogue.hpp"
#include "model/optimum.hpp"
#include "tests/model/samples.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(optimum_precision)

namespace {

using boost::test_tools::tolerance;
using model::LabelUse;
using model::ObjectiveOptions;
using model::SearchEnd;

/// 400 dense rows of p features between -1 and 1, feature j times unit(j), and targets.
struct Rows {
  std::size_t features = 6;
  std::function<double(std::size_t)> unit;
  std::function<double(const std::vector<double>&)> target;  // of the row without units
};

model::Shard made(const Rows& rows, LabelUse use) {
  std::vector<float> values, targets;
  std::vector<double> row(rows.features);
  for (std::size_t i = 0; i < 400; ++i) {
    for (std::size_t j = 0; j < row.size(); ++j) {
      row[j] = std::sin(static_cast<double>((i + 1) * (2 * j + 3)) * 1.7);
      values.push_back(static_cast<float>(row[j] * rows.unit(j)));
    }
    targets.push_back(static_cast<float>(rows.target(row)));
  }
  return whole(std::make_shared<const model::Dataset>(
                   model::Dataset::dense(std::move(values), std::move(targets), rows.features)),
               use);
}

double first_of(const std::vector<double>& row) { return row[0]; }
double noisy_sum(const std::vector<double>& row) {
  return std::accumulate(row.begin(), row.end(), 0.0) + std::cos(40 * row[0]);
}
double sign_of_sum(const std::vector<double>& row) { return noisy_sum(row) > 0 ? 1 : 0; }
double sign_of_first(const std::vector<double>& row) { return row[0] > 0 ? 1 : 0; }
double one_of_four(const std::vector<double>& row) {
  return std::floor(2 + 2 * std::sin(noisy_sum(row)) * 0.999);
}

/// 1, factor, factor^2, ...
std::function<double(std::size_t)> powers(double factor) {
  return [factor](std::size_t j) { return std::pow(factor, static_cast<double>(j)); };
}

struct Reached {
  SearchEnd end;
  double f, gradient_norm;
  std::vector<double> x;
};

Reached search_on(const ObjectiveOptions& options, const model::Shard& shard) {
  const auto problem = model::Catalogue::builtin().at(options.kind).make_problem(options, shard);
  model::OptimumSearch search(*problem);
  const auto end = model::search(search, {}, {});
  return {end, search.progress().f, search.progress().gradient_norm, search.x()};
}

/// The gradient of 1/2 (s - y)^2 in long double: what the search cannot see.
double exact_gradient(const Reached& at, const model::Shard& shard) {
  std::vector<double> row(at.x.size());
  std::vector<long double> g(at.x.size());
  for (std::size_t i = 0; i < shard.size(); ++i) {
    shard.data->copy_row(shard.rows[i], std::span(row));
    long double error = -static_cast<long double>(shard.targets[i]);
    for (std::size_t j = 0; j < row.size(); ++j)
      error += static_cast<long double>(row[j]) * at.x[j];
    for (std::size_t j = 0; j < row.size(); ++j) g[j] += error * row[j];
  }
  long double square = 0;
  for (const auto value : g) square += value * value;
  return static_cast<double>(std::sqrt(square) / static_cast<long double>(shard.size()));
}

}  // namespace

BOOST_AUTO_TEST_CASE(features_up_to_1e5_are_solved_to_a_gradient_of_1e_9) {
  const auto values = made({6, powers(10), noisy_sum}, LabelUse::values);
  const auto at = search_on({"linear", 6, 2, 0, false}, values);
  BOOST_TEST((at.end == SearchEnd::found));
  BOOST_TEST(at.gradient_norm <= 1e-9);
  // Rows of 1e5 and scores of 1 rounded to 16 digits: 1e-11, and some more for their sum.
  BOOST_TEST(exact_gradient(at, values) <= 1e-9 + 1e-10);
  const auto two = made({6, powers(10), sign_of_sum}, LabelUse::binary);
  const auto logistic = search_on({"logistic", 6, 2, 1e-6, true}, two);
  BOOST_TEST((logistic.end == SearchEnd::found));
  BOOST_TEST(logistic.gradient_norm <= 1e-9);
  const auto four = made({6, powers(10), one_of_four}, LabelUse::classes);
  const auto softmax = search_on({"softmax", 6, 4, 0.01, true}, four);
  BOOST_TEST((softmax.end == SearchEnd::found));
  BOOST_TEST(softmax.gradient_norm <= 1e-9);
}

// The same problem in other units has the same f*, to the rounding of the features to float32,
// but 1e-9 is less than rounding leaves of its gradient.
BOOST_AUTO_TEST_CASE(features_up_to_1e30_give_f_and_say_that_the_gradient_stays) {
  const auto plain = made({6, powers(1), noisy_sum}, LabelUse::values);
  const auto expected = search_on({"linear", 6, 2, 0, false}, plain);
  BOOST_TEST((expected.end == SearchEnd::found));
  const auto huge = made({6, powers(1e6), noisy_sum}, LabelUse::values);
  const auto at = search_on({"linear", 6, 2, 0, false}, huge);
  BOOST_TEST((at.end == SearchEnd::nearest));
  BOOST_TEST(at.gradient_norm > 1e-9);
  BOOST_TEST(at.f == expected.f, tolerance(1e-6));
  const auto two = made({6, powers(1e6), sign_of_sum}, LabelUse::binary);
  const auto logistic = search_on({"logistic", 6, 2, 0, false}, two);
  BOOST_TEST((logistic.end == SearchEnd::nearest));
  const auto plain_two = made({6, powers(1), sign_of_sum}, LabelUse::binary);
  BOOST_TEST(logistic.f == search_on({"logistic", 6, 2, 0, false}, plain_two).f, tolerance(1e-6));
}

// One feature of 1e30 among ordinary ones.
BOOST_AUTO_TEST_CASE(one_huge_feature_does_not_hide_the_others) {
  const auto unit = [](std::size_t j) { return j == 3 ? 1e30 : 1.0; };
  const auto at =
      search_on({"linear", 6, 2, 0, false}, made({6, unit, noisy_sum}, LabelUse::values));
  const auto plain = made({6, powers(1), noisy_sum}, LabelUse::values);
  BOOST_TEST((at.end == SearchEnd::nearest));
  BOOST_TEST(at.f == search_on({"linear", 6, 2, 0, false}, plain).f, tolerance(1e-6));
}

// With so little l2 the gradient is below 1e-9 long before f is least.
BOOST_AUTO_TEST_CASE(separable_data_with_tiny_l2_are_searched_to_the_end) {
  const auto rows = std::make_shared<const model::Dataset>(
      model::Dataset::sparse({0, 1, 2}, {0, 0}, {1, -1}, {1, 0}, 1));
  const model::Shard shard{rows, {0, 1}, {1, 0}};
  for (const double l2 : {1e-6, 1e-12, 1e-18}) {
    const auto at = search_on({"logistic", 1, 2, l2, false}, shard);
    BOOST_TEST((at.end == SearchEnd::found));
    BOOST_TEST(at.gradient_norm <= 1e-9);
    // It ends where a step promises less than 1e-12.
    // log(1 + exp(-x)) + l2/2 x^2, least where exp(-x)/(1 + exp(-x)) = l2 x.
    double x = 1;
    for (int i = 0; i < 200; ++i) x = (x + std::log(1 / (l2 * x) - 1)) / 2;
    BOOST_TEST(std::abs(at.f - (std::log1p(std::exp(-x)) + l2 / 2 * x * x)) < 4e-12);
  }
}

BOOST_AUTO_TEST_CASE(separable_data_in_any_unit_have_no_optimum_without_l2) {
  for (const double unit : {1e-6, 1.0, 1e6, 1e30}) {
    const Rows rows{6, [unit](std::size_t) { return unit; }, sign_of_first};
    const auto at = search_on({"logistic", 6, 2, 0, false}, made(rows, LabelUse::binary));
    BOOST_TEST((at.end == SearchEnd::no_minimum), unit);
  }
}

BOOST_AUTO_TEST_CASE(a_perfect_fit_is_found) {
  const auto at =
      search_on({"linear", 6, 2, 0, false}, made({6, powers(1), first_of}, LabelUse::values));
  BOOST_TEST((at.end == SearchEnd::found));
  BOOST_TEST(at.f < 1e-12);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
