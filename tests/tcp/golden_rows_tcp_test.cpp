/// The product against golden values over TCP: the rows of the cluster tests, float32, real w8a.
#include <memory>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "model/read_dataset.hpp"
#include "tests/support/data_folder.hpp"
#include "tests/support/golden_rows.hpp"
#include "tests/support/tcp_cluster.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(golden_rows_tcp, *boost::unit_test::precondition(have_data("w8a.xz")))

namespace {

LoadedData& w8a_once() {
  static LoadedData data(std::make_shared<const model::Dataset>(
      model::read_dataset(golden_config(kGoldenRows[0]).data.train)));
  return data;
}

}  // namespace

// Values of an independent float64 implementation; the product computes in float32.
BOOST_DATA_TEST_CASE(product_reaches_the_golden_value, boost::unit_test::data::make(kGoldenRows),
                     row) {
  for (const DeviceStory& story : train_over_tcp(golden_config(row), row.workers, w8a_once())) {
    const auto& end = story.finished;
    BOOST_TEST(end.exit_reason == "done");
    BOOST_TEST(*end.objective == row.objective, boost::test_tools::tolerance(1e-4));
    BOOST_TEST(*end.parameters_norm == row.norm, boost::test_tools::tolerance(1e-4));
    BOOST_TEST(end.steps == 160);
  }
}

BOOST_DATA_TEST_CASE(the_quadratic_average_is_the_golden_one,
                     boost::unit_test::data::make(kGoldenRows), row) {
  const auto config = golden_config(row, {"run.output=quadratic"});
  for (const DeviceStory& story : train_over_tcp(config, row.workers, w8a_once())) {
    BOOST_TEST(story.finished.output == "quadratic");
    BOOST_TEST(*story.finished.objective == row.average, boost::test_tools::tolerance(1e-4));
  }
}

// Three devices: one alone sends nothing, and has been tested in virtual time.
BOOST_DATA_TEST_CASE(full_batches_descend_to_the_golden_value,
                     boost::unit_test::data::make(kDescentTogether), row) {
  for (const DeviceStory& story : train_over_tcp(golden_config(row), row.workers, w8a_once())) {
    const auto& end = story.finished;
    BOOST_TEST(end.exit_reason == "done");
    BOOST_TEST(*end.objective == row.objective, boost::test_tools::tolerance(1e-4));
    BOOST_TEST(end.steps == row.steps);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
