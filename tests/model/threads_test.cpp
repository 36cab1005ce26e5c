/// Steps that several threads share: those of one, up to rounding, and the same bits each time.
#include <string>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "model/solver.hpp"
#include "model/team.hpp"
#include "tests/model/samples.hpp"
#include "tests/support/counted_allocations.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(threads)

namespace {

namespace data = boost::unit_test::data;
using model::Activation;
using model::LabelUse;
using model::Sampling;

/// So wide that every part of a step of 40 rows is worth a meeting.
model::ObjectiveOptions wide(Activation activation, double l2) {
  return {.kind = "mlp",
          .features = 6,
          .classes = 4,
          .l2 = l2,
          .layers = {1600, 70},
          .activation = activation};
}

/// For batches of 4,000 rows, whose products and whose copies are worth a meeting.
model::ObjectiveOptions softmax() {
  return {.kind = "softmax", .features = 6, .classes = 4, .l2 = 0.01};
}

template <class Scalar>
struct Steps {
  model::ObjectiveOptions options;
  std::size_t threads = 1;
  bool corrected = false;
  std::size_t batch = 40;
  std::vector<Scalar> x{};
  model::StepReport report{};
  std::uint64_t allocated = 0;  // bytes, by this thread after the first call

  void take() {
    const auto shard = whole(dense_sample(), LabelUse::classes);
    const auto team = model::make_team(threads);
    const auto objective = model::make_objective<Scalar>(options);
    objective->share_with(team.get());
    const auto solver = model::make_dense_solver<Scalar>(
        {*objective, shard, team.get()},
        model::Sampler(Sampling::replacement, shard.size(), batch, 3));
    model::StepSizeOptions constant;
    constant.value = 0.05;
    const auto eta = model::make_step_size(constant, {});
    x.resize(objective->dimension());
    model::Random random(5);
    objective->start(random, x);
    const std::vector<Scalar> correction(corrected ? x.size() : 0, Scalar(0.01));
    report = solver->take_steps(x, 0, 2, *eta, {correction}, {});
    const auto before = allocated_bytes();
    report = solver->take_steps(x, 2, 6, *eta, {correction}, {});
    allocated = allocated_bytes() - before;
  }
};

}  // namespace

BOOST_DATA_TEST_CASE(equal_the_steps_of_one, data::make({2, 3, 5}), threads) {
  for (const auto activation : {Activation::tanh, Activation::relu}) {
    for (const double l2 : {0.0, 0.01}) {
      for (const bool corrected : {false, true}) {
        Steps<double> one{wide(activation, l2), 1, corrected};
        Steps<double> many{wide(activation, l2), static_cast<std::size_t>(threads), corrected};
        one.take();
        many.take();
        BOOST_TEST(largest_difference(one.x, many.x) < 1e-12);
        BOOST_TEST(one.report.sum_loss == many.report.sum_loss,
                   boost::test_tools::tolerance(1e-12));
        BOOST_TEST(many.report.steps == 6);
        BOOST_TEST(many.allocated == 0U);
      }
    }
  }
}

BOOST_DATA_TEST_CASE(of_softmax_equal_those_of_one, data::make({2, 3, 5}), threads) {
  Steps<double> one{softmax(), 1, false, 4000};
  Steps<double> many{softmax(), static_cast<std::size_t>(threads), false, 4000};
  one.take();
  many.take();
  BOOST_TEST(largest_difference(one.x, many.x) < 1e-12);
  BOOST_TEST(one.report.sum_loss == many.report.sum_loss, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(many.allocated == 0U);
}

BOOST_AUTO_TEST_CASE(are_the_same_bits_each_time) {
  Steps<float> once{wide(Activation::tanh, 0.01), 3};
  once.take();
  for (int i = 0; i < 5; ++i) {
    Steps<float> again{wide(Activation::tanh, 0.01), 3};
    again.take();
    BOOST_TEST(once.x == again.x);
  }
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace annulet::tests
