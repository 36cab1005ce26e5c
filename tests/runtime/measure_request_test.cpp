/// The request to measure a ring, as it travels.
#include "runtime/measure_request.hpp"

#include <string>
#include <utility>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "runtime/run_file.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(measure_request)

namespace {

using namespace std::chrono_literals;

const std::string kHead = "[measure]\n";

RunConfig measuring(MeasureSection measure) {
  RunConfig config;
  ask_to_measure(config, std::move(measure));
  return config;
}

RunConfig read(const std::string& toml) {
  RunConfig config;
  BOOST_TEST(read_measure(toml, config));
  return config;
}

std::string refusal_of(const std::string& toml) {
  try {
    RunConfig config;
    static_cast<void>(read_measure(toml, config));
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "none";
}

}  // namespace

BOOST_AUTO_TEST_CASE(it_comes_back_as_it_was) {
  auto config = measuring({.hop = 300ms, .time = 1500ms, .elements = {1 << 28, 101'770, 1}});
  config.streams = 8;
  config.exchange = Exchange::automatic;
  BOOST_TEST((read(measure_toml(config)) == config));
  const auto bare = measuring({.elements = {1024}});
  BOOST_TEST((read(measure_toml(bare)) == bare));
}

BOOST_AUTO_TEST_CASE(a_run_file_is_none_and_it_is_no_run_file) {
  RunConfig config;
  BOOST_TEST(!read_measure(to_toml(RunConfig()), config));
  BOOST_TEST(!read_measure("", config));
  BOOST_TEST((config == RunConfig()));
  const auto toml = measure_toml(measuring({.elements = {1024}}));
  BOOST_CHECK_EXCEPTION(
      static_cast<void>(parse_run_file(toml, "a.toml", "/", {})), ConfigError,
      [](const ConfigError& error) { return error.error() == ErrorCode::unknown_key; });
}

// What comes from another device is not believed.
BOOST_AUTO_TEST_CASE(what_cannot_be_measured_is_refused) {
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"", "measure.elements is missing"},
      {"elements = [0]\n", "measure.elements is"},
      {"elements = [268435457]\n", "measure.elements is"},  // more than any model
      {"elements = 4\n", "measure.elements is"},
      {"elements = []\n", "has an array"},
      {"elements = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]\n", "has an array"},
      {"elements = [4]\ntimes_ms = [3600001, 1]\n", "measure.times_ms is"},
      {"elements = [4]\ntimes_ms = [1, 2, 3]\n", "measure.times_ms is"},
      {"elements = [4]\nstreams = 9\n", "measure.streams is"},
      {"elements = [4]\nmesh = 1\n", "measure.mesh is"},
      {"elements = [4]\n[run]\nsteps = 3\n", "run"},
      {"elements = [4]\nbit = 1\n", "bit"}};
  for (const auto& [more, words] : wrong) {
    const auto said = refusal_of(kHead + more);
    BOOST_TEST(said.find(words) != std::string::npos, more << said);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
