/// Runs that give an average of their iterates: whole rings in virtual time.
#include <cmath>
#include <string>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "runtime/local_sgd.hpp"
#include "runtime/model_hash.hpp"
#include "tests/model/samples.hpp"
#include "tests/support/sim_cluster.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(averages)

namespace {

namespace data = boost::unit_test::data;
using namespace std::chrono_literals;
using Settings = std::vector<std::string>;

const std::vector<std::string> kOutputs{"uniform", "linear", "quadratic"};

runtime::RunConfig averaging(const std::string& output, Settings settings = {}) {
  settings.push_back("run.output=" + output);
  return small_config(settings);
}

/// lambda_t with a = 3.
double weight(const std::string& output, double t) {
  if (output == "uniform") return 1;
  return output == "linear" ? 3 + t : (3 + t) * (3 + t);
}

/// The average of x_0, x_1, ... as the definition has it.
std::vector<double> naive_average(const std::string& output,
                                  const std::vector<std::vector<float>>& iterates) {
  std::vector<double> sum(iterates.at(0).size());
  double total = 0;
  for (std::size_t t = 0; t < iterates.size(); ++t) {
    const double lambda = weight(output, static_cast<double>(t));
    total += lambda;
    for (std::size_t j = 0; j < sum.size(); ++j) {
      sum[j] += lambda * static_cast<double>(iterates[t][j]);
    }
  }
  for (double& v : sum) v /= total;
  return sum;
}

void check_agreement(const SimCluster& ring, const std::string& output) {
  for (std::size_t r = 0; r < ring.size(); ++r) {
    BOOST_TEST(ring[r].end->output == output);
    BOOST_TEST(ring[r].final_model == ring[0].final_model, boost::test_tools::per_element());
    BOOST_TEST(*ring[r].end->model_hash == runtime::hash_of(ring[r].final_model));
    BOOST_TEST(*ring[r].end->objective == *ring[0].end->objective);
    BOOST_TEST(*ring[r].end->objective == ring[r].evaluations.back().objective);
  }
}

}  // namespace

BOOST_DATA_TEST_CASE(a_run_gives_the_average_of_what_was_seen_on_the_way,
                     data::make<std::size_t>({1, 2, 5}) * data::make(kOutputs), W, output) {
  Settings settings{"schedule.h=1"};
  if (output != "uniform") settings.emplace_back("run.average_shift=3");
  // Of 24 steps the iterates x_0 to x_23 count; x_24 does not.
  SimCluster ring(W, averaging(output, settings));
  // With H = 1 all devices have the same iterate before each step.
  std::vector<std::vector<float>> seen{std::vector<float>(12)};
  ring[0].at_round = [&](const runtime::RoundDone& event) {
    if (event.step < 24) seen.push_back(ring[0].last_round_model);
  };
  ring.run();
  check_agreement(ring, output);
  // |x_j| < 1, and x + sum of p_w (m_w - x) takes a handful of roundings.
  BOOST_TEST(largest_difference(ring[0].final_model, naive_average(output, seen)) < 3e-7);
  BOOST_TEST(ring[0].final_model != ring[0].last_round_model);
}

BOOST_DATA_TEST_CASE(all_devices_give_the_same_bits_and_values,
                     data::make<std::size_t>({1, 2, 3, 7}), W) {
  for (const char* weights : {"equal", "samples"}) {
    for (const char* corrected : {"false", "true"}) {
      SimCluster ring(W, averaging("quadratic", {"data.partition=by-label",
                                                 std::string("round.weights=") + weights,
                                                 std::string("train.correct_drift=") + corrected}));
      ring.run();
      check_agreement(ring, "quadratic");
      BOOST_TEST(ring[0].reason() == "done");
    }
  }
}

