/// A program's own objective travels the whole way: run file, rendezvous, ring, model.
#include <string>

#include <boost/test/unit_test.hpp>

#include "runtime/run_file.hpp"
#include "runtime/wiring.hpp"
#include "tests/model/samples.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(own_objective)

namespace {

using runtime::RunFinished;

/// annulet's quadratic under another name.
model::Catalogue catalogue_with(const std::string& name) {
  model::Catalogue catalogue = model::Catalogue::builtin();
  auto entry = catalogue.at("quadratic");
  entry.name = name;
  catalogue.add(std::move(entry));
  return catalogue;
}

RunFinished train(const std::string& kind, const model::Catalogue& catalogue) {
  const std::string text = "run = {steps = 20}\nmodel = {kind = \"" + kind +
                           "\"}\ndata = {train = \"rows\"}\n"
                           "train = {lr = {kind = \"constant\", value = 0.1}}\n"
                           "schedule = {kind = \"fixed\", h = 4}";
  const auto config = runtime::parse_run_file(text, "own.toml", "/", {}, catalogue);
  runtime::Simulation simulation;
  simulation.devices = 3;
  simulation.catalogue = catalogue;
  runtime::SharedData data;
  model::DataPath path;
  path.file = "/rows";
  data.put(path, *dense_sample());
  runtime::Observer nobody;
  return runtime::simulate(config, simulation, data, nobody);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_program_trains_an_objective_that_it_brings) {
  const auto mine = train("mine", catalogue_with("mine"));
  BOOST_TEST(mine.exit_code == 0, mine.exit_reason);
  BOOST_TEST(mine.rounds == 5);
  BOOST_TEST(mine.model_hash.value() ==
             train("quadratic", model::Catalogue::builtin()).model_hash.value());
}

BOOST_AUTO_TEST_CASE(a_misspelt_kind_is_told_what_the_program_has) {
  const auto is_said = [](const runtime::ConfigError& error) {
    return std::string(error.what()) ==
           "own.toml:2: model.kind is \"mime\", but must be logistic, linear, softmax, mlp, "
           "quadratic or mine; "
           "did you mean mine?";
  };
  BOOST_CHECK_EXCEPTION(static_cast<void>(train("mime", catalogue_with("mine"))),
                        runtime::ConfigError, is_said);
}

BOOST_AUTO_TEST_CASE(a_config_of_another_catalogue_is_refused) {
  runtime::RunConfig config;
  config.model.kind = "mine";
  config.run.steps = 1;
  runtime::SharedData data;
  config.data.train.file = "/rows";
  data.put(config.data.train, *dense_sample());
  runtime::Observer nobody;
  const auto end = runtime::simulate(config, {}, data, nobody);
  BOOST_TEST(end.exit_code == 3);
  BOOST_TEST(end.exit_reason ==
             "model.kind is \"mine\", but must be logistic, linear, softmax, mlp or quadratic");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
