/// The two solvers: equal to each other, to the formula, and steady in float.
#include "model/solver.hpp"

#include <cmath>
#include <limits>

#include <boost/test/unit_test.hpp>

#include "model/read_dataset.hpp"
#include "tests/model/files.hpp"
#include "tests/model/samples.hpp"
#include "tests/support/data_folder.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(solver)

namespace {

using boost::unit_test::precondition;
using model::LabelUse;
using model::ObjectiveOptions;
using model::Sampler;
using model::Sampling;
using model::Step;
using model::StepReport;

ObjectiveOptions options(std::size_t features, bool bias, double l2) {
  ObjectiveOptions out;
  out.features = features;
  out.bias = bias;
  out.l2 = l2;
  return out;
}

/// eta(t) = scale / (1 + t/50).
std::unique_ptr<model::StepSize> decaying(double scale) {
  model::StepSizeOptions out;
  out.kind = model::StepSizeKind::inverse;
  out.lr0 = scale;
  out.tau = 50;
  return model::make_step_size(out, {});
}

template <class Scalar>
struct Trajectory {
  std::vector<Scalar> x;
  StepReport report;
};

struct Course {
  ObjectiveOptions options;
  const model::Shard& shard;
  std::size_t batch = 4;
  Step steps = 100;
  double eta = 0.5;
  bool corrected = false;
  double drift = 0.125;  // the size of the correction's entries
  Step round = 16;       // steps between averages
};

/// Takes the steps in rounds, as a run does.
template <class Scalar>
Trajectory<Scalar> descend(const Course& course, bool sparse) {
  const auto objective = model::make_objective<Scalar>(course.options);
  Sampler sampler(Sampling::replacement, course.shard.size(), course.batch, 11);
  const auto solver = sparse
                          ? model::make_sparse_linear_solver<Scalar>(
                                course.options, {*objective, course.shard}, sampler)
                          : model::make_dense_solver<Scalar>({*objective, course.shard}, sampler);
  const auto eta = decaying(course.eta);
  Trajectory<Scalar> out{some_parameters<Scalar>(objective->dimension()), {}};
  auto correction = some_parameters<Scalar>(course.corrected ? out.x.size() : 0);
  for (auto& v : correction) v *= static_cast<Scalar>(course.drift);
  for (Step t = 0; t < course.steps; t += course.round) {
    const auto h = std::min(course.round, course.steps - t);
    const auto report = solver->take_steps(out.x, t, h, *eta, {correction}, {});
    out.report.steps += report.steps;
    out.report.sum_eta += report.sum_eta;
    out.report.sum_loss += report.sum_loss;
    out.report.samples += report.samples;
    out.report.finite = report.finite;
  }
  return out;
}

void check_equal(const Course& course) {
  const auto dense = descend<double>(course, false);
  const auto sparse = descend<double>(course, true);
  double size = 1;
  for (const double v : dense.x) size = std::max(size, std::abs(v));
  BOOST_TEST(largest_difference(dense.x, sparse.x) < 1e-9 * size,
             "batch " << course.batch << ", bias " << course.options.bias << ", l2 "
                      << course.options.l2 << ", eta " << course.eta << ", corrected "
                      << course.corrected << ": " << largest_difference(dense.x, sparse.x));
  BOOST_TEST(dense.report.sum_loss == sparse.report.sum_loss, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(dense.report.sum_eta == sparse.report.sum_eta);
  BOOST_TEST(dense.report.steps == sparse.report.steps);
  BOOST_TEST(dense.report.samples == sparse.report.samples);
  BOOST_TEST(dense.report.finite);
  BOOST_TEST(sparse.report.finite);
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_sparse_solver_equals_the_dense_one) {
  const auto shard = whole(sparse_sample(), LabelUse::binary);
  for (const bool bias : {false, true}) {
    for (const double l2 : {0.0, 1.0 / 60, 0.7}) {
      for (const bool corrected : {false, true}) {
        Course course{.options = options(12, bias, l2), .shard = shard, .corrected = corrected};
        check_equal(course);
        course.batch = 1;  // has its own path
        check_equal(course);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(steps_that_turn_x_around_are_equal_too) {
  const auto shard = whole(sparse_sample(), LabelUse::binary);
  // eta l2 starts at 0.45, 0.5, 0.6, 1 and 1.7: scales that shrink fast, vanish or change sign.
  for (const double eta : {0.45, 0.5, 0.6, 1.0, 1.7}) {
    for (const bool corrected : {false, true}) {
      check_equal(
          {.options = options(12, true, 1), .shard = shard, .eta = eta, .corrected = corrected});
    }
  }
}

/// One round of 400 steps at eta l2 = 0.4, which shrink the scale by 1e-89: float ends at 1e-38.
template <class Scalar>
std::vector<Scalar> one_long_round(bool sparse) {
  const auto shard = whole(sparse_sample(), LabelUse::binary);
  const auto course = options(12, true, 0.8);
  const auto objective = model::make_objective<Scalar>(course);
  model::StepSizeOptions constant;
  constant.value = 0.5;
  const Sampler sampler(Sampling::shuffle, shard.size(), 3, 5);
  const auto solver =
      sparse ? model::make_sparse_linear_solver<Scalar>(course, {*objective, shard}, sampler)
             : model::make_dense_solver<Scalar>({*objective, shard}, sampler);
  auto x = some_parameters<Scalar>(13);
  const auto correction = x;
  solver->take_steps(x, 0, 400, *model::make_step_size(constant, {}), {correction}, {});
  return x;
}

BOOST_AUTO_TEST_CASE(a_scale_far_below_the_smallest_is_multiplied_out) {
  const auto exact = one_long_round<double>(false);
  BOOST_TEST(largest_difference(one_long_round<double>(true), exact) < 1e-9);
  BOOST_TEST(largest_difference(one_long_round<float>(true), exact) < 1e-4);
}

BOOST_AUTO_TEST_CASE(a_row_twice_in_a_batch_counts_twice) {
  const auto shard = shard_of(sparse_sample(), LabelUse::binary, 3, 5);
  // Batches of 7 out of 2 rows cannot be without repeats.
  check_equal({.options = options(12, true, 0.1), .shard = shard, .batch = 7, .corrected = true});
}

BOOST_AUTO_TEST_CASE(one_step_is_x_minus_eta_times_g_minus_v) {
  const auto shard = whole(sparse_sample(), LabelUse::binary);
  const auto objective = model::make_objective<double>(options(12, false, 0.3));
  const std::vector<model::Index> batch{0, 1, 2, 3};
  const auto start = some_parameters<double>(12);
  std::vector<double> g(12);
  const double loss = objective->gradient(start, {shard, batch}, g);
  const std::vector<double> correction(12, 0.25);
  const auto eta = decaying(0.5);
  for (const bool sparse : {false, true}) {
    const Sampler sampler(Sampling::cyclic, 60, 4, 0);
    const auto solver = sparse ? model::make_sparse_linear_solver<double>(
                                     options(12, false, 0.3), {*objective, shard}, sampler)
                               : model::make_dense_solver<double>({*objective, shard}, sampler);
    auto x = start;
    const auto report = solver->take_steps(x, 50, 1, *eta, {correction}, {});
    for (std::size_t j = 0; j < 12; ++j) {
      BOOST_TEST(std::abs(x[j] - (start[j] - 0.25 * (g[j] - 0.25))) < 1e-15);
    }
    BOOST_TEST(report.steps == 1);
    BOOST_TEST(report.sum_eta == 0.25);
    BOOST_TEST(report.samples == 4U);
    BOOST_TEST(report.sum_loss == loss, boost::test_tools::tolerance(1e-14));
  }
}

BOOST_AUTO_TEST_CASE(make_solver_suits_the_data) {
  // Both ways end within rounding of each other; what differs is who accepts what.
  const auto sparse = whole(sparse_sample(), LabelUse::binary);
  const auto dense = whole(made_dense(*sparse_sample()), LabelUse::binary);
  const auto course = options(12, true, 0.1);
  const auto objective = model::make_objective<double>(course);
  const auto eta = decaying(0.5);
  const Sampler sampler(Sampling::replacement, 60, 4, 2);
  auto x = some_parameters<double>(13);
  auto y = x;
  model::make_solver<double>(course, {*objective, sparse}, sampler)
      ->take_steps(x, 0, 50, *eta, {}, {});
  model::make_solver<double>(course, {*objective, dense}, sampler)
      ->take_steps(y, 0, 50, *eta, {}, {});
  BOOST_TEST(largest_difference(x, y) < 1e-9);
}

BOOST_AUTO_TEST_CASE(a_stop_ends_the_steps_and_leaves_x_whole) {
  const auto shard = whole(sparse_sample(), LabelUse::binary);
  const auto course = options(12, false, 0.1);
  const auto objective = model::make_objective<double>(course);
  const auto eta = decaying(0.5);
  std::stop_source stop;
  stop.request_stop();
  for (const bool sparse : {false, true}) {
    const Sampler sampler(Sampling::cyclic, 60, 4, 0);
    const auto solver =
        sparse ? model::make_sparse_linear_solver<double>(course, {*objective, shard}, sampler)
               : model::make_dense_solver<double>({*objective, shard}, sampler);
    auto x = some_parameters<double>(12);
    const auto report = solver->take_steps(x, 0, 10, *eta, {}, stop.get_token());
    BOOST_TEST(report.steps == 0);
    BOOST_TEST(report.samples == 0U);
    BOOST_TEST(x == some_parameters<double>(12));
  }
}

BOOST_AUTO_TEST_CASE(parameters_that_are_no_numbers_are_reported) {
  const auto shard = whole(sparse_sample(), LabelUse::binary);
  const auto course = options(12, false, 0.1);
  const auto objective = model::make_objective<float>(course);
  for (const bool sparse : {false, true}) {
    const Sampler sampler(Sampling::cyclic, 60, 4, 0);
    const auto solver =
        sparse ? model::make_sparse_linear_solver<float>(course, {*objective, shard}, sampler)
               : model::make_dense_solver<float>({*objective, shard}, sampler);
    std::vector<float> x(12);
    BOOST_TEST(solver->take_steps(x, 0, 5, *decaying(1), {}, {}).finite);
    x[7] = std::numeric_limits<float>::infinity();
    BOOST_TEST(!solver->take_steps(x, 0, 5, *decaying(1), {}, {}).finite);
  }
}

// 3e-4 is what the rounding of 10^4 float steps may add up to at |x| of a few units.
BOOST_AUTO_TEST_CASE(float_stays_near_double_for_ten_thousand_steps) {
  const auto shard = whole(sparse_sample(), LabelUse::binary);
  Course course{.options = options(12, true, 1.0 / 60), .shard = shard, .steps = 10000};
  const auto exact = descend<double>(course, false).x;
  BOOST_TEST(largest_difference(descend<float>(course, false).x, exact) < 3e-4);
  BOOST_TEST(largest_difference(descend<float>(course, true).x, exact) < 3e-4);
  course.round = course.steps;  // the sparse solver's scales go on for as long
  BOOST_TEST(largest_difference(descend<float>(course, true).x, exact) < 3e-4);
}

BOOST_AUTO_TEST_CASE(float_stays_near_double_on_w8a, *precondition(have_data("w8a.xz"))) {
  const auto data = std::make_shared<const model::Dataset>(
      model::read_dataset({.file = data_folder() / "w8a.xz"}));
  const auto shard = whole(data, LabelUse::binary);
  for (const bool corrected : {false, true}) {
    // A correction that never changes moves x by 1060 times its size here; real ones average out.
    Course course{.options = options(300, false, 1.0 / 49749),
                  .shard = shard,
                  .steps = 10000,
                  .eta = 4,
                  .corrected = corrected,
                  .drift = 0.005};
    const auto exact = descend<double>(course, false).x;
    BOOST_TEST(largest_difference(descend<double>(course, true).x, exact) < 1e-9);
    BOOST_TEST(largest_difference(descend<float>(course, false).x, exact) < 3e-4);
    BOOST_TEST(largest_difference(descend<float>(course, true).x, exact) < 3e-4);
    course.round = course.steps;
    BOOST_TEST(largest_difference(descend<float>(course, true).x, exact) < 3e-4);
  }
}

// A call costs more than its steps: x is copied, and looked over at the end.
BOOST_AUTO_TEST_CASE(the_clock_is_asked_before_the_first_step_and_after_the_last) {
  const auto shard = whole(sparse_sample(), LabelUse::binary);
  const Course course{.options = options(12, false, 0), .shard = shard};
  const auto objective = model::make_objective<float>(course.options);
  const Sampler sampler(Sampling::cyclic, 60, 4, 0);
  double now = 5;
  model::StepExtras<float> extras;
  extras.clock = [&now] { return now++; };
  std::vector<float> x(12);
  for (const auto& solver :
       {model::make_sparse_linear_solver<float>(course.options, {*objective, shard}, sampler),
        model::make_dense_solver<float>({*objective, shard}, sampler)}) {
    BOOST_TEST(solver->take_steps(x, 0, 3, *decaying(1), extras, {}).seconds == 1.0);
  }
}

BOOST_AUTO_TEST_CASE(the_sparse_solver_refuses_more_columns_than_the_model_has) {
  const auto shard = whole(sparse_sample(), LabelUse::binary);
  const Sampler sampler(Sampling::cyclic, 60, 4, 0);
  const auto narrow = model::make_objective<float>(options(11, false, 0));
  BOOST_CHECK_THROW(static_cast<void>(model::make_sparse_linear_solver<float>(
                        options(11, false, 0), {*narrow, shard}, sampler)),
                    model::DataError);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
