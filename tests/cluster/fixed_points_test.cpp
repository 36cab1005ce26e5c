/// Where runs end: at the least value of f over all rows, or beside it where a rule is missing.
#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "runtime/memory_ring.hpp"
#include "runtime/paper_problem.hpp"
#include "tests/model/samples.hpp"
#include "tests/support/sim_cluster.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(fixed_points)

namespace {

/// 40, 15 and 5 of the sample's 60 rows, in file order: shares that differ in size and in what they
/// say. A cyclic batch of 120 rows is a device's whole gradient on all three.
constexpr std::array<std::size_t, 4> kCuts = {0, 40, 55, 60};

/// f - f* after many steps without any noise, from the last model of a ring of three.
double gap(const std::vector<std::string>& settings, std::vector<double> flops_per_second = {1e6},
           bool plain_mean = false) {
  static const auto problem = runtime::make_paper_problem(sparse_sample());
  auto all = settings;
  for (const std::string text :
       {"run.steps=8000", "model.l2=\"1/n\"", "train.batch=120", "train.lr.value=0.1",
        "data.sampling=\"cyclic\"", "schedule.kind=\"fixed\""}) {
    all.push_back(text);
  }
  runtime::MemoryRingInputs in;
  in.config = small_config(all);
  for (std::size_t w = 0; w + 1 < kCuts.size(); ++w) {
    in.shards.push_back(std::make_shared<const model::Shard>(
        shard_of(problem.data, model::LabelUse::binary, kCuts[w], kCuts[w + 1])));
  }
  in.rows = kCuts.back();
  in.flops_per_second = std::move(flops_per_second);
  in.plain_mean = plain_mean;
  runtime::MemoryRing ring(in);
  while (ring.state().t < in.config.run.steps) BOOST_TEST_REQUIRE(ring.take_round());
  model::ObjectiveOptions options;
  options.features = problem.data->features();
  options.l2 = problem.l2;
  const auto objective = model::make_objective<double>(options);
  const std::vector<double> x(ring.state().x.begin(), ring.state().x.end());
  return value<double>(*objective, x, *problem.rows, options.l2) - problem.f_star;
}

// x is a float of a unit or so: it stands still where 0.1 |g| is less than half of its last digit,
// 3e-8. Then f - f* <= |g|^2/(2 mu) = 30 (3e-7)^2 = 3e-12 for each of a few such parameters.
constexpr double kThere = 3e-11;
// What a missing rule costs is far above that.
constexpr double kBeside = 1e-5;

}  // namespace

BOOST_AUTO_TEST_CASE(shares_of_the_samples_lead_to_the_least_value_and_equal_ones_beside_it) {
  BOOST_TEST(gap({"schedule.h=1"}) < kThere);
  BOOST_TEST(gap({"schedule.h=1", "round.weights=\"equal\""}) > kBeside);
}

BOOST_AUTO_TEST_CASE(local_steps_end_beside_it_and_corrected_ones_do_not) {
  BOOST_TEST(gap({"schedule.h=16"}) > kBeside);
  BOOST_TEST(gap({"schedule.h=16", "train.correct_drift=true"}) < kThere);
  BOOST_TEST(gap({"schedule.h=16", "train.correct_drift=true", "outer.momentum=0.5"}) < kThere);
}

// The second device, with a quarter of the rows, is four times slower.
BOOST_AUTO_TEST_CASE(so_it_is_where_a_device_takes_fewer_steps) {
  const std::vector<double> speeds{4e6, 1e6, 4e6};
  const std::vector<std::string> paced{"schedule.h=16", "train.correct_drift=true",
                                       "round.pace=\"time\""};
  BOOST_TEST(gap(paced, speeds) < kThere);
  // The plain mean is of the objectives weighted with the steps that were taken.
  BOOST_TEST(gap(paced, speeds, true) > kBeside);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
