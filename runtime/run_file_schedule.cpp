/// Reads [schedule]: a kind, and the keys that it takes.
#include "runtime/run_file_schedule.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "runtime/run_file_names.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

Kind kind_of(const ScheduleEntry& entry) {
  Kind kind{entry.name, {}};
  std::ranges::copy(entry.keys, kind.keys.begin());
  return kind;
}

std::optional<double> read_kappa(const RunFileReader& reader) {
  const auto kappa = reader.positive("schedule.kappa");
  if (!kappa || *kappa >= 1) return kappa;
  throw ConfigError(ErrorCode::bad_value, reader.find("schedule.kappa")->where +
                                              ": schedule.kappa is " + shortest_text(*kappa) +
                                              ", but must be at least 1: it is L/mu");
}

double read_budget(const RunFileReader& reader, double usual) {
  const double budget = reader.positive("schedule.budget").value_or(usual);
  if (budget < 1) return budget;
  throw ConfigError(ErrorCode::bad_value,
                    reader.find("schedule.budget")->where + ": schedule.budget is " +
                        shortest_text(budget) +
                        ", but must be below 1: it is a part of the time, such as 0.2");
}

/// h_max below h would make "at least h" untrue.
void check_h_max(const RunFileReader& reader, const ScheduleSection& schedule) {
  const auto* least = reader.find("schedule.h");
  if (least == nullptr || !schedule.h_max || *schedule.h_max >= schedule.h) return;
  throw ConfigError(ErrorCode::keys_contradict,
                    least->where + ": schedule.h is " + std::to_string(schedule.h) +
                        ", but schedule.h_max only " + std::to_string(*schedule.h_max) +
                        ": raise schedule.h_max");
}

/// What depends on kappa takes it from the data, where f has an L and a mu.
void check_kappa(const RunFileReader& reader, const RunConfig& config, const Tables& tables) {
  const auto& entry = tables.schedules.at(config.schedule.kind);
  const auto* kind = reader.find("schedule.kind");
  if (kind == nullptr || config.schedule.kappa ||
      std::ranges::find(entry.keys, "kappa") == entry.keys.end()) {
    return;
  }
  const auto fail = [&](const std::string& why) {
    throw ConfigError(ErrorCode::keys_contradict, kind->where + ": schedule.kind " + entry.name +
                                                      " takes its kappa from " + why);
  };
  if (!tables.catalogue.at(config.model.kind).convex) {
    fail("L, which model.kind " + config.model.kind +
         " has none of, as it is not convex; give schedule.kappa, or take another kind");
  }
  if (!(config.model.l2 > 0) && !config.model.l2_is_one_over_n) {
    fail("model.l2, which is 0; give schedule.kappa, or model.l2 a value > 0 such as \"1/n\"");
  }
}

}  // namespace

ScheduleSection read_schedule(RunFileReader& reader, const Schedules& schedules) {
  ScheduleSection schedule;
  const auto& entries = schedules.entries();
  std::vector<Kind> kinds;
  std::ranges::transform(entries, std::back_inserter(kinds), kind_of);
  const auto usual = std::ranges::find(entries, schedule.kind, &ScheduleEntry::name);
  const auto fallback = static_cast<std::size_t>(usual - entries.begin());
  const auto& entry = entries[reader.kind("schedule", kinds, fallback)];
  schedule.kind = entry.name;
  if (!entry.required.empty()) {
    reader.require("schedule." + entry.required.substr(0, entry.required.find(' ')),
                   entry.required);
  }
  schedule.h = reader.whole("schedule.h", kSteps).value_or(schedule.h);
  schedule.alpha = reader.positive("schedule.alpha").value_or(schedule.alpha);
  schedule.t0 = reader.whole("schedule.t0", kSteps).value_or(schedule.t0);
  schedule.h_max = reader.whole("schedule.h_max", kSteps);
  schedule.horizon = static_cast<Horizon>(reader.word("schedule.horizon", kHorizonNames, 0));
  schedule.kappa = read_kappa(reader);
  schedule.guard = reader.positive("schedule.guard").value_or(schedule.guard);
  schedule.budget = read_budget(reader, schedule.budget);
  return schedule;
}

void check_schedule(const RunFileReader& reader, const RunConfig& config, const Tables& tables) {
  check_h_max(reader, config.schedule);
  check_kappa(reader, config, tables);
}

}  // namespace annulet::runtime
