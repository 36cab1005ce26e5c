/// Least values of convex objectives: closed forms, derivatives by differences, published figures.
#include "model/optimum.hpp"

#include <cmath>
#include <functional>
#include <numeric>
#include <string>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "model/catalogue.hpp"
#include "model/read_dataset.hpp"
#include "tests/model/samples.hpp"
#include "tests/support/data_folder.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(optimum)

namespace {

namespace data = boost::unit_test::data;
using model::ConvexProblem;
using model::LabelUse;
using model::ObjectiveOptions;
using model::SearchEnd;

std::unique_ptr<ConvexProblem> problem_of(const ObjectiveOptions& options,
                                          const model::Shard& shard) {
  return model::Catalogue::builtin().at(options.kind).make_problem(options, shard);
}

/// A problem, where it comes from, and the objective that runs use, in double.
struct Sample {
  std::string name;
  ObjectiveOptions options;
  model::Shard shard;
};

std::ostream& operator<<(std::ostream& out, const Sample& sample) { return out << sample.name; }

std::vector<Sample> samples() {
  const auto sparse = whole(sparse_sample(), LabelUse::binary);
  const auto dense = whole(made_dense(*sparse_sample()), LabelUse::binary);
  const auto four = whole(dense_sample(), LabelUse::classes);
  const auto two = whole(sparse_sample(), LabelUse::classes);
  return {{"logistic, sparse", {"logistic", 12, 2, 0.01, false}, sparse},
          {"logistic, sparse, bias", {"logistic", 12, 2, 0.01, true}, sparse},
          {"logistic, dense, bias", {"logistic", 12, 2, 0.01, true}, dense},
          {"softmax, dense", {"softmax", 6, 4, 0.02, false}, four},
          {"softmax, dense, bias", {"softmax", 6, 4, 0.02, true}, four},
          {"softmax, sparse, bias", {"softmax", 12, 2, 0.01, true}, two},
          {"linear, sparse", {"linear", 12, 2, 0.01, false}, sparse},
          {"linear, dense, bias", {"linear", 6, 4, 0.02, true}, four},
          {"quadratic, sparse", {"quadratic", 12, 2, 0.5, false}, sparse},
          {"quadratic, dense", {"quadratic", 6, 4, 0, false}, four}};
}

std::vector<double> gradient_of(const Sample& sample, const std::vector<double>& x) {
  std::vector<double> g(x.size());
  const auto all = counting(0, sample.shard.size());
  model::make_objective<double>(sample.options)->gradient(x, {sample.shard, all}, g);
  return g;
}

double value_of(const Sample& sample, const std::vector<double>& x) {
  const auto objective = model::make_objective<double>(sample.options);
  return value<double>(*objective, x, sample.shard, sample.options.l2);
}

double norm(const std::vector<double>& x) {
  return std::sqrt(std::inner_product(x.begin(), x.end(), x.begin(), 0.0));
}

/// Rows of one entry each, values[j] in column j.
model::Shard diagonal_rows(const std::vector<float>& values) {
  std::vector<std::size_t> offset(values.size() + 1);
  std::iota(offset.begin(), offset.end(), std::size_t{0});
  const std::vector<float> labels(values.size(), 0);
  auto rows = std::make_shared<const model::Dataset>(
      model::Dataset::sparse(offset, counting(0, values.size()), values, labels, values.size()));
  return {std::move(rows), counting(0, values.size()), labels};
}

model::Shard published(const std::string& file) {
  model::DataPath path;
  path.file = data_folder() / file;
  return whole(std::make_shared<const model::Dataset>(model::read_dataset(path)), LabelUse::binary);
}

}  // namespace

BOOST_DATA_TEST_CASE(values_and_gradients_are_those_of_the_objective, data::make(samples())) {
  const auto problem = problem_of(sample.options, sample.shard);
  const auto x = some_parameters<double>(problem->dimension());
  std::vector<double> g(x.size());
  const double f = problem->move_to(x, g);
  // Sums in another order: some rounding apart.
  BOOST_TEST(f == value_of(sample, x), boost::test_tools::tolerance(1e-13));
  BOOST_TEST(largest_difference(g, gradient_of(sample, x)) < 1e-13);
}

