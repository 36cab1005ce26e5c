/// What a run says when it is over: the --json object, the closing lines, two runs side by side.
#include "runtime/summary.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "runtime/text.hpp"
#include "runtime/text_table.hpp"

namespace annulet::runtime {
namespace {

constexpr double kNoticeable = 1.05;  // "1.0x" says nothing

/// On the clock the run had: virtual where there is one.
std::optional<double> run_seconds(const RunFinished& run) {
  return run.virtual_seconds ? run.virtual_seconds : run.seconds;
}

/// "9.7x fewer" when the second is smaller, "1.3x more" when it is larger, "same" in between.
std::string ratio_words(double first, double second, std::string_view smaller,
                        std::string_view larger) {
  if (first <= 0 || second <= 0) return "";
  const bool shrinks = second <= first;
  const double factor = shrinks ? first / second : second / first;
  if (factor < kNoticeable) return "same";
  return fixed_text(factor, 1) + "x " + std::string(shrinks ? smaller : larger);
}

/// What a device sent: the model beside what the model would have been with H = 1, and apart from
/// it the control traffic (headers, checksums, messages), which H = 1 would have had more of.
std::string sent_line(const RunFinished& run) {
  if (!run.sent_model_bytes_per_device || !run.sent_bytes_per_device) return "";
  const double model = *run.sent_model_bytes_per_device;
  auto line = "sent per device: model " + bytes_text(model);
  if (run.compress != "none" && model > 0) line += " as " + run.compress;
  const double factor = model > 0 ? run.baseline_bytes_per_device.value_or(0) / model : 0;
  if (factor >= kNoticeable) {
    line += " (mini-batch SGD, H = 1: " + bytes_text(*run.baseline_bytes_per_device) + ", " +
            factor_text(factor) + " as much)";
  }
  return line + ", control " + bytes_text(*run.sent_bytes_per_device - model) + '\n';
}

/// "model  runs/3f9c/model.safetensors   log  ...", of the files that are there.
std::string files_line(const std::filesystem::path& folder) {
  constexpr std::array<std::array<std::string_view, 2>, 3> kFiles = {
      {{"model", "model.safetensors"}, {"log", "log.jsonl"}, {"report", "report.html"}}};
  std::string line;
  for (const auto& [word, name] : kFiles) {
    std::error_code unreadable;  // what cannot be seen is not announced
    if (folder.empty() || !std::filesystem::exists(folder / name, unreadable)) continue;
    line += (line.empty() ? "" : "   ") + std::string(word) + "  " + (folder / name).string();
  }
  return line.empty() ? line : line + '\n';
}

/// What to look at before the run is started again.
std::string after_loss(devices::ErrorCode error, const std::string& device) {
  using enum devices::ErrorCode;
  switch (error) {
    case device_silent:
      return "see that " + device + " is on and its network works, then start it again";
    case device_left:
      return "start it again with " + device + ", or with fewer --devices";
    case device_failed:
      return device + " says on its own screen what to do there; then start it again";
    case average_stalled:
      return "see that the network of " + device + " carries data, then start it again";
    case damaged_message:
      return "see that " + device +
             " has the same annulet and a sound network, then start it again";
    case stood_still:
      return "keep " + device + " awake, or raise net.peer_timeout; then start it again";
    default:
      return "see that " + device + " is on and annulet still runs there, then start it again";
  }
}

/// How it ended: an error has a line of its own.
std::string opening(const RunFinished& run) {
  constexpr std::size_t kLongestReason = 300;
  return run.error ? ending_line(run) : printable(run.exit_reason, kLongestReason) + "  ";
}

}  // namespace

std::string opening_lines(const RunStarted& run) {
  std::string text = "run " + printable(run.run_id) + "  " + std::to_string(run.devices.size()) +
                     (run.devices.size() == 1 ? " device  " : " devices  ") + printable(run.model) +
                     ", " + count_text(static_cast<std::int64_t>(run.dimension)) + " parameters  " +
                     printable(run.schedule) + "  " +
                     (run.ends.empty() ? count_text(run.steps) + " steps" : run.ends);
  if (run.resumed > 0) {
    text += ", going on after step " + count_text(run.resumed_step) + ", round " +
            count_text(run.resumed);
  } else if (run.start_step > 0) {
    text += ", from step " + count_text(run.start_step) + " on";
  }
  text += '\n';
  if (run.cut && run.resumed_step < run.steps) {
    text += "It was cut short by run.steps = " + std::to_string(run.resumed_step) +
            ": from here on it differs from a run that was never cut.\n";
  }
  return text;
}

void add_summary(JsonObject& object, const RunFinished& run) {
  if (run.workers > 0) {
    object.add("workers", run.workers)
        .add("steps", run.steps)
        .add("start_step", run.start_step > 0 ? std::optional(run.start_step) : std::nullopt)
        .add("rounds", run.rounds)
        .add("seed", run.seed);
  }
  object.add("objective", run.objective)
      .add("objective_start", run.objective_start)
      .add("parameters_norm", run.parameters_norm)
      .add("f_star", run.f_star)
      .add("gap", run.gap)
      .add("target_reached", run.target_reached)
      .add("test_accuracy", run.test_accuracy)
      .add("test_auc", run.test_auc)
      .add("test_r2", run.test_r2)
      .add("test_loss", run.test_loss);
  if (run.model_hash) {
    object.add("model_hash", hash_text(*run.model_hash)).add("output", run.output);
  }
  object.add("sent_model_bytes_per_device", run.sent_model_bytes_per_device)
      .add("compress", run.sent_model_bytes_per_device ? std::optional(run.compress) : std::nullopt)
      .add("sent_bytes_per_device", run.sent_bytes_per_device)
      .add("baseline_bytes_per_device", run.baseline_bytes_per_device)
      .add("seconds", run.seconds)
      .add("virtual_seconds", run.virtual_seconds)
      .add("peak_rss_bytes", run.peak_rss_bytes)
      .add("lost_device", run.lost_device);
  if (run.error) object.add("error_code", devices::text(*run.error));
  object.add("exit_reason", run.exit_reason);
}

std::string error_line(std::optional<devices::ErrorCode> error, const std::string& sentence) {
  constexpr std::size_t kLongest = 2000;  // a sentence with several paths in it
  return "annulet: " + (error ? devices::text(*error) + ": " : "") + printable(sentence, kLongest) +
         '\n';
}

std::string ending_line(const RunFinished& run) {
  if (!run.error || !run.lost_device) return error_line(run.error, run.exit_reason);
  return error_line(run.error, run.exit_reason + ". The run has ended on all devices: " +
                                   after_loss(*run.error, *run.lost_device));
}

std::string measured_line(const RunFinished& run) {
  if (run.measured == 0 || run.exit_code != 0) return {};
  return "done  a ring of " + std::to_string(run.measured) +
         " devices was measured: the one that asked for it shows what came of it\n";
}

std::string closing_lines(const RunFinished& run, const std::filesystem::path& folder) {
  auto lines = opening(run) + count_text(run.steps - run.start_step) + " steps";
  if (run.start_step > 0) {
    lines += " (" + count_text(run.start_step) + " to " + count_text(run.steps) + ")";
  }
  lines += " in " + count_text(run.rounds) + (run.rounds == 1 ? " round" : " rounds");
  if (const auto seconds = run_seconds(run)) {
    lines += ", " + seconds_text(*seconds) + (run.virtual_seconds ? " of virtual time" : "");
  }
  if (run.objective) {
    lines += "   f " + value_text(*run.objective);
    if (run.output != "last") lines += " (" + run.output + " average)";
  }
  if (run.gap) lines += "   f - f* " + value_text(*run.gap);
  if (run.test_accuracy) lines += "   test accuracy " + percent_text(*run.test_accuracy);
  if (run.test_r2) lines += "   test R2 " + fixed_text(*run.test_r2, 4);
  lines += '\n';
  lines += sent_line(run);
  lines += files_line(folder);
  return lines;
}

std::string search_line(const SearchStep& step) {
  auto line = "looking for f*: step " + count_text(step.iterations) + "  f " + value_text(step.f) +
              "  |grad f| " + value_text(step.gradient_norm);
  if (step.products == 0) return line;
  return line + "  product " + count_text(step.products) + " of the next";
}

std::string optimum_line(const OptimumKnown& known) {
  auto line = "f* " + fixed_text(*known.f_star, 9) + "  |x*| " + value_text(known.norm) + "  " +
              count_text(known.iterations) + " steps";
  if (known.converged) return line;
  return line + ": |grad f| is " + value_text(known.gradient_norm) +
         ", the least that double precision gives here";
}

std::string comparison_table(const NamedRun& first, const NamedRun& second) {
  const auto& a = first.run;
  const auto& b = second.run;
  TextTable table;
  table.add({"", printable(first.name), printable(second.name), "difference"});
  table.add(
      {"rounds", count_text(a.rounds), count_text(b.rounds),
       ratio_words(static_cast<double>(a.rounds), static_cast<double>(b.rounds), "fewer", "more")});
  if (a.sent_bytes_per_device && b.sent_bytes_per_device) {
    table.add({"sent per device", bytes_text(*a.sent_bytes_per_device),
               bytes_text(*b.sent_bytes_per_device),
               ratio_words(*a.sent_bytes_per_device, *b.sent_bytes_per_device, "less", "more")});
  }
  const auto a_seconds = run_seconds(a);
  const auto b_seconds = run_seconds(b);
  if (a_seconds && b_seconds) {
    table.add({"time", seconds_text(*a_seconds), seconds_text(*b_seconds),
               ratio_words(*a_seconds, *b_seconds, "faster", "slower")});
  }
  if (a.test_accuracy && b.test_accuracy) {
    // Two digits, so that the difference is that of the two figures beside it.
    const auto percent = [](double part) { return fixed_text(100 * part, 2) + " %"; };
    table.add({"test accuracy", percent(*a.test_accuracy), percent(*b.test_accuracy),
               points_text(*a.test_accuracy, *b.test_accuracy)});
  }
  if (a.test_r2 && b.test_r2) {
    table.add({"test R2", fixed_text(*a.test_r2, 4), fixed_text(*b.test_r2, 4), ""});
  }
  return table.text();
}

}  // namespace annulet::runtime
