/// Known values of full-batch gradient descent, in double to 1e-9, in float to 1e-4.
#include <boost/test/unit_test.hpp>

#include "model/solver.hpp"
#include "tests/golden/known_problems.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(descent)

namespace {

using boost::test_tools::tolerance;
using boost::unit_test::precondition;
using model::LabelUse;
using model::ObjectiveOptions;
using model::Step;

/// f after each of the counts of full-batch steps from 0.
template <class Scalar>
std::vector<double> gradient_descent(const ObjectiveOptions& options, const model::Shard& all,
                                     double eta, const std::vector<Step>& counts) {
  const auto objective = model::make_objective<Scalar>(options);
  const model::Sampler whole_set(model::Sampling::cyclic, all.size(), all.size(), 0);
  const auto solver = model::make_solver<Scalar>(options, {*objective, all}, whole_set);
  std::vector<Scalar> x(objective->dimension());
  std::vector<double> out;
  Step t = 0;
  for (const Step count : counts) {
    solver->take_steps(x, t, count - t, *constant(eta), {}, {});
    t = count;
    out.push_back(norm_and_value(options, all, x)[1]);
  }
  return out;
}

void check_values(const std::vector<double>& found, const std::vector<double>& expected,
                  double relative) {
  BOOST_REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    BOOST_TEST(found[i] == expected[i], tolerance(relative));
  }
}

}  // namespace

// The values on the samples were found by an independent program in double precision.

BOOST_AUTO_TEST_CASE(gradient_descent_on_the_sample) {
  const auto all = whole(sparse_sample(), LabelUse::binary);
  const std::vector<Step> counts{1, 10, 100};
  const std::vector<double> plain{0.6777108569294045, 0.6465442268332049, 0.6368205367097095};
  const std::vector<double> biased{0.6526078770690428, 0.6196582659697111, 0.6095916295173359};
  for (const bool bias : {false, true}) {
    const auto options = logistic(12, 1.0 / 60, bias);
    const auto& expected = bias ? biased : plain;
    check_values(gradient_descent<double>(options, all, 1, counts), expected, 1e-9);
    check_values(gradient_descent<float>(options, all, 1, counts), expected, 1e-4);
  }
}

BOOST_AUTO_TEST_CASE(softmax_descent_on_the_sample) {
  const auto all = whole(dense_sample(), LabelUse::classes);
  const std::vector<Step> counts{1, 10, 50};
  const std::vector<double> plain{1.379714566229322, 1.350831479313069, 1.3350241464505945};
  const std::vector<double> biased{1.379714566229322, 1.3506386557006616, 1.334281191263429};
  for (const bool bias : {false, true}) {
    const ObjectiveOptions options{
        .kind = "softmax", .features = 6, .classes = 4, .l2 = 0.01, .bias = bias};
    const auto& expected = bias ? biased : plain;
    check_values(gradient_descent<double>(options, all, 0.5, counts), expected, 1e-9);
    check_values(gradient_descent<float>(options, all, 0.5, counts), expected, 1e-4);
  }
}

BOOST_AUTO_TEST_CASE(gradient_descent_on_w8a, *precondition(have_data("w8a.xz"))) {
  constexpr double kSmoothness = 0.66121948540;  // L
  const auto all = whole(w8a(), LabelUse::binary);
  const auto options = logistic(300, 1.0 / 49749);
  const std::vector<double> expected{0.400883904465, 0.253565332879, 0.184105074572,
                                     0.145600468909};
  const std::vector<Step> counts{1, 10, 100, 1000};
  check_values(gradient_descent<double>(options, all, 1 / kSmoothness, counts), expected, 1e-9);
  check_values(gradient_descent<float>(options, all, 1 / kSmoothness, counts), expected, 1e-4);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
