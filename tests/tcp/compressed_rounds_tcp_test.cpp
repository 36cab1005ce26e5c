/// Compressed rounds over real sockets: the same bits as in virtual time, and the bytes of the
/// books.
#include <string>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "runtime/run_file.hpp"
#include "runtime/wiring.hpp"
#include "tests/model/samples.hpp"
#include "tests/support/tcp_cluster.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(compressed_rounds_tcp)

namespace {

namespace data = boost::unit_test::data;

RunConfig config_of(const std::string& codec) {
  const std::vector<std::string> settings{"net.compress=" + codec, "net.peer_timeout=1h"};
  return parse_run_file(
      "run = {steps = 90, seed = 3}\nmodel = {kind = \"softmax\", bias = true}\n"
      "data = {train = \"here\", partition = \"by-label\"}\n"
      "train = {batch = 3, lr = {kind = \"inverse\", lr0 = 0.5, tau = 30}, correct_drift = true}\n"
      "schedule = {kind = \"doubling\", alpha = 2, t0 = 8}\nouter = {momentum = 0.5}\n",
      "test.toml", "/", settings);
}

}  // namespace

BOOST_DATA_TEST_CASE(virtual_time_and_tcp_give_the_same_model,
                     data::make<std::string>({"f16", "q8", "q4"}) * data::make<std::size_t>({2, 5}),
                     codec, devices) {
  const RunConfig config = config_of(codec);
  tests::LoadedData data(tests::dense_sample());
  tests::Chronicler simulated;
  Simulation simulation;
  simulation.devices = devices;
  BOOST_TEST_REQUIRE(simulate(config, simulation, data, simulated).exit_reason == "done");
  const auto& expected = simulated.story();
  for (const auto& story : tests::train_over_tcp(config, devices, data, tests::Books::compared)) {
    BOOST_TEST(story.finished.exit_reason == "done");
    BOOST_TEST(story.hashes == expected.hashes, boost::test_tools::per_element());
    BOOST_TEST((story.model == expected.model));
    BOOST_TEST((story.finished.sent_model_bytes_per_device ==
                expected.finished.sent_model_bytes_per_device));
    BOOST_TEST(story.acknowledged == story.sent, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
