/// A plan as people and as programs read it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "devices/units.hpp"
#include "runtime/json_writer.hpp"
#include "runtime/memory_check.hpp"
#include "runtime/plan.hpp"
#include "runtime/run_config.hpp"

namespace annulet::runtime {

/// A plan, and what was known when it was made.
struct NamedPlan {
  const RunConfig& config;
  const PlannedRing& ring;
  std::string boards;              // as --profile names them
  std::uint64_t parameters = 0;    // d
  std::vector<MemoryPart> memory;  // of each device: its vectors
  MemoryNeed need{};               // all of a device that reads these rows
  std::uint64_t starter = 0;       // what the starter needs beside that
  std::string no_kappa;            // why the plan has no theory; else empty
  Plan plan;
};

/// The screen: at most 80 columns, unless names are very long.
[[nodiscard]] std::string plan_lines(const NamedPlan& named);

/// The keys of the --json object.
void add_plan(JsonObject& object, const NamedPlan& named);

// plan_memory.cpp: of both, what a device's memory is for.
[[nodiscard]] std::string memory_lines(const NamedPlan& named);
void add_memory(JsonObject& object, const NamedPlan& named);

}  // namespace annulet::runtime
