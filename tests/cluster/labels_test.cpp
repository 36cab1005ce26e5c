/// Labels as real files have them: 1 to 20, 0 to 9, -1 and +1; admitted, trained on, evaluated.
#include <numeric>
#include <ostream>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/sim_cluster.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(labels)

namespace {

using Labels = std::vector<float>;

Labels counting_labels(float first, std::size_t count) {
  Labels labels(count);
  std::iota(labels.begin(), labels.end(), first);
  return labels;
}

struct Case {
  const char* kind;
  Labels labels;
};

std::ostream& operator<<(std::ostream& out, const Case& one) {
  return out << one.kind << " on " << one.labels.size() << " labels from " << one.labels[0];
}

const std::vector<Case> kCases = {{"softmax", counting_labels(1, 20)},
                                  {"softmax", counting_labels(0, 10)},
                                  {"softmax", {-1, 1}},
                                  {"logistic", {-1, 1}},
                                  {"logistic", {1, 2}}};

/// Twenty rows of each class, in turns; a row of class c has a 1 in column c and nothing else.
model::Dataset rows_of(const Labels& labels) {
  std::vector<std::size_t> offset{0};
  std::vector<model::Index> index;
  Labels label;
  for (std::size_t i = 0; i < 20 * labels.size(); ++i) {
    index.push_back(static_cast<model::Index>(i % labels.size()));
    offset.push_back(index.size());
    label.push_back(labels[i % labels.size()]);
  }
  std::vector<float> values(index.size(), 1);
  return model::Dataset::sparse(std::move(offset), std::move(index), std::move(values),
                                std::move(label), labels.size());
}

}  // namespace

BOOST_DATA_TEST_CASE(classes_are_admitted_trained_and_evaluated,
                     boost::unit_test::data::make(kCases), one) {
  SimCluster cluster(
      small_config({"model.kind=" + std::string(one.kind), "run.steps=200", "data.sampling=shuffle",
                    "data.test=" + std::string(kSparseFile)}));
  model::DataPath path;
  path.file = kSparseFile;
  cluster.data.put(path, rows_of(one.labels));
  runtime::StartOptions start;
  start.devices = 2;
  cluster.start({.name = "device-0"}, start);
  cluster.join({.name = "device-1"});
  cluster.run();
  for (std::size_t r = 0; r < 2; ++r) {
    BOOST_TEST_REQUIRE(cluster[r].reason() == "done");
    BOOST_TEST(cluster[r].start->labels == one.labels, boost::test_tools::per_element());
  }
  // Every row has been seen, and each column speaks for one class only.
  BOOST_TEST(*cluster[0].end->test_accuracy == 1.0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
