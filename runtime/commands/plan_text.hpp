/// A plan as people and as programs read it.
#pragma once

#include <cstdint>
#include <string>

#include "devices/units.hpp"
#include "runtime/json_writer.hpp"
#include "runtime/plan.hpp"
#include "runtime/run_config.hpp"

namespace annulet::runtime {

/// A plan, and what was known when it was made.
struct NamedPlan {
  const RunConfig& config;
  const PlannedRing& ring;
  std::string boards;              // as --profile names them
  std::uint64_t parameters = 0;    // d
  std::uint64_t model_memory = 0;  // bytes of each device, at least
  std::uint64_t data_memory = 0;   // bytes that the rows take on each device that reads them all
  std::string no_kappa;            // why the plan has no theory; else empty
  Plan plan;
};

/// The screen: at most 80 columns, unless names are very long.
[[nodiscard]] std::string plan_lines(const NamedPlan& named);

/// The keys of the --json object.
void add_plan(JsonObject& object, const NamedPlan& named);

}  // namespace annulet::runtime
