/// Same seed, same bits: on every device after every round, and in every run.
#include <set>
#include <string>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/sim_cluster.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(determinism)

namespace {

namespace data = boost::unit_test::data;
using namespace std::chrono_literals;

std::vector<std::uint64_t> hashes_of(const SimDevice& device) {
  std::vector<std::uint64_t> hashes;
  for (const auto& round : device.rounds) hashes.push_back(round.model_hash);
  return hashes;
}

std::vector<std::uint64_t> hashes_of_run(std::size_t W, const std::vector<std::string>& settings,
                                         ClusterOptions options = {}) {
  SimCluster cluster(W, small_config(settings), options);
  cluster.run();
  BOOST_TEST(cluster[0].reason() == "done");
  return hashes_of(cluster[0]);
}

/// Softmax on dense rows, by-label shards, drift correction, doubling: everything that keeps state.
std::vector<std::string> rich_settings() {
  return {"model.kind=\"softmax\"",
          "data.train=\"/data/dense\"",
          "data.partition=\"by-label\"",
          "data.sampling=\"shuffle\"",
          "train.correct_drift=true",
          "schedule={kind=\"doubling\", t0=8}",
          "run.steps=60",
          "output.eval_every=20"};
}

}  // namespace

BOOST_DATA_TEST_CASE(every_device_holds_the_same_model_after_every_round, data::make({1, 2, 3, 5}),
                     workers) {
  const auto W = static_cast<std::size_t>(workers);
  SimCluster cluster(W, small_config(rich_settings()), {.link = {1.25e6, 2ms}});
  cluster.run();
  for (std::size_t r = 0; r < W; ++r) {
    BOOST_TEST(cluster[r].reason() == "done");
    BOOST_TEST(cluster[r].end->steps == 60);
    BOOST_TEST(hashes_of(cluster[r]) == hashes_of(cluster[0]), boost::test_tools::per_element());
    BOOST_TEST(cluster[r].final_model == cluster[0].final_model);
    BOOST_TEST(*cluster[r].end->objective == *cluster[0].end->objective);
  }
  BOOST_TEST(*cluster[0].end->objective < *cluster[0].end->objective_start);
}

BOOST_DATA_TEST_CASE(three_runs_give_the_same_hashes, data::make({1, 2, 3, 5}), workers) {
  const auto W = static_cast<std::size_t>(workers);
  const auto first = hashes_of_run(W, rich_settings());
  BOOST_TEST(first.size() > 1U);
  BOOST_TEST(hashes_of_run(W, rich_settings()) == first, boost::test_tools::per_element());
  BOOST_TEST(hashes_of_run(W, rich_settings()) == first, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(another_seed_differs_from_the_first_round_on) {
  auto settings = rich_settings();
  const auto first = hashes_of_run(3, settings);
  settings.emplace_back("run.seed=2");
  const auto second = hashes_of_run(3, settings);
  BOOST_REQUIRE(first.size() == second.size());
  for (std::size_t i = 0; i < first.size(); ++i) BOOST_TEST(first[i] != second[i]);
}

BOOST_AUTO_TEST_CASE(speed_of_network_and_devices_changes_no_bit) {
  const auto first = hashes_of_run(3, {}, {.link = {0, 1ms}, .flops_per_second = 1e6});
  const auto second = hashes_of_run(3, {}, {.link = {1e4, 70ms}, .flops_per_second = 1e5});
  BOOST_TEST(first == second, boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(invariants_hold_after_every_round, data::make({2, 3, 5, 7}), workers) {
  const auto W = static_cast<std::size_t>(workers);
  SimCluster cluster(W, small_config(rich_settings()), {.link = {1.25e6, 2ms}});
  cluster.run();
  const std::size_t d = cluster[0].final_model.size();
  BOOST_TEST(d == 24U);
  for (std::size_t r = 0; r < W; ++r) {
    const auto& device = cluster[r];
    BOOST_REQUIRE(device.rounds.size() == cluster[0].rounds.size());
    double before = 0;
    for (std::size_t i = 0; i < device.rounds.size(); ++i) {
      const auto& round = device.rounds[i];
      BOOST_TEST(round.round == static_cast<std::int64_t>(i) + 1);
      BOOST_TEST(round.step == cluster[0].rounds[i].step);
      BOOST_TEST(round.h == cluster[0].rounds[i].h);
      BOOST_TEST(round.loss == cluster[0].rounds[i].loss);
      BOOST_TEST(round.model_bytes == bytes_of_round(d, W, r) * (i + 1));
      BOOST_TEST(round.baseline_bytes ==
                 bytes_of_round(d, W, r) * static_cast<std::uint64_t>(round.step));
      BOOST_TEST(round.seconds > before);
      before = round.seconds;
    }
    BOOST_TEST(*device.end->sent_model_bytes_per_device ==
               *cluster[0].end->sent_model_bytes_per_device);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
