/// data.scale in a whole run: all devices descend on the rows that a single one would.
#include <boost/test/unit_test.hpp>

#include "model/scale.hpp"
#include "tests/model/samples.hpp"
#include "tests/support/sim_cluster.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(cluster_scale)

namespace {

const std::vector<std::string> kSoftmax = {"model.kind=\"softmax\"", "model.bias=true",
                                           "data.train=\"/data/dense\"",
                                           "data.test=\"/data/dense\""};

std::vector<std::string> with(std::vector<std::string> settings, const std::string& more) {
  settings.push_back(more);
  return settings;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_scaled_run_is_the_run_on_scaled_data) {
  SimCluster scaled(3, small_config(with(kSoftmax, "data.scale=standard")));
  scaled.run();
  BOOST_TEST(scaled[0].reason() == "done");
  const auto rows = dense_sample();
  const auto scale = model::standard_scale(model::moments_of(*rows, counting(0, 40), 6), false);
  BOOST_TEST_REQUIRE((scaled[0].start->scale != nullptr));
  BOOST_TEST((*scaled[0].start->scale == scale));

  SimCluster plain(3, small_config(kSoftmax));
  model::DataPath path;
  path.file = kDenseFile;
  plain.data.put(path, rows->scaled(scale));
  plain.run();
  BOOST_TEST((plain[0].start->scale == nullptr));
  for (std::size_t r = 0; r < 3; ++r) {
    BOOST_TEST(scaled[r].final_model == plain[r].final_model);
    BOOST_TEST(*scaled[r].end->objective == *plain[r].end->objective);
  }
  BOOST_TEST(*scaled[0].end->test_loss == *plain[0].end->test_loss);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