BOOST_DATA_TEST_CASE(second_derivatives_agree_with_finite_differences, data::make(samples())) {
  constexpr double kStep = 1e-5;  // central differences then err by about 1e-10
  const auto problem = problem_of(sample.options, sample.shard);
  auto x = some_parameters<double>(problem->dimension());
  const std::size_t d = x.size();
  std::vector<double> g(d), diagonal(d), column(d);
  problem->move_to(x, g);
  problem->diagonal(diagonal);
  for (std::size_t j = 0; j < d; ++j) {
    std::vector<double> unit(d, 0);
    unit[j] = 1;
    problem->multiply(unit, column);
    BOOST_TEST(std::abs(column[j] - diagonal[j]) < 1e-14);
    const double kept = x[j];
    x[j] = kept + kStep;
    auto slope = gradient_of(sample, x);
    x[j] = kept - kStep;
    const auto before = gradient_of(sample, x);
    x[j] = kept;
    for (std::size_t i = 0; i < d; ++i) slope[i] = (slope[i] - before[i]) / (2 * kStep);
    BOOST_TEST(largest_difference(slope, column) < 1e-9);
  }
}

BOOST_DATA_TEST_CASE(the_gradient_vanishes_at_the_optimum, data::make(samples())) {
  const auto problem = problem_of(sample.options, sample.shard);
  model::OptimumSearch search(*problem);
  int shown = 0;
  BOOST_TEST((model::search(search, {}, [&](const auto&) { ++shown; }) == SearchEnd::found));
  BOOST_TEST(shown == search.progress().iterations);
  const double reached = norm(gradient_of(sample, search.x()));
  BOOST_TEST(reached <= 1.001e-9);  // the search's own sum is another one
  BOOST_TEST(std::abs(search.progress().gradient_norm - reached) < 1e-14);
  const double f = value_of(sample, search.x());
  BOOST_TEST(search.progress().f == f, boost::test_tools::tolerance(1e-13));
  // By differences: f is higher on all sides.
  for (std::size_t j = 0; j < search.x().size(); ++j) {
    for (const double aside : {-1e-3, 1e-3}) {
      auto x = search.x();
      x[j] += aside;
      BOOST_TEST(value_of(sample, x) > f);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_quadratic_has_its_closed_form) {
  const auto shard = whole(sparse_sample(), LabelUse::binary);
  const Sample sample{"", {"quadratic", 12, 2, 0.25, false}, shard};
  const auto problem = problem_of(sample.options, shard);
  model::OptimumSearch search(*problem);
  BOOST_TEST((model::search(search, {}, {}) == SearchEnd::found));
  BOOST_TEST(search.progress().iterations == 1);
  std::vector<double> row(12), mean(12);
  double square = 0;
  for (std::size_t i = 0; i < 60; ++i) {
    shard.data->copy_row(i, std::span(row));
    for (std::size_t j = 0; j < 12; ++j) {
      mean[j] += row[j] / 60;
      square += row[j] * row[j] / 60;
    }
  }
  double mean2 = 0;
  for (std::size_t j = 0; j < 12; ++j) {
    mean2 += mean[j] * mean[j];
    BOOST_TEST(std::abs(search.x()[j] - mean[j] / 1.25) < 1e-14);
  }
  BOOST_TEST(search.progress().f == square / 2 - mean2 / 2.5, boost::test_tools::tolerance(1e-13));
}

// Rows +1 at 1 and -1 at -1: any large x tells them apart, and f only comes closer to 0.
BOOST_AUTO_TEST_CASE(separable_data_without_l2_have_no_optimum) {
  auto rows = std::make_shared<const model::Dataset>(
      model::Dataset::sparse({0, 1, 2}, {0, 0}, {1, -1}, {1, 0}, 1));
  const model::Shard shard{rows, {0, 1}, {1, 0}};
  for (const std::string kind : {"logistic", "softmax"}) {
    const auto free = problem_of({kind, 1, 2, 0, false}, shard);
    model::OptimumSearch lost(*free);
    BOOST_TEST((model::search(lost, {}, {}) == SearchEnd::no_minimum));
    const auto held = problem_of({kind, 1, 2, 1e-6, false}, shard);
    model::OptimumSearch search(*held);
    BOOST_TEST((model::search(search, {}, {}) == SearchEnd::found));
  }
}

// One column tells some rows apart, the others have an optimum of their own.
BOOST_AUTO_TEST_CASE(data_that_can_be_separated_in_part_have_none_either) {
  auto rows = std::make_shared<const model::Dataset>(
      model::Dataset::sparse({0, 1, 2, 3, 5}, {0, 0, 0, 0, 1}, {1, 1, 2, 1, 1}, {1, 0, 1, 1}, 2));
  const model::Shard shard{rows, {0, 1, 2, 3}, {1, 0, 1, 1}};
  const auto free = problem_of({"logistic", 2, 2, 0, false}, shard);
  model::OptimumSearch lost(*free);
  BOOST_TEST((model::search(lost, {}, {}) == SearchEnd::no_minimum));
}

BOOST_AUTO_TEST_CASE(data_that_cannot_be_separated_have_one_without_l2) {
  for (auto sample : samples()) {
    if (sample.options.kind != "softmax" || sample.options.features != 6) continue;
    sample.options.l2 = 0;
    const auto problem = problem_of(sample.options, sample.shard);
    model::OptimumSearch search(*problem);
    BOOST_TEST((model::search(search, {}, {}) == SearchEnd::found), sample.name);
    BOOST_TEST(norm(gradient_of(sample, search.x())) <= 1.001e-9);
  }
}

BOOST_AUTO_TEST_CASE(a_search_that_is_told_to_stop_can_go_on) {
  const auto sample = samples()[0];
  const auto problem = problem_of(sample.options, sample.shard);
  model::OptimumSearch search(*problem);
  std::stop_source stop;
  stop.request_stop();
  BOOST_TEST((search.step(stop.get_token()) == SearchEnd::none));
  BOOST_TEST(search.progress().iterations == 0);
  BOOST_TEST((model::search(search, {}, {}) == SearchEnd::found));
}

BOOST_AUTO_TEST_CASE(numbers_beyond_double_end_the_search) {
  const auto shard = diagonal_rows({1e38F});
  const auto problem = problem_of({"quadratic", 1, 2, 1e300, false}, shard);
  model::OptimumSearch search(*problem);
  BOOST_TEST((model::search(search, {}, {}) != SearchEnd::none));
}

// ---- the largest eigenvalue ---------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(the_largest_eigenvalue_of_a_diagonal_matrix) {
  std::vector<float> values(50);
  for (std::size_t j = 0; j < 50; ++j) values[j] = static_cast<float>(j % 17);
  BOOST_TEST(model::largest_eigenvalue({diagonal_rows(values), 50, 50}, {}) == 256.0,
             boost::test_tools::tolerance(1e-12));
  // Close together: 1, 1.0001, ... 1.0099.
  for (std::size_t j = 0; j < 50; ++j) values[j] = 1 + 1e-4F * static_cast<float>(j * 2);
  const auto most = static_cast<double>(values[49]);
  BOOST_TEST(model::largest_eigenvalue({diagonal_rows(values), 50, 50}, {}) == most * most,
             boost::test_tools::tolerance(1e-10));
}

BOOST_AUTO_TEST_CASE(the_largest_eigenvalue_of_little) {
  BOOST_TEST(model::largest_eigenvalue({diagonal_rows({3}), 1, 1}, {}) == 9.0);
  BOOST_TEST(model::largest_eigenvalue({diagonal_rows({0, 0}), 2, 2}, {}) == 0.0);
  // n rows of nothing but the bias.
  BOOST_TEST(model::largest_eigenvalue({diagonal_rows({0, 0}), 2, 3}, {}) == 2.0,
             boost::test_tools::tolerance(1e-14));
}

// ---- published figures --------------------------------------------------------------------------

struct Published {
  std::string file;
  double f, norm, L, kappa;
};

void check(const Published& expected) {
  const auto shard = published(expected.file);
  const double n = static_cast<double>(shard.size()), mu = 1 / n;
  const std::size_t columns = shard.data->features();
  const auto problem = problem_of({"logistic", columns, 2, mu, false}, shard);
  model::OptimumSearch search(*problem);
  BOOST_TEST((model::search(search, {}, {}) == SearchEnd::found));
  BOOST_TEST(search.progress().gradient_norm <= 1e-9);
  // f - f* <= |grad|^2 / (2 mu), and the last digit printed there.
  BOOST_TEST(std::abs(search.progress().f - expected.f) < 1e-18 * n / 2 + 1e-15);
  BOOST_TEST(norm(search.x()) == expected.norm, boost::test_tools::tolerance(1e-8));
  const double L = model::largest_eigenvalue({shard, columns, columns}, {}) / (4 * n) + mu;
  BOOST_TEST(L == expected.L, boost::test_tools::tolerance(1e-10));
  BOOST_TEST(L / mu == expected.kappa, boost::test_tools::tolerance(1e-7));
}

BOOST_AUTO_TEST_CASE(w8a, *boost::unit_test::precondition(have_data("w8a.xz"))) {
  check({"w8a.xz", 0.126180686510513, 27.689598115, 0.66121948540, 32'895.008});
}

BOOST_AUTO_TEST_CASE(a9a, *boost::unit_test::precondition(have_data("a9a.xz"))) {
  check({"a9a.xz", 0.323379582464847, 6.222225638, 1.57195041081, 51'184.277});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
