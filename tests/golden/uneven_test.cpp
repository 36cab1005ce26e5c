/// Known values of rounds in which devices take unequal steps, in double to 1e-9, and the product's
/// own rounds in float to 1e-4.
#include <array>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "devices/processor.hpp"
#include "model/random.hpp"
#include "runtime/control_variates.hpp"
#include "runtime/effort.hpp"
#include "runtime/local_sgd.hpp"
#include "tests/golden/known_problems.hpp"
#include "tests/support/sim_rings.hpp"

namespace annulet::tests {
namespace {

using boost::test_tools::tolerance;
using boost::unit_test::precondition;
using model::LabelUse;
using model::Step;

constexpr std::size_t kUnequal = 4;
constexpr Step kMostSteps = 16, kHorizon = 160;
constexpr std::array<Step, kUnequal> kOwn{16, 16, 8, 4};  // h_w

enum class Mean { plain, normalised };

template <class Scalar>
struct UnevenWorker {
  model::Shard shard;
  std::unique_ptr<model::LocalSolver<Scalar>> solver;
  std::vector<Scalar> v, change;
  runtime::Effort effort;
};

template <class Scalar>
std::vector<UnevenWorker<Scalar>> make_uneven(std::shared_ptr<const model::Dataset> data,
                                              const model::ObjectiveOptions& options,
                                              const model::Objective<Scalar>& objective) {
  std::vector<UnevenWorker<Scalar>> workers(kUnequal);
  const auto n = data->rows();
  for (std::size_t w = 0; w < kUnequal; ++w) {
    workers[w].shard = shard_of(data, LabelUse::binary, n * w / kUnequal, n * (w + 1) / kUnequal);
    const model::Sampler sampler(model::Sampling::cyclic, workers[w].shard.size(), 4, 0);
    workers[w].solver = model::make_solver<Scalar>(options, {objective, workers[w].shard}, sampler);
    workers[w].v.resize(objective.dimension());
  }
  return workers;
}

/// The weighted sum of the changes of a round, worker after worker, and what was left out.
template <class Scalar>
runtime::LeftOut sum_changes(std::vector<UnevenWorker<Scalar>>& workers,
                             const std::vector<Scalar>& x, Step t, const model::StepSize& eta,
                             std::vector<Scalar>& sum) {
  double full_eta = 0;
  for (Step s = t; s < t + kMostSteps; ++s) full_eta += eta(s);
  runtime::LeftOut left_out;
  for (std::size_t w = 0; w < workers.size(); ++w) {
    auto& worker = workers[w];
    worker.change = x;
    const auto report =
        worker.solver->take_steps(worker.change, t, kOwn.at(w), eta, {worker.v, {}}, {});
    worker.effort = {1.0 / kUnequal, report.sum_eta, full_eta, true};
    for (std::size_t j = 0; j < x.size(); ++j) {
      worker.change[j] -= x[j];
      sum[j] += static_cast<Scalar>(weight_of(worker.effort)) * worker.change[j];
    }
    left_out.effort += runtime::left_out(worker.effort).effort;
  }
  return left_out;
}

/// V of all workers after a round; returns sum_w p_w V_w.
std::vector<double> correct_all(std::vector<UnevenWorker<double>>& workers,
                                const std::vector<double>& sum, double drift_rate) {
  std::vector<double> sum_v(sum.size());
  for (auto& worker : workers) {
    if (drift_rate > 0) {
      runtime::correct<double>(worker.v, sum, worker.change,
                               {worker.effort.full_eta, part_of(worker.effort), drift_rate});
    }
    for (std::size_t j = 0; j < sum.size(); ++j) sum_v[j] += worker.v[j] / kUnequal;
  }
  return sum_v;
}

/// The change that the plain mean would make of parameter j.
double plain_mean(const std::vector<UnevenWorker<double>>& workers, std::size_t j) {
  double mean = 0;
  for (const auto& worker : workers) mean += worker.change[j] / kUnequal;
  return mean;
}

struct UnevenOutcome {
  double first_value = 0, value = 0, norm = 0;
  double largest_sum = 0;  // of sum_w p_w V_w, after any round
};

/// Rounds of `kOwn` steps. Drift correction where its rate is not 0, else V stays 0.
UnevenOutcome uneven_rounds(Mean mean, const model::StepSize& eta, double drift_rate = 0) {
  const auto options = logistic(300, 1.0 / 49749);
  const auto objective = model::make_objective<double>(options);
  const auto all = whole(w8a(), LabelUse::binary);
  auto workers = make_uneven<double>(w8a(), options, *objective);
  std::vector<double> x(objective->dimension());
  UnevenOutcome out;
  for (Step t = 0; t < kHorizon; t += kMostSteps) {
    std::vector<double> sum(x.size());
    const auto factors = runtime::normalised(sum_changes(workers, x, t, eta, sum));
    const auto sum_v = correct_all(workers, sum, drift_rate);
    for (std::size_t j = 0; j < x.size(); ++j) {
      x[j] +=
          mean == Mean::plain ? plain_mean(workers, j) : factors.average * factors.full * sum[j];
    }
    out.largest_sum =
        std::max(out.largest_sum, largest_difference(sum_v, std::vector<double>(sum_v.size())));
    if (t == 0) out.first_value = norm_and_value(options, all, x)[1];
  }
  const auto end = norm_and_value(options, all, x);
  out.norm = end[0];
  out.value = end[1];
  return out;
}

/// The product's rounds on a ring, where devices 2 and 3 are 2 and 4 times slower.
std::vector<float> paced_rounds() {
  const auto options = logistic(300, 1.0 / 49749);
  const auto objective = model::make_objective<float>(options);
  auto workers = make_uneven<float>(w8a(), options, *objective);
  std::vector<runtime::State> states(kUnequal);
  SimRings rings(kUnequal);
  const auto eta = constant(1);
  const auto schedule = runtime::make_schedule({.kind = "fixed", .h = kMostSteps}, {});
  rings.on_all([&](std::size_t rank, transport::Ring& ring) -> asio::awaitable<void> {
    const double speed = static_cast<double>(kOwn.at(rank)) / kMostSteps;
    devices::VirtualProcessor processor(rings.world(), speed);
    auto& state = states[rank];
    state.x.resize(objective->dimension());
    state.step_seconds = {1, 1, 2, 4};  // as if measured in a round before
    std::uint64_t operations = 0;
    runtime::LocalSgd run{.clock = rings.world(),
                          .processor = processor,
                          .ring = ring,
                          .solver = *workers[rank].solver,
                          .eta = *eta,
                          .schedule = *schedule,
                          .rules = {.share = 1.0 / kUnequal, .rank = rank, .paced = true},
                          .horizon = kHorizon,
                          .step_flops = 1,
                          .request = [] { return std::uint32_t{0}; },
                          .operations = operations};
    runtime::RoundRecord record;
    while (state.t < kHorizon) {
      co_await take_round(run, state, record);
      BOOST_TEST(record.own == kOwn.at(rank));
    }
  });
  for (const auto& state : states) BOOST_TEST(state.hash == states[0].hash);
  return states[0].x;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(uneven, *precondition(have_data("w8a.xz")))

BOOST_AUTO_TEST_CASE(the_plain_mean_of_unequal_steps) {
  const auto found = uneven_rounds(Mean::plain, *constant(1));
  BOOST_TEST(found.first_value == 0.362022255170, tolerance(1e-9));
  BOOST_TEST(found.value == 0.274736870728, tolerance(1e-9));
  BOOST_TEST(found.norm == 4.266768961, tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(the_normalised_mean_of_unequal_steps) {
  const auto found = uneven_rounds(Mean::normalised, *constant(1));
  BOOST_TEST(found.first_value == 0.330192762470, tolerance(1e-9));
  BOOST_TEST(found.value == 0.271346570515, tolerance(1e-9));
  BOOST_TEST(found.norm == 4.372430732, tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(paced_rounds_of_the_product_are_the_normalised_mean) {
  const auto x = paced_rounds();
  const auto end = norm_and_value(logistic(300, 1.0 / 49749), whole(w8a(), LabelUse::binary), x);
  BOOST_TEST(end[1] == 0.271346570515, tolerance(1e-4));
  BOOST_TEST(end[0] == 4.372430732, tolerance(1e-4));
}

// In the form with counts of steps in the place of step sizes a decaying step breaks it.
BOOST_AUTO_TEST_CASE(corrections_sum_to_0_with_unequal_and_decaying_steps) {
  BOOST_TEST(uneven_rounds(Mean::normalised, *constant(1), 1).largest_sum < 1e-10);
  BOOST_TEST(uneven_rounds(Mean::normalised, *inverse(4, 40), 1).largest_sum < 1e-10);
  BOOST_TEST(uneven_rounds(Mean::normalised, *inverse(4, 40), 0.5).largest_sum < 1e-10);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
