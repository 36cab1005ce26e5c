/// Steps, time and targets, and what they do not go with.
#include "runtime/run_file_ends.hpp"

#include <array>
#include <string>

#include "runtime/durations.hpp"

namespace annulet::runtime {
namespace {

constexpr DurationRange kTimes = {std::chrono::milliseconds(1), kLongestDuration};
constexpr std::array<std::string_view, 3> kOtherEnds = {"run.time", "run.target_loss",
                                                        "run.target_gap"};

[[noreturn]] void fail(const Setting& setting, const std::string& problem) {
  throw ConfigError(ErrorCode::keys_contradict, setting.where + ": " + setting.key + " " + problem);
}

/// The first key that can end the run before run.steps; null where there is none.
const Setting* other_end(const RunFileReader& reader) {
  for (const auto key : kOtherEnds) {
    if (const auto* setting = reader.find(key)) return setting;
  }
  return nullptr;
}

/// f* is found on the starter, from all rows, for what is convex.
void check_gap(const Setting& gap, const RunConfig& config, const model::Catalogue& catalogue) {
  const std::string instead = ": set run.target_loss in its place";
  if (!catalogue.at(config.model.kind).make_problem) {
    fail(gap, "needs the least value f*, which nobody knows for model.kind " + config.model.kind +
                  ", as that is not convex" + instead);
  }
  if (config.data.train.empty()) {
    fail(gap,
         "needs the least value f*, for which the starter must read all rows, but there is no "
         "data.train" +
             instead);
  }
}

}  // namespace

void read_ends(const RunFileReader& reader, RunSection& run) {
  if (other_end(reader) == nullptr) reader.require("run.steps", "steps = 1000");
  run.time = reader.duration("run.time", kTimes);
  run.target_loss = reader.positive("run.target_loss");
  run.target_gap = reader.positive("run.target_gap");
  run.steps_given = reader.find("run.steps") != nullptr;
  run.steps = reader.whole("run.steps", kSteps).value_or(run.time ? kSteps.most : kStepsToTarget);
}

void check_ends(const RunFileReader& reader, const RunConfig& config, const Tables& tables) {
  if (const auto* gap = reader.find("run.target_gap")) {
    if (config.run.target_loss) {
      fail(*gap, "and run.target_loss are one target in two ways: leave out one of them");
    }
    check_gap(*gap, config, tables.catalogue);
  }
  const auto* end = other_end(reader);
  const auto& schedule = tables.schedules.at(config.schedule.kind);
  if (end != nullptr && schedule.one_round) {
    fail(*end, "cannot end a run of one round, which schedule.kind " + schedule.name +
                   " is: give run.steps alone, or take another schedule");
  }
  if (!config.run.steps_given && config.train.lr.kind == model::StepSizeKind::linear) {
    throw ConfigError(
        ErrorCode::keys_contradict,
        reader.find("train.lr.kind")->where +
            ": train.lr.kind linear reaches its end at run.steps, which is not there: add "
            "run.steps, or take another kind, such as inverse");
  }
  if (!config.run.steps_given && schedule.needs_steps) {
    fail(*end, "alone is not enough for schedule.kind " + schedule.name +
                   ", which is for a T that is known: add run.steps, or take doubling");
  }
}

}  // namespace annulet::runtime
