/// Whole runs on values: no label map, R2 where classes have an accuracy, the paper's step size.
#include <cmath>
#include <memory>
#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/model/samples.hpp"
#include "tests/support/sim_cluster.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(regression)

namespace {

constexpr const char* kValues = "/data/values";

std::unique_ptr<SimCluster> ring_on_values(std::size_t W, std::vector<std::string> settings) {
  settings.emplace_back("model.kind=linear");
  settings.emplace_back("model.bias=true");
  settings.emplace_back(std::string("data.train=") + kValues);
  auto cluster = std::make_unique<SimCluster>(W, small_config(settings));
  model::DataPath path;
  path.file = kValues;
  cluster->data.put(path, *value_sample());
  return cluster;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_run_on_values_tells_its_r2_and_no_accuracy) {
  const auto ring = ring_on_values(3, {"run.steps=200", "train.lr={kind=\"constant\", value=0.1}",
                                       std::string("data.test=") + kValues, "model.l2=0"});
  SimCluster& cluster = *ring;
  cluster.run();
  for (std::size_t r = 0; r < 3; ++r) BOOST_TEST(cluster[r].code() == 0, cluster[r].reason());
  const auto& end = *cluster[0].end;
  BOOST_TEST(!end.test_accuracy.has_value());
  BOOST_TEST(!end.test_auc.has_value());
  // Train and test set are the same, so 2 f is the mean squared error: R2 follows from it.
  double mean = 0;
  double spread = 0;
  const auto values = value_sample();
  for (const float y : values->labels()) mean += static_cast<double>(y) / 60;
  for (const float y : values->labels()) spread += (y - mean) * (y - mean) / 60;
  BOOST_TEST(end.test_r2.value() == 1 - 2 * end.objective.value() / spread,
             boost::test_tools::tolerance(1e-9));
  BOOST_TEST(end.test_loss.value() == end.objective.value(), boost::test_tools::tolerance(1e-9));
  BOOST_TEST(end.test_r2.value() > 0.9);
  BOOST_TEST(cluster[0].evaluations.front().test_r2.value() < 0);  // x = 0 is worse than the mean
  BOOST_TEST(cluster[0].start->labels.empty());
  BOOST_TEST((cluster[0].start->label_use == model::LabelUse::values));
}

// With all rows in each batch this is gradient descent: f falls with every evaluation.
BOOST_AUTO_TEST_CASE(the_papers_step_size_descends) {
  const auto ring =
      ring_on_values(2, {"run.steps=400", "train.lr={kind=\"paper\"}", "model.l2=0.1",
                         "train.batch=30", "data.sampling=cyclic", "output.eval_every=80"});
  SimCluster& cluster = *ring;
  cluster.run();
  BOOST_TEST(cluster[0].code() == 0, cluster[0].reason());
  const auto& seen = cluster[0].evaluations;
  BOOST_TEST(seen.size() == 6U);
  for (std::size_t i = 1; i < seen.size(); ++i) {
    BOOST_TEST(seen[i].objective < seen[i - 1].objective);
  }
  BOOST_TEST(seen.back().objective < seen.front().objective / 4);
}

BOOST_AUTO_TEST_CASE(more_values_than_there_may_be_classes_are_fine) {
  std::vector<float> values, labels;
  for (int i = 0; i < 3000; ++i) {
    values.push_back(static_cast<float>(i % 17) / 8);
    labels.push_back(static_cast<float>(i) / 1000);
  }
  model::DataPath path;
  path.file = "/data/many";
  for (const std::string partition : {"iid", "by-label", "dirichlet(0.5)"}) {
    SimCluster cluster(3, small_config({"model.kind=linear", "data.train=/data/many",
                                        "data.partition=" + partition,
                                        "train.lr={kind=\"constant\", value=0.01}"}));
    cluster.data.put(path, model::Dataset::dense(values, labels, 1));
    cluster.run();
    BOOST_TEST(cluster[0].code() == 0, cluster[0].reason());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
