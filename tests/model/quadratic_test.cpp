/// The quadratic: every value, gradient and step of descent has a closed form.
#include <cmath>

#include <boost/test/unit_test.hpp>

#include "model/solver.hpp"
#include "tests/model/samples.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(quadratic)

namespace {

using model::LabelUse;
using model::ObjectiveOptions;

ObjectiveOptions options(std::size_t features, double l2) {
  ObjectiveOptions out;
  out.kind = "quadratic";
  out.features = features;
  out.l2 = l2;
  return out;
}

std::vector<double> mean_row(const model::Dataset& data) {
  std::vector<double> mean(data.features());
  std::vector<double> row(data.features());
  for (std::size_t i = 0; i < data.rows(); ++i) {
    data.copy_row(i, std::span(row));
    for (std::size_t j = 0; j < row.size(); ++j) {
      mean[j] += row[j] / static_cast<double>(data.rows());
    }
  }
  return mean;
}

}  // namespace

BOOST_AUTO_TEST_CASE(gradient_agrees_with_finite_differences) {
  const std::vector<model::Index> batch{0, 7, 7, 30};
  const auto dense = whole(dense_sample(), LabelUse::none);
  const auto sparse = whole(sparse_sample(), LabelUse::none);
  BOOST_TEST(gradient_error(options(6, 0.1), dense, batch) < 1e-9);
  BOOST_TEST(gradient_error(options(12, 0), sparse, batch) < 1e-9);
}

BOOST_AUTO_TEST_CASE(value_is_half_the_mean_square_distance) {
  const auto data =
      std::make_shared<const model::Dataset>(model::Dataset::dense({1, 2, 5, -2}, {0, 0}, 2));
  const auto shard = whole(data, LabelUse::none);
  const auto objective = model::make_objective<double>(options(2, 0.5));
  const std::vector<double> x{1, 0};
  // 1/2 (4 + 20) over two rows; l2/2 |x|^2 is added by value() alone.
  BOOST_TEST(objective->evaluate(x, shard, 0, 2).loss == 12.0);
  BOOST_TEST(value<double>(*objective, x, shard, 0.5) == 6.25);
  BOOST_TEST(objective->evaluate(x, shard, 0, 2).correct == 0.0);
}

// Full-batch descent: x_t - x* = (1 - eta (1 + l2))^t (x_0 - x*), x* = mean / (1 + l2).
BOOST_AUTO_TEST_CASE(descent_follows_its_closed_form) {
  constexpr double kL2 = 0.25;
  constexpr double kEta = 0.3;
  for (const auto& data : {dense_sample(), sparse_sample()}) {
    const auto shard = whole(data, LabelUse::none);
    const auto objective = model::make_objective<double>(options(data->features(), kL2));
    const auto mean = mean_row(*data);
    const auto start = some_parameters<double>(data->features());
    model::StepSizeOptions constant;
    constant.value = kEta;
    const auto eta = model::make_step_size(constant, {});
    const auto solver = model::make_solver<double>(
        options(data->features(), kL2), {*objective, shard},
        model::Sampler(model::Sampling::cyclic, shard.size(), shard.size(), 0));
    auto x = start;
    for (const model::Step t : {0, 1, 2, 12}) {
      const auto h = t == 12 ? 30 : (t == 2 ? 10 : 1);
      solver->take_steps(x, t, h, *eta, {}, {});
      const double left = std::pow(1 - kEta * (1 + kL2), static_cast<double>(t + h));
      for (std::size_t j = 0; j < x.size(); ++j) {
        const double best = mean[j] / (1 + kL2);
        BOOST_TEST(std::abs(x[j] - (best + left * (start[j] - best))) < 1e-13);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(curvature_does_not_depend_on_the_rows) {
  BOOST_TEST(model::make_objective<float>(options(3, 0))->curvature_factor() == 0.0);
  BOOST_TEST((model::Catalogue::builtin().at("quadratic").labels == LabelUse::none));
  BOOST_TEST(model::make_objective<float>(options(3, 0))->outputs() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
