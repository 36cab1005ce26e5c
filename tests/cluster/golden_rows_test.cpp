/// The product against golden values: whole rings in virtual time, float32, real w8a.
#include "tests/support/golden_rows.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "runtime/run_file.hpp"
#include "runtime/wiring.hpp"
#include "tests/support/data_folder.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(golden_rows, *boost::unit_test::precondition(tests::have_data("w8a.xz")))

namespace {

namespace data = boost::unit_test::data;
using tests::GoldenRow;

SharedData& w8a_once() {
  static SharedData data;
  return data;
}

}  // namespace

// Values of an independent float64 implementation; the product computes in float32.
BOOST_DATA_TEST_CASE(product_reaches_the_golden_value, data::make(tests::kGoldenRows), row) {
  Observer nobody;
  Simulation simulation;
  simulation.devices = row.workers;
  const RunFinished end = simulate(tests::golden_config(row), simulation, w8a_once(), nobody);
  BOOST_TEST(end.exit_reason == "done");
  BOOST_TEST(*end.objective == row.objective, boost::test_tools::tolerance(1e-4));
  BOOST_TEST(*end.parameters_norm == row.norm, boost::test_tools::tolerance(1e-4));
  BOOST_TEST(end.steps == 160);
}

BOOST_DATA_TEST_CASE(the_quadratic_average_is_the_golden_one, data::make(tests::kGoldenRows), row) {
  Observer nobody;
  Simulation simulation;
  simulation.devices = row.workers;
  const RunFinished end =
      simulate(tests::golden_config(row, {"run.output=quadratic"}), simulation, w8a_once(), nobody);
  BOOST_TEST(end.output == "quadratic");
  BOOST_TEST(*end.objective == row.average, boost::test_tools::tolerance(1e-4));
}

BOOST_DATA_TEST_CASE(full_batches_descend_to_the_golden_value,
                     data::make(tests::kDescentAlone) + data::make(tests::kDescentTogether), row) {
  Observer nobody;
  Simulation simulation;
  simulation.devices = row.workers;
  const RunFinished end = simulate(tests::golden_config(row), simulation, w8a_once(), nobody);
  BOOST_TEST(end.exit_reason == "done");
  BOOST_TEST(*end.objective == row.objective, boost::test_tools::tolerance(1e-4));
  BOOST_TEST(end.steps == row.steps);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
