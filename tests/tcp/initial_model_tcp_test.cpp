/// A run that begins with a model file: the same bits over TCP as in virtual time.
#include <string>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "runtime/model_file.hpp"
#include "runtime/run_file.hpp"
#include "runtime/wiring.hpp"
#include "tests/model/samples.hpp"
#include "tests/support/tcp_cluster.hpp"
#include "tests/support/temporary_folder.hpp"

namespace annulet::runtime {

BOOST_AUTO_TEST_SUITE(initial_model_tcp)

BOOST_DATA_TEST_CASE(virtual_time_and_tcp_give_the_same_model,
                     boost::unit_test::data::make<std::size_t>({1, 2, 3}), devices) {
  const tests::TemporaryFolder folder;
  write_model_file(folder.path() / "m.safetensors", tests::some_parameters<float>(24),
                   {{"objective", "softmax"},
                    {"features", "6"},
                    {"bias", "false"},
                    {"classes", "4"},
                    {"labels", "[0,1,2,3]"}});
  const RunConfig config = parse_run_file(
      "run = {steps = 40, start_step = 20}\n"
      "model = {kind = \"softmax\", init = \"m.safetensors\"}\ndata = {train = \"here\"}\n"
      "train = {batch = 4, lr = {kind = \"inverse\", lr0 = 0.5, tau = 9}}\n"
      "schedule = {kind = \"fixed\", h = 3}\n",
      "test.toml", folder.path(), {});
  tests::LoadedData data(tests::dense_sample());
  tests::Chronicler simulated;
  Simulation simulation;
  simulation.devices = devices;
  BOOST_TEST_REQUIRE(simulate(config, simulation, data, simulated).exit_reason == "done");
  const auto& expected = simulated.story();
  BOOST_TEST(expected.hashes.size() == 7U);  // of three steps each, the last of two
  for (const auto& story : tests::train_over_tcp(config, devices, data)) {
    BOOST_TEST(story.finished.exit_reason == "done");
    BOOST_TEST(story.hashes == expected.hashes, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