BOOST_DATA_TEST_CASE(it_costs_one_all_reduce_of_model_bytes_and_no_time,
                     data::make<std::size_t>({1, 2, 3, 7}), W) {
  SimCluster last(W, small_config());
  SimCluster average(W, averaging("quadratic"));
  last.run();
  average.run();
  const std::size_t d = 12;
  double sent = 0;  // twice all but its own two segments, and no facts: bytes_of_round counts six
  for (std::size_t r = 0; r < W && W > 1; ++r) {
    const auto share = [&](std::size_t s) { return d / W + (s % W < d % W ? 1 : 0); };
    sent += static_cast<double>(4 * (2 * d - share(r + 1) - share(r + 2)));
  }
  const auto& plain = *last[0].end;
  const auto& averaged = *average[0].end;
  const double extra = sent / static_cast<double>(W);
  BOOST_TEST(*averaged.sent_model_bytes_per_device == *plain.sent_model_bytes_per_device + extra);
  BOOST_TEST(*averaged.baseline_bytes_per_device == *plain.baseline_bytes_per_device + extra);
  BOOST_TEST(*averaged.virtual_seconds == *plain.virtual_seconds);
  BOOST_TEST(average[0].evaluations.back().seconds == last[0].evaluations.back().seconds);
  for (std::size_t r = 0; r < W; ++r) {
    // The steps do not feel it.
    BOOST_TEST(average[r].hash_after(6) == last[r].hash_after(6));
    BOOST_TEST(last[r].end->output == "last");
  }
}

// What is looked at on the way is what the run would give then.
BOOST_DATA_TEST_CASE(evaluations_are_of_the_average, data::make<std::size_t>({1, 3}), W) {
  SimCluster whole(W, averaging("linear", {"output.eval_every=8"}));
  whole.run();
  for (const model::Step T : {8, 16}) {
    SimCluster shorter(W, averaging("linear", {"run.steps=" + std::to_string(T)}));
    shorter.run();
    const auto& seen = whole[W - 1].evaluations.at(static_cast<std::size_t>(T / 8));
    BOOST_TEST(seen.step == T);
    BOOST_TEST(seen.objective == *shorter[0].end->objective);
  }
  SimCluster last(W, small_config());
  last.run();
  BOOST_TEST(whole[0].hash_after(6) == last[0].hash_after(6));
}

BOOST_AUTO_TEST_CASE(a_target_is_one_of_the_average) {
  SimCluster ring(2, averaging("quadratic", {"run.steps=5000", "run.target_loss=0.67"}));
  ring.run();
  BOOST_TEST(ring[0].reason() == "done: run.target_loss = 0.67 reached");
  BOOST_TEST(*ring[0].end->objective <= 0.67);
  check_agreement(ring, "quadratic");
}

BOOST_AUTO_TEST_CASE(an_interrupted_run_gives_the_average_of_the_steps_taken) {
  SimCluster whole(3, averaging("linear", {"run.steps=12"}));
  whole.run();
  SimCluster cut(3, averaging("linear"));
  cut[0].at_round = [&](const runtime::RoundDone& event) {
    if (event.round == 2) cut[0].request_stop();
  };
  cut.run();
  BOOST_TEST(cut[0].reason() == "interrupted");
  check_agreement(cut, "linear");
  BOOST_TEST(cut[0].end->steps == 12);
  BOOST_TEST(cut[0].final_model == whole[0].final_model, boost::test_tools::per_element());
}

// Without a ring there is no mean over the devices: what is left is the last agreed model.
BOOST_AUTO_TEST_CASE(a_run_that_loses_a_device_gives_the_last_iterate) {
  SimCluster ring(3, averaging("quadratic"));
  ring[2].at_round = [&](const runtime::RoundDone& event) {
    if (event.round == 2) ring[2].request_stop();
  };
  ring.run();
  for (std::size_t r = 0; r < 3; ++r) {
    BOOST_TEST(ring[r].end->output == "last");
    BOOST_TEST(ring[r].final_model == ring[r].last_round_model, boost::test_tools::per_element());
    BOOST_TEST(*ring[r].end->model_hash == runtime::hash_of(ring[r].final_model));
  }
}

// With the paper's a, thousands of steps' worth, all iterates count nearly the same.
BOOST_AUTO_TEST_CASE(the_shift_can_be_the_step_sizes_own) {
  const Settings paper{R"(train.lr={kind="paper",mu=0.01,a=1e9})", "run.average_shift=paper"};
  SimCluster quadratic(2, averaging("quadratic", paper));
  SimCluster uniform(2, averaging("uniform", {paper[0]}));
  SimCluster late(2, averaging("quadratic", {paper[0]}));
  for (auto* ring : {&quadratic, &uniform, &late}) ring->run();
  double near = 0, far = 0;
  for (std::size_t j = 0; j < 12; ++j) {
    const auto x = static_cast<double>(uniform[0].final_model[j]);
    near += std::abs(static_cast<double>(quadratic[0].final_model[j]) - x);
    far += std::abs(static_cast<double>(late[0].final_model[j]) - x);
  }
  BOOST_TEST(near < 1e-5 * far);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
