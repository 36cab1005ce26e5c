/// Writes run files (TOML): every key of a RunConfig, as parse_run_file reads it back.
#include <algorithm>

#include "runtime/durations.hpp"
#include "runtime/run_file.hpp"
#include "runtime/run_file_names.hpp"

namespace annulet::runtime {
namespace {

/// Collects "key = value" lines.
class Lines {
 public:
  void section(std::string_view name) {
    if (!text_.empty()) text_ += "\n";
    text_ += "[" + std::string(name) + "]\n";
  }
  void add(std::string_view key, const std::string& value) {
    text_ += std::string(key) + " = " + value + "\n";
  }
  void add_flag(std::string_view key, bool value) { add(key, value ? "true" : "false"); }

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::string step_size_table(const model::StepSizeOptions& lr) {
  auto table = "{ kind = " + toml_string(kStepSizes.at(static_cast<std::size_t>(lr.kind)).name);
  const auto add = [&table](std::string_view key, double value) {
    table += ", " + std::string(key) + " = " + toml_float(value);
  };
  switch (lr.kind) {
    using enum model::StepSizeKind;
    case constant:
      add("value", lr.value);
      break;
    case inverse:
    case inverse_sqrt:
      add("lr0", lr.lr0);
      add("tau", lr.tau);
      break;
    case paper:
      if (lr.mu) add("mu", *lr.mu);
      if (lr.a) add("a", *lr.a);
      break;
    case capped_inverse:
      add("max", lr.max);
      add("scale", lr.scale);
      break;
    case linear:
      add("from", lr.from);
      add("to", lr.to);
      break;
  }
  return table + " }";
}

void add_data(Lines& lines, const DataSection& data) {
  lines.section("data");
  if (!data.train.empty()) lines.add("train", toml_path(data.train));
  if (!data.test.empty()) lines.add("test", toml_path(data.test));
  const auto& label = data.train.label;
  if (!label.name.empty()) lines.add("label", toml_string(label.name));
  if (label.number > 0) lines.add("label", std::to_string(label.number));
  if (!label.classes.empty()) lines.add("classes", model::words_text(label.classes));
  if (data.features) lines.add("features", std::to_string(*data.features));
  lines.add("scale", toml_string(name(kScaleNames, data.scale)));
  lines.add("partition", toml_string(model::to_text(data.partition)));
  lines.add("sampling", toml_string(name(kSamplingNames, data.sampling)));
}

void add_schedule(Lines& lines, const ScheduleSection& schedule, const ScheduleEntry* entry) {
  const auto takes = [&](std::string_view key) {
    return entry != nullptr && std::ranges::find(entry->keys, key) != entry->keys.end();
  };
  lines.section("schedule");
  lines.add("kind", toml_string(schedule.kind));
  if (takes("h")) lines.add("h", std::to_string(schedule.h));
  if (takes("alpha")) lines.add("alpha", toml_float(schedule.alpha));
  if (takes("t0")) lines.add("t0", std::to_string(schedule.t0));
  if (takes("h_max") && schedule.h_max) lines.add("h_max", std::to_string(*schedule.h_max));
  if (takes("horizon")) lines.add("horizon", toml_string(name(kHorizonNames, schedule.horizon)));
  if (takes("kappa") && schedule.kappa) lines.add("kappa", toml_float(*schedule.kappa));
  if (takes("guard")) lines.add("guard", toml_float(schedule.guard));
  if (takes("budget")) lines.add("budget", toml_float(schedule.budget));
}

void add_run(Lines& lines, const RunSection& run) {
  lines.section("run");
  if (run.steps_given) lines.add("steps", std::to_string(run.steps));
  if (run.time) lines.add("time", toml_string(to_text(*run.time)));
  if (run.target_loss) lines.add("target_loss", toml_float(*run.target_loss));
  if (run.target_gap) lines.add("target_gap", toml_float(*run.target_gap));
  if (run.max_memory) lines.add("max_memory", toml_string(exact_size_text(*run.max_memory)));
  lines.add("seed", std::to_string(run.seed));
  const auto& output = run.output;
  lines.add("output", toml_string(output_name(output)));
  if (output && *output != model::AverageKind::uniform) {
    const auto& shift = run.average_shift;
    lines.add("average_shift", shift ? toml_float(*shift) : toml_string("paper"));
  }
  if (run.start_step > 0) lines.add("start_step", std::to_string(run.start_step));
}

}  // namespace

std::string to_toml(const RunConfig& config, const Schedules& schedules) {
  Lines lines;
  add_run(lines, config.run);
  lines.section("model");
  lines.add("kind", toml_string(config.model.kind));
  lines.add("l2", config.model.l2_is_one_over_n ? toml_string("1/n") : toml_float(config.model.l2));
  lines.add_flag("bias", config.model.bias);
  if (!config.model.layers.empty()) {
    const std::vector<std::int64_t> layers(config.model.layers.begin(), config.model.layers.end());
    lines.add("layers", describe(layers));
    lines.add("activation", toml_string(name(kActivationNames, config.model.activation)));
    lines.add("loss", toml_string(name(kLossNames, config.model.loss)));
  }
  if (!config.model.init.empty()) lines.add("init", toml_string(config.model.init.native()));
  add_data(lines, config.data);
  lines.section("train");
  lines.add("batch", std::to_string(config.train.batch));
  lines.add("lr", step_size_table(config.train.lr));
  lines.add_flag("correct_drift", config.train.correct_drift);
  if (config.train.correct_drift) lines.add("drift_rate", toml_float(config.train.drift_rate));
  lines.add("threads", std::to_string(config.train.threads));
  add_schedule(lines, config.schedule, schedules.find(config.schedule.kind));
  lines.section("outer");
  lines.add("momentum", toml_float(config.outer.momentum));
  lines.add("rate", toml_float(config.outer.rate));
  lines.section("round");
  lines.add("weights", toml_string(name(kWeightsNames, config.weights)));
  lines.add("pace", toml_string(name(kPaceNames, config.pace)));
  lines.section("net");
  lines.add("peer_timeout", toml_string(to_text(config.peer_timeout)));
  lines.add("compress", toml_string(name(kCompressNames, config.compress)));
  lines.add_flag("overlap", config.overlap);
  lines.add("exchange", toml_string(name(kExchangeNames, config.exchange)));
  const bool chosen = config.streams == kChosenStreams;
  lines.add("streams", chosen ? toml_string("auto") : std::to_string(config.streams));
  lines.add("congestion", toml_string(config.congestion));
  lines.add("spin", toml_string(name(kSpinNames, config.spin)));
  lines.section("output");
  lines.add("eval_every", std::to_string(config.eval_every));
  const bool none = config.checkpoint_every == devices::Duration{};
  lines.add("checkpoint_every", toml_string(none ? "0" : to_text(config.checkpoint_every)));
  return lines.text();
}

}  // namespace annulet::runtime
