/// Reads run files (TOML): from settings to a RunConfig, section by section.
#include "runtime/run_file.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>
#include <vector>

#include "runtime/objective_options.hpp"
#include "runtime/run_file_data.hpp"
#include "runtime/run_file_ends.hpp"
#include "runtime/run_file_output.hpp"
#include "runtime/run_file_reader.hpp"
#include "runtime/run_file_schedule.hpp"
#include "runtime/text.hpp"
#include "transport/messages.hpp"

namespace annulet::runtime {
namespace {

namespace fs = std::filesystem;

constexpr WholeRange kStepsOrNone = {0, kSteps.most};
/// Bounds memory: a run file comes from another device, too.
constexpr WholeRange kBatch = {1, 10'000'000};
constexpr WholeRange kThreads = {1, 64};
constexpr std::int64_t kMostStreams = transport::kMaxStreams;
constexpr WholeRange kSeeds = {0, std::numeric_limits<std::int64_t>::max()};
constexpr SizeRange kMemory = {1'000'000, 1'000'000'000'000};
constexpr DurationRange kCheckpointTimes = {std::chrono::milliseconds(1), std::chrono::hours(24)};
constexpr DurationRange kPeerTimeouts = {std::chrono::milliseconds(200), std::chrono::hours(1)};

RunSection read_run(const RunFileReader& reader) {
  RunSection run;
  read_ends(reader, run);
  const auto seed = reader.whole("run.seed", kSeeds);
  if (seed) run.seed = static_cast<std::uint64_t>(*seed);
  run.max_memory = reader.size("run.max_memory", kMemory);
  return run;
}

constexpr WholeRange kWidths = {1, 65'536};
constexpr std::size_t kMostLayers = 16;
constexpr std::array<std::string_view, 3> kLayeredKeys = {"model.layers", "model.activation",
                                                          "model.loss"};

/// Where the command line chose the kind, the file's keys for its own kind are stale.
void refuse_layers(const RunFileReader& reader, const model::CatalogueEntry& entry,
                   const model::Catalogue& catalogue) {
  for (const auto key : kLayeredKeys) {
    const auto* setting = reader.find(key);
    if (setting == nullptr) continue;
    if (reader.find("model.kind")->from_command_line && !setting->from_command_line) continue;
    auto owners = catalogue.names();
    std::erase_if(owners, [&](auto name) { return !catalogue.at(name).layered; });
    throw ConfigError(ErrorCode::key_of_other_kind,
                      setting->where + ": " + setting->key + " does not go with model.kind " +
                          entry.name + "; it belongs to " + listed(owners, "and"));
  }
}

void read_layers(const RunFileReader& reader, const model::CatalogueEntry& entry,
                 const model::Catalogue& catalogue, ModelSection& model) {
  if (!entry.layered) return refuse_layers(reader, entry, catalogue);
  reader.require("model.layers", "layers = [64]");
  const auto widths = reader.wholes("model.layers", kWidths, kMostLayers);
  if (widths) model.layers.assign(widths->begin(), widths->end());
  model.activation =
      static_cast<model::Activation>(reader.word("model.activation", kActivationNames, 0));
  model.loss = static_cast<model::Loss>(reader.word("model.loss", kLossNames, 0));
}

ModelSection read_model(const RunFileReader& reader, const model::Catalogue& catalogue) {
  reader.require("model.kind", R"(kind = "logistic")");
  ModelSection model;
  const auto names = catalogue.names();
  const auto& entry = catalogue.at(names[reader.word("model.kind", names, 0)]);
  model.kind = entry.name;
  model.bias = reader.flag("model.bias", model.bias);
  if (model.bias && !entry.no_bias.empty()) {
    RunFileReader::fail(*reader.find("model.bias"),
                        "false: model.kind " + entry.name + " " + entry.no_bias);
  }
  read_layers(reader, entry, catalogue, model);
  const auto* l2 = reader.find("model.l2");
  if (l2 == nullptr) return model;
  if (std::holds_alternative<std::string>(l2->value)) {
    if (std::get<std::string>(l2->value) != "1/n") {
      RunFileReader::fail(*l2, R"(a finite number >= 0, or "1/n")");
    }
    model.l2_is_one_over_n = true;
  } else {
    model.l2 = reader.not_negative("model.l2").value_or(model.l2);
  }
  return model;
}

/// Words name classes; as values they would be learned as the places they have in the list.
void refuse_words_as_values(const RunFileReader& reader, const RunConfig& config,
                            const model::Catalogue& catalogue) {
  if (config.data.train.label.classes.empty()) return;
  if (label_use(config, catalogue) != model::LabelUse::values) return;
  const bool layered = catalogue.at(config.model.kind).layered;
  throw ConfigError(
      ErrorCode::keys_contradict,
      reader.find("data.classes")->where + ": data.classes has words for classes, but model.kind " +
          config.model.kind + (layered ? " with model.loss squared" : "") +
          " learns values; leave data.classes out, or " +
          (layered ? "set model.loss = \"softmax\"" : "take model.kind logistic or softmax"));
}

/// The model that the run begins with, and the step from which its step sizes and schedule count.
void read_start(const RunFileReader& reader, const fs::path& folder, RunConfig& config) {
  config.model.init = read_path(reader, "model.init", folder, "the path of a model file");
  config.run.start_step = reader.whole("run.start_step", kStepsOrNone).value_or(0);
  if (config.run.start_step == 0) return;
  const auto& start = *reader.find("run.start_step");
  if (config.run.start_step >= config.run.steps) {
    RunFileReader::fail(start, "below run.steps, which is " + std::to_string(config.run.steps) +
                                   ": the step at which the run ends");
  }
  if (config.model.init.empty()) {
    throw ConfigError(ErrorCode::keys_contradict,
                      start.where +
                          ": run.start_step goes on from a model, and there is none; add init = "
                          "\"model.safetensors\" to [model]");
  }
}

/// The keys that a kind of step size cannot do without.
void require_step_size_keys(const RunFileReader& reader, const Kind& kind) {
  for (const auto key : kind.keys) {
    if (key.empty()) continue;
    reader.require("train.lr." + std::string(key), std::string(key) + " = ...");
  }
}

model::StepSizeOptions read_step_size(RunFileReader& reader) {
  using enum model::StepSizeKind;
  model::StepSizeOptions lr;
  const auto index = reader.kind("train.lr", kStepSizes, static_cast<std::size_t>(lr.kind));
  lr.kind = static_cast<model::StepSizeKind>(index);
  if (lr.kind != constant && lr.kind != paper) {
    require_step_size_keys(reader, kStepSizes.at(index));
  }
  lr.value = reader.positive("train.lr.value").value_or(lr.value);
  lr.lr0 = reader.positive("train.lr.lr0").value_or(lr.lr0);
  lr.tau = reader.positive("train.lr.tau").value_or(lr.tau);
  lr.max = reader.positive("train.lr.max").value_or(lr.max);
  lr.scale = reader.positive("train.lr.scale").value_or(lr.scale);
  lr.from = reader.positive("train.lr.from").value_or(lr.from);
  lr.to = reader.not_negative("train.lr.to").value_or(lr.to);
  lr.mu = reader.positive("train.lr.mu");
  lr.a = reader.positive("train.lr.a");
  return lr;
}

double read_drift_rate(const RunFileReader& reader, bool corrects) {
  const auto rate = reader.within("train.drift_rate", {1e-6, 1},
                                  "a number from 1e-6 to 1, which is all of the new estimate");
  if (!rate) return TrainSection{}.drift_rate;
  const auto& where = reader.find("train.drift_rate")->where;
  if (!corrects) {
    throw ConfigError(ErrorCode::keys_contradict,
                      where +
                          ": train.drift_rate is of drift correction, which is off; give "
                          "train.correct_drift = true");
  }
  return *rate;
}

TrainSection read_train(RunFileReader& reader, const ModelSection& model, bool convex) {
  TrainSection train;
  const auto batch = reader.whole("train.batch", kBatch);
  if (batch) train.batch = static_cast<std::size_t>(*batch);
  const auto threads = reader.whole("train.threads", kThreads);
  if (threads) train.threads = static_cast<std::size_t>(*threads);
  train.lr = read_step_size(reader);
  train.correct_drift = reader.flag("train.correct_drift", train.correct_drift);
  train.drift_rate = read_drift_rate(reader, train.correct_drift);
  const bool strongly_convex = model.l2 > 0 || model.l2_is_one_over_n || train.lr.mu.has_value();
  if (train.lr.kind == model::StepSizeKind::paper && !convex && !train.lr.a) {
    throw ConfigError(
        ErrorCode::keys_contradict,
        reader.find("train.lr.kind")->where +
            ": train.lr.kind paper takes its a from L, which model.kind " + model.kind +
            " has none of, as it is not convex; give train.lr.a, or take another kind");
  }
  if (train.lr.kind == model::StepSizeKind::paper && !strongly_convex) {
    throw ConfigError(ErrorCode::keys_contradict,
                      reader.find("train.lr.kind")->where +
                          ": train.lr.kind paper takes its mu from model.l2, which is 0; give "
                          "train.lr.mu or model.l2 a value > 0");
  }
  return train;
}

OuterOptions read_outer(const RunFileReader& reader) {
  OuterOptions outer;
  outer.momentum = reader.not_negative("outer.momentum").value_or(outer.momentum);
  if (outer.momentum >= 1) {
    throw ConfigError(ErrorCode::bad_value,
                      reader.find("outer.momentum")->where + ": outer.momentum is " +
                          shortest_text(outer.momentum) +
                          ", but must be below 1, or the model would run away; 0.5 is a good one");
  }
  outer.rate =
      reader.within("outer.rate", {1e-6, 1e6}, "a number from 1e-6 to 1e6").value_or(outer.rate);
  return outer;
}

/// Whether averages come a round late. What is known of them is of averages that come at once.
bool read_overlap(const RunFileReader& reader, const OuterOptions& outer,
                  const ScheduleEntry& schedule) {
  const bool overlap = reader.flag("net.overlap", false);
  if (!overlap) return false;
  const auto refuse = [&](const std::string& other, const std::string& why) {
    throw ConfigError(ErrorCode::keys_contradict, reader.find("net.overlap")->where +
                                                      ": net.overlap does not go with " + other +
                                                      ": " + why + "; leave one of the two out");
  };
  if (outer.momentum > 0) {
    refuse("outer.momentum, which is " + shortest_text(outer.momentum),
           "what momentum does with averages that come a round late is not known");
  }
  if (schedule.timed) {
    refuse("schedule.kind " + schedule.name,
           "it chooses H from the time of averages, which overlap hides");
  }
  return true;
}

void read_lines(const RunFileReader& reader, RunConfig& config) {
  const auto* streams = reader.find("net.streams");
  if (streams != nullptr) {
    const auto* word = std::get_if<std::string>(&streams->value);
    const auto* number = std::get_if<std::int64_t>(&streams->value);
    const bool chosen = word != nullptr && *word == "auto";
    if (!chosen && (number == nullptr || *number < 1 || *number > kMostStreams)) {
      RunFileReader::fail(*streams, "a whole number from 1 to 8, or \"auto\"");
    }
    config.streams = chosen ? kChosenStreams : static_cast<std::size_t>(*number);
  }
  constexpr const char* kName =
      R"("auto", "system" or a name of at most 15 letters and digits, such as "cubic")";
  config.congestion = reader.text("net.congestion", kName).value_or(config.congestion);
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const auto size = config.congestion.size();
  if (size < 1 || size > 15 || !std::ranges::all_of(config.congestion, fits)) {
    RunFileReader::fail(*reader.find("net.congestion"), kName);
  }
}

}  // namespace

RunConfig read_run_file(const std::filesystem::path& file, std::span<const std::string> settings,
                        const model::Catalogue& catalogue, const Schedules& schedules) {
  return parse_run_file(read_settings_file(file, "give the path of a run file"), file.string(),
                        file.parent_path(), settings, catalogue, schedules);
}

RunConfig parse_run_file(std::string_view text, std::string_view name,
                         const std::filesystem::path& folder, std::span<const std::string> settings,
                         const model::Catalogue& catalogue, const Schedules& schedules) {
  auto all = read_settings(text, name);
  for (const auto& setting : settings) apply_command_line(all, setting);
  RunFileReader reader(std::move(all), std::string(name));
  RunConfig config;
  config.run = read_run(reader);
  config.model = read_model(reader, catalogue);
  read_start(reader, folder, config);
  config.data = read_data(reader, folder);
  refuse_words_as_values(reader, config, catalogue);
  config.train = read_train(reader, config.model, catalogue.at(config.model.kind).convex);
  read_output(reader, config.train.lr, config.run);
  config.schedule = read_schedule(reader, schedules);
  config.outer = read_outer(reader);
  config.weights = static_cast<Weights>(
      reader.word("round.weights", kWeightsNames, static_cast<std::size_t>(config.weights)));
  config.pace = static_cast<Pace>(
      reader.word("round.pace", kPaceNames, static_cast<std::size_t>(config.pace)));
  config.peer_timeout =
      reader.duration("net.peer_timeout", kPeerTimeouts).value_or(config.peer_timeout);
  config.compress =
      static_cast<transport::Compress>(reader.word("net.compress", kCompressNames, 0));
  config.overlap = read_overlap(reader, config.outer, schedules.at(config.schedule.kind));
  config.exchange = static_cast<Exchange>(reader.word("net.exchange", kExchangeNames, 0));
  read_lines(reader, config);
  config.spin = static_cast<Spin>(reader.word("net.spin", kSpinNames, 0));
  config.eval_every = reader.whole("output.eval_every", kStepsOrNone).value_or(config.eval_every);
  check_schedule(reader, config, {catalogue, schedules});
  check_ends(reader, config, {catalogue, schedules});
  config.checkpoint_every = reader.duration_or_none("output.checkpoint_every", kCheckpointTimes)
                                .value_or(config.checkpoint_every);
  return config;
}

}  // namespace annulet::runtime
