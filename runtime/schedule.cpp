/// The table of schedules.
#include "runtime/schedule.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <utility>

#include "runtime/run_file_names.hpp"

namespace annulet::runtime {

model::Step steps_wanted(const SyncSchedule& schedule, const RoundFacts& facts) {
  const model::Step wanted = schedule.local_steps(facts);
  if (wanted >= 1) return wanted;
  throw std::logic_error("the schedule " + schedule.name() + " chose H = " +
                         std::to_string(wanted) + ", but a round has at least one step");
}

const Schedules& Schedules::builtin() {
  static const Schedules schedules = [] {
    Schedules all;
    all.add(fixed_entry());
    all.add(one_shot_entry());
    all.add(doubling_entry());
    all.add(theory_entry());
    all.add(guarded_entry());
    all.add(balanced_entry());
    all.add(qsr_entry());
    return all;
  }();
  return schedules;
}

const ScheduleEntry* Schedules::find(std::string_view name) const noexcept {
  const auto entry = std::ranges::find(entries_, name, &ScheduleEntry::name);
  return entry == entries_.end() ? nullptr : &*entry;
}

const ScheduleEntry& Schedules::at(std::string_view name) const {
  if (const auto* entry = find(name)) return *entry;
  std::vector<std::string_view> names;
  for (const auto& entry : entries_) names.emplace_back(entry.name);
  throw ConfigError(ErrorCode::bad_value, "schedule.kind is \"" + std::string(name) +
                                              "\", but must be " + listed(names, "or"));
}

void Schedules::add(ScheduleEntry entry) {
  const auto is_key = [](std::string_view key) {
    return std::ranges::find(kScheduleKeys, key) != kScheduleKeys.end();
  };
  const auto required = entry.required.substr(0, entry.required.find(" = "));
  const bool takes_required =
      required.empty() ||
      (required != entry.required && std::ranges::find(entry.keys, required) != entry.keys.end());
  if (entry.name.empty() || !takes_required || !entry.make ||
      entry.keys.size() > kScheduleKeys.size() || !std::ranges::all_of(entry.keys, is_key) ||
      find(entry.name) != nullptr) {
    throw std::invalid_argument("schedule \"" + entry.name +
                                "\": give it a name of its own, keys of [schedule], and make");
  }
  entries_.push_back(std::move(entry));
}

std::unique_ptr<SyncSchedule> make_schedule(const ScheduleSection& section,
                                            const ScheduleFacts& facts,
                                            const Schedules& schedules) {
  return schedules.at(section.kind).make(section, facts);
}

}  // namespace annulet::runtime
