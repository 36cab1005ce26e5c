/// The step sizes' formulas.
#include "model/step_size.hpp"

#include <stdexcept>

#include <boost/test/unit_test.hpp>

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(step_size, *boost::unit_test::tolerance(1e-15))

namespace {

using model::StepSizeFacts;
using model::StepSizeKind;
using model::StepSizeOptions;

double eta(const StepSizeOptions& options, model::Step t, const StepSizeFacts& facts = {}) {
  return (*model::make_step_size(options, facts))(t);
}

StepSizeOptions of(StepSizeKind kind) {
  StepSizeOptions options;
  options.kind = kind;
  return options;
}

}  // namespace

BOOST_AUTO_TEST_CASE(constant_never_changes) {
  auto options = of(StepSizeKind::constant);
  options.value = 0.25;
  BOOST_TEST(eta(options, 0) == 0.25);
  BOOST_TEST(eta(options, 1'000'000'000'000) == 0.25);
}

BOOST_AUTO_TEST_CASE(inverse_is_half_after_tau_steps) {
  auto options = of(StepSizeKind::inverse);
  options.lr0 = 4;
  options.tau = 40;
  BOOST_TEST(eta(options, 0) == 4.0);
  BOOST_TEST(eta(options, 40) == 2.0);
  BOOST_TEST(eta(options, 120) == 1.0);
}

BOOST_AUTO_TEST_CASE(inverse_sqrt_is_half_after_three_tau_steps) {
  auto options = of(StepSizeKind::inverse_sqrt);
  options.lr0 = 4;
  options.tau = 40;
  BOOST_TEST(eta(options, 0) == 4.0);
  BOOST_TEST(eta(options, 120) == 2.0);
}

BOOST_AUTO_TEST_CASE(the_papers_step_starts_below_a_quarter_of_one_over_l) {
  // w8a: mu = 1/n, a = 16 L/mu.
  StepSizeFacts facts;
  facts.mu = 2.0100906550885e-5;
  facts.a = 16 * 0.66121948540 / facts.mu;
  const auto options = of(StepSizeKind::paper);
  BOOST_TEST(eta(options, 0, facts) == 1 / (4 * 0.66121948540));
  BOOST_TEST(eta(options, 1000, facts) == 4 / (facts.mu * (facts.a + 1000)));
}

BOOST_AUTO_TEST_CASE(given_constants_come_before_known_ones) {
  auto options = of(StepSizeKind::paper);
  options.mu = 2;
  options.a = 8;
  StepSizeFacts facts;
  facts.mu = 1;
  facts.a = 1;
  BOOST_TEST(eta(options, 0, facts) == 0.25);
  options.a.reset();
  BOOST_TEST(eta(options, 1, facts) == 1.0);
}

BOOST_AUTO_TEST_CASE(the_papers_step_needs_mu_and_a) {
  BOOST_CHECK_THROW(eta(of(StepSizeKind::paper), 0), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(capped_inverse_is_capped) {
  auto options = of(StepSizeKind::capped_inverse);
  options.max = 32;
  options.scale = 0.125;
  StepSizeFacts facts;
  facts.rows = 1024;
  BOOST_TEST(eta(options, 0, facts) == 32.0);
  BOOST_TEST(eta(options, 3, facts) == 32.0);
  BOOST_TEST(eta(options, 4, facts) == 25.6);
  BOOST_TEST(eta(options, 127, facts) == 1.0);
}

BOOST_AUTO_TEST_CASE(linear_ends_with_the_last_step) {
  auto options = of(StepSizeKind::linear);
  options.from = 0.1;
  options.to = 0.01;
  StepSizeFacts facts;
  facts.steps = 11;
  BOOST_TEST(eta(options, 0, facts) == 0.1);
  BOOST_TEST(eta(options, 5, facts) == 0.055);
  BOOST_TEST(eta(options, 10, facts) == 0.01);
  BOOST_TEST(eta(options, 99, facts) == 0.01);
  facts.steps = 1;
  BOOST_TEST(eta(options, 0, facts) == 0.1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
