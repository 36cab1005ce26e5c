/// H = 1 on W devices is mini-batch SGD in one process with the batch W B.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/sim_cluster.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(one_process)

namespace {

namespace data = boost::unit_test::data;
using model::Dataset;

constexpr std::size_t kRows = 48;

/// Rows of which the first W B are the first batches of W file-order shards, and so on: cyclic
/// sampling then takes the same samples in one process as in W devices.
std::vector<std::size_t> interleaved(std::size_t W, std::size_t B) {
  const std::size_t shard = kRows / W;
  std::vector<std::size_t> order;
  for (std::size_t batch = 0; batch < shard / B; ++batch) {
    for (std::size_t w = 0; w < W; ++w) {
      for (std::size_t i = 0; i < B; ++i) order.push_back(w * shard + batch * B + i);
    }
  }
  return order;
}

Dataset dense_rows(const std::vector<std::size_t>& order) {
  std::vector<float> values, labels;
  for (const std::size_t i : order) {
    for (std::size_t j = 0; j < 5; ++j) {
      values.push_back(std::sin(static_cast<float>(i * 5 + j * j + 1)));
    }
    labels.push_back(static_cast<float>((i * i + i / 5) % 3));
  }
  return Dataset::dense(std::move(values), std::move(labels), 5);
}

std::vector<float> train(std::size_t W, std::size_t B, const std::vector<std::size_t>& order,
                         std::vector<std::string> settings) {
  for (const std::string text : {"run.steps=200", "schedule.h=1", "data.partition=\"file-order\"",
                                 "data.sampling=\"cyclic\"", "data.train=\"/data/rows\""}) {
    settings.push_back(text);
  }
  settings.push_back("train.batch=" + std::to_string(B));
  SimCluster cluster(W, small_config(settings));
  model::DataPath path;
  path.file = "/data/rows";
  cluster.data.put(path, dense_rows(order));
  cluster.run();
  BOOST_TEST(cluster[0].reason() == "done");
  return cluster[0].final_model;
}

/// The largest difference of two models' parameters.
double distance(const std::vector<float>& a, const std::vector<float>& b) {
  BOOST_REQUIRE(a.size() == b.size());
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    largest = std::max(largest, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
  }
  return largest;
}

std::vector<std::size_t> in_file_order() {
  std::vector<std::size_t> order(kRows);
  for (std::size_t i = 0; i < kRows; ++i) order[i] = i;
  return order;
}

}  // namespace

BOOST_DATA_TEST_CASE(devices_with_h_1_equal_one_process_with_a_larger_batch,
                     data::make({2, 3, 4}) * data::make({0, 1}), workers, weights) {
  const auto W = static_cast<std::size_t>(workers);
  constexpr std::size_t kBatch = 4;
  const std::vector<std::string> settings{
      "model.kind=\"softmax\"", "model.bias=true",
      weights == 0 ? "round.weights=\"equal\"" : "round.weights=\"samples\""};
  const auto many = train(W, kBatch, in_file_order(), settings);
  const auto one = train(1, W * kBatch, interleaved(W, kBatch), settings);
  BOOST_TEST(many.size() == 18U);
  BOOST_TEST(distance(many, one) < 1e-5);
  // Else the models might be equal because nothing was learnt.
  BOOST_TEST(distance(many, std::vector<float>(many.size())) > 0.1);
}

// The comparison must be able to fail: other samples in the batches give another model.
BOOST_AUTO_TEST_CASE(other_samples_give_another_model) {
  const std::vector<std::string> settings{"model.kind=\"softmax\""};
  const auto many = train(4, 4, in_file_order(), settings);
  const auto one = train(1, 16, in_file_order(), settings);
  BOOST_TEST(distance(many, one) > 1e-3);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
