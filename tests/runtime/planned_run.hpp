/// A run that is planned, and then simulated.
#pragma once

#include <optional>
#include <string>

#include <boost/test/unit_test.hpp>

#include "runtime/objective_options.hpp"
#include "runtime/plan.hpp"
#include "runtime/run_file.hpp"
#include "runtime/wiring.hpp"
#include "tests/model/samples.hpp"

namespace annulet::runtime {

/// 12 features and so d = 12, 13 with a bias.
[[nodiscard]] inline RunConfig config_of(const std::string& schedule,
                                         const std::string& more = "steps = 150",
                                         const Schedules& schedules = Schedules::builtin()) {
  const std::string text =
      "run = {" + more +
      "}\nmodel = {kind = \"logistic\", l2 = 0.01, bias = true}\ndata = {train = \"rows\", "
      "partition = \"all\"}\ntrain = {batch = 4, lr = {kind = \"inverse\", lr0 = 0.5, tau = 20}}\n"
      "schedule = {" +
      schedule + "}";
  return parse_run_file(text, "plan.toml", "/", {}, model::Catalogue::builtin(), schedules);
}

[[nodiscard]] inline Plan plan_of(const RunConfig& config, const PlannedRing& ring,
                                  const Schedules& schedules = Schedules::builtin(),
                                  std::optional<double> L = {}) {
  const auto options = objective_options(config.model, {12, 2, 60});
  const auto objective = model::make_objective<float>(options);
  return make_plan({config, *objective, options, 60, L, schedules}, ring);
}

[[nodiscard]] inline RunFinished simulated(const RunConfig& config, const PlannedRing& ring,
                                           const Schedules& schedules = Schedules::builtin()) {
  Simulation simulation;
  simulation.devices = ring.devices;
  simulation.link = ring.link;
  simulation.flops_per_second = ring.flops_per_second;
  simulation.schedules = schedules;
  SharedData rows;
  rows.put(config.data.train, *tests::sparse_sample());
  Observer nobody;
  auto end = simulate(config, simulation, rows, nobody);
  BOOST_TEST_REQUIRE(end.exit_code == 0, end.exit_reason);
  return end;
}

}  // namespace annulet::runtime
