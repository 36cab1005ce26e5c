/// Averages of the iterates, against sums over iterates that were written down one by one.
#include "model/iterate_average.hpp"

#include <cmath>

#include <boost/test/unit_test.hpp>

#include "tests/model/averaged_workers.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(iterate_average)

namespace {

using model::AverageKind;
using model::AverageWeights;
using model::IterateAverage;
using model::Sampler;
using model::Sampling;
using model::Step;

/// The largest error of any average of any worker, in units of the largest parameter.
template <class Scalar>
double largest_error(const AveragedCourse& course) {
  const auto found = train_averaged<Scalar>(course, false);
  const auto expected = train_averaged<Scalar>(course, true);
  double error = 0;
  for (std::size_t w = 0; w < kWorkers; ++w) {
    for (std::size_t k = 0; k < std::size(kWeights); ++k) {
      const auto& average = found[w].averages[k];
      const auto mean = expected[w].sums[k].mean();
      BOOST_TEST(average.total == expected[w].sums[k].total(), boost::test_tools::tolerance(1e-14));
      BOOST_REQUIRE(average.mean.size() == mean.size());
      double size = 1;
      for (const double v : mean) size = std::max(size, std::abs(v));
      error = std::max(error, largest_difference(average.mean, mean) / size);
    }
  }
  return error;
}

/// All that bears on how x is written as s v + r V.
std::vector<AveragedCourse> courses() {
  std::vector<AveragedCourse> out;
  for (const bool sparse : {true, false}) {
    for (const bool corrected : {false, true}) {
      for (const double l2 : {0.0, 1.0 / 60, 0.7}) {
        for (const bool bias : {false, true}) {
          out.push_back({averaged_options(bias, l2), 0.5, corrected, sparse});
        }
      }
      // eta l2 starts at 0.45, 0.6, 1 and 1.7: scales that shrink fast, vanish or change sign.
      for (const double eta : {0.45, 0.6, 1.0, 1.7}) {
        out.push_back({averaged_options(true, 1), eta, corrected, sparse});
      }
    }
  }
  const auto few = out;
  for (auto course : few) {
    course.batch = 1;  // has its own path on sparse rows
    out.push_back(course);
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(weights_are_one_linear_and_quadratic) {
  BOOST_TEST(AverageWeights({AverageKind::uniform, 3})(5) == 1);
  BOOST_TEST(AverageWeights({AverageKind::linear, 3})(5) == 8);
  BOOST_TEST(AverageWeights({AverageKind::quadratic, 3})(5) == 64);
  BOOST_TEST(AverageWeights({AverageKind::quadratic, 1})(0) == 1);
}

// S_T = T a^2 + a T(T-1) + (T-1)T(2T-1)/6, the paper's.
BOOST_AUTO_TEST_CASE(the_total_of_the_quadratic_weights_has_the_closed_form) {
  for (const double a : {1.0, 3.0}) {
    IterateAverage average{.weights = {AverageKind::quadratic, a}};
    const std::vector<double> x{2};
    const double T = 50;
    for (Step t = 0; t < 50; ++t) average.add<double>(t, x);
    BOOST_TEST(average.total == T * a * a + a * T * (T - 1) + (T - 1) * T * (2 * T - 1) / 6);
    BOOST_TEST(average.mean[0] == 2);
  }
}

BOOST_AUTO_TEST_CASE(the_mean_of_two_iterates_by_hand) {
  IterateAverage average{.weights = {AverageKind::linear, 1}};
  average.add<double>(0, std::vector<double>{3, 0});
  average.add<double>(1, std::vector<double>{6, -3});
  BOOST_TEST(average.total == 3);
  BOOST_TEST(average.mean[0] == 5);
  BOOST_TEST(average.mean[1] == -2);
  average.reset();
  average.add<double>(1, std::vector<double>{7, 1});
  BOOST_TEST(average.total == 2);
  BOOST_TEST(average.mean[0] == 7);
}

// Both ways take the same steps in double; all that differs is the rounding of about a hundred.
BOOST_AUTO_TEST_CASE(an_average_equals_the_sum_written_down) {
  for (const AveragedCourse& course : courses()) {
    const double error = largest_error<double>(course);
    BOOST_TEST(error < 1e-13, course << ": " << error);
  }
}

// The iterates themselves differ where float steps are rounded at other places: s v + r V is
// multiplied out after 16 steps or after each. 96 steps of eta <= 1.7 on |x| of a few units may
// add up to 96 x 6e-8 x a few units; what is averaged then adds nothing of its own.
BOOST_AUTO_TEST_CASE(an_average_of_float_steps_is_as_good_as_they_are) {
  for (const AveragedCourse& course : courses()) {
    const double error = largest_error<float>(course);
    BOOST_TEST(error < (course.sparse ? 2e-5 : 1e-13), course << ": " << error);
  }
}

/// One round of 4000 steps at eta l2 = 0.4: the scale falls below its limit every 18 steps.
BOOST_AUTO_TEST_CASE(scales_that_are_multiplied_out_lose_nothing) {
  AveragedCourse course{
      .options = averaged_options(true, 0.8), .corrected = true, .steps = 4000, .round = 4000};
  BOOST_TEST(largest_error<double>(course) < 1e-12);
  course.options = averaged_options(true, 0);
  BOOST_TEST(largest_error<double>(course) < 1e-12);
}

// total and mean are all there is: what goes on from a copy of them is the same to the bit, so
// the solver keeps nothing of an average between two calls.
BOOST_AUTO_TEST_CASE(an_average_goes_on_from_a_copy) {
  const AveragedCourse course{.options = averaged_options(true, 0.1)};
  const auto objective = model::make_objective<float>(course.options);
  const auto eta = decaying_step(0.5);
  std::vector<std::vector<double>> means;
  for (const bool copied : {false, true}) {
    auto worker = std::move(make_workers<float>(course, *objective)[0]);
    const auto shard = worker.shard;
    worker.solver = model::make_sparse_linear_solver<float>(
        course.options, {*objective, shard}, Sampler(Sampling::replacement, shard.size(), 4, 7));
    for (Step t = 0; t < 40; t += 8) {
      take(worker, t, 8, *eta, false);
      if (!copied) continue;
      std::vector<IterateAverage> kept;
      for (const auto& average : worker.averages) {
        kept.push_back({average.weights, average.total, average.mean});
      }
      worker.averages = kept;
    }
    for (const auto& average : worker.averages) means.push_back(average.mean);
  }
  for (std::size_t k = 0; k < std::size(kWeights); ++k) {
    BOOST_TEST(means[k] == means[k + std::size(kWeights)], boost::test_tools::per_element());
  }
}

// "last" must not change a bit, and neither must another average.
BOOST_AUTO_TEST_CASE(steps_do_not_feel_that_they_are_averaged) {
  const auto objective = model::make_objective<float>(averaged_options(true, 0.1));
  const auto eta = decaying_step(0.5);
  for (const bool sparse : {false, true}) {
    for (const std::size_t batch : {4U, 1U}) {
      const AveragedCourse course{
          .options = averaged_options(true, 0.1), .sparse = sparse, .batch = batch};
      auto workers = make_workers<float>(course, *objective);
      auto plain = make_workers<float>(course, *objective);
      plain[0].averages.clear();
      take(workers[0], 0, 40, *eta, false);
      take(plain[0], 0, 40, *eta, false);
      BOOST_TEST(workers[0].x == plain[0].x, boost::test_tools::per_element());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
