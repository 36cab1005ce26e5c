/// Devices that bring what `annulet data split` made for them do what a partition would have them
/// do.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "runtime/data_split.hpp"
#include "tests/model/samples.hpp"
#include "tests/support/sim_cluster.hpp"
#include "tests/support/temporary_folder.hpp"

namespace annulet::tests {

BOOST_AUTO_TEST_SUITE(own_parts)

BOOST_DATA_TEST_CASE(a_run_over_parts_is_the_run_with_that_partition,
                     boost::unit_test::data::make({"iid", "by-label", "file-order"}), kind) {
  const std::vector<std::string> settings = {"data.partition=" + std::string(kind), "run.seed=5",
                                             "data.scale=standard", "data.features=12"};
  SimCluster shared(3, small_config(settings));
  shared.run();
  BOOST_TEST_REQUIRE(shared[0].reason() == "done");

  const TemporaryFolder folder;
  const auto parts = runtime::split_data(
      *sparse_sample(), {*model::parse_partition(kind), 3, 5, folder.path() / "parts"});
  SimCluster own(small_config(settings));
  for (std::size_t r = 0; r < 3; ++r) {
    DeviceOptions device{.name = "device-" + std::to_string(r)};
    device.own_data = runtime::data_path(parts[r].path);
    runtime::StartOptions start;
    start.devices = 3;
    if (r == 0) own.start(device, start);
    if (r > 0) own.join(device);
  }
  own.run();
  for (std::size_t r = 0; r < 3; ++r) {
    BOOST_TEST(own[r].reason() == "done");
    BOOST_TEST(own[r].final_model == shared[r].final_model);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
