/// A plan as people and as programs read it.
#include "runtime/commands/plan_text.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "runtime/durations.hpp"
#include "runtime/run_ends.hpp"
#include "runtime/run_file_names.hpp"
#include "runtime/text.hpp"
#include "runtime/text_table.hpp"

namespace annulet::runtime {
namespace {

/// A line of the screen's head and foot: what it is about, then what is said.
std::string line(const std::string& word, const std::string& text) {
  constexpr std::size_t kColumn = 13;
  return word + std::string(kColumn - word.size(), ' ') + text + '\n';
}

/// "16", "2 to 45".
std::string range(const std::string& least, const std::string& most) {
  return least == most ? least : least + " to " + most;
}

std::string steps_text(const NamedPlan& named) {
  const auto& plan = named.plan;
  auto text = plan.begin == 0 ? counted_text(static_cast<std::uint64_t>(plan.end), "step")
                              : "steps " + count_text(plan.begin) + " to " + count_text(plan.end);
  return text + " of " + counted_text(named.config.train.batch, "row");
}

/// What of the run is not in the plan, or may not come about; "": nothing.
std::string ends_line(const NamedPlan& named) {
  const auto& run = named.config.run;
  const auto text = ends_text(run);
  if (named.plan.is_part) {
    return line("", "it ends by " + text + ": these are its first " +
                        count_text(named.plan.end - named.plan.begin) + " steps");
  }
  if (!run.time && !run.target_loss && !run.target_gap) return {};
  return line("", "it ends by " + text + ": these are all its steps");
}

std::string link_text(const devices::LinkSpeed& link) {
  if (link.bytes_per_second > 0) return to_text(link);
  return "any rate" + (link.delay > devices::Duration{} ? ", " + to_text(link.delay) : "");
}

std::string compress_line(const RunConfig& config) {
  if (config.compress == transport::Compress::none) return {};
  return line("compress",
              std::string(name(kCompressNames, config.compress)) + "; H = 1 is counted as float32");
}

std::string exchange_line(const NamedPlan& named) {
  if (named.config.exchange == Exchange::ring) return {};
  return line("exchange", named.plan.takes_mesh ? "to everybody at once, if links are as said here"
                                                : "around the ring, if links are as said here");
}

std::string head(const NamedPlan& named) {
  const auto& config = named.config;
  const auto devices = named.ring.devices;
  return line("model", config.model.kind + ", " + counted_text(named.parameters, "parameter")) +
         line("ring", counted_text(devices, "device") + " (" + named.boards + "), links of " +
                          link_text(named.ring.link)) +
         line("run", steps_text(named)) + ends_line(named) + line("schedule", named.plan.schedule) +
         compress_line(config) + exchange_line(named);
}

using CostFigure = double (*)(const Cost&);
using ToText = std::string (*)(double);

std::string whole_text(double count) { return count_text(static_cast<std::int64_t>(count)); }

/// One figure of H = 1 and of the schedule, and how many times less that is.
class Costs {
 public:
  Costs(TextTable& table, const Plan& plan) : table_(table), plan_(plan) {}

  /// word: what less of it is called; "": nothing is said of that.
  void add(const std::string& what, CostFigure figure, ToText text, const std::string& word = {}) {
    const double one = figure(plan_.every_step);
    const double few = figure(plan_.fewest), many = figure(plan_.most);
    const bool compares = !word.empty() && one > 0;
    table_.add({what, text(one), range(text(few), text(many)),
                compares ? saving(range(factor(one, many), factor(one, few)), word) : ""});
  }

 private:
  [[nodiscard]] static std::string factor(double one, double cost) {
    constexpr double kNoticeable = 1.05;
    const double times = cost > 0 ? one / cost : 1;
    return times < kNoticeable ? std::string(kSame) : fixed_text(times, 1) + "x";
  }
  [[nodiscard]] static std::string saving(const std::string& factors, const std::string& word) {
    return factors == kSame ? factors : factors + " " + word;
  }

  static constexpr const char* kSame = "same";
  TextTable& table_;
  const Plan& plan_;
};

std::string table(const NamedPlan& named) {
  const auto& plan = named.plan;
  const auto& few = plan.fewest;
  const auto& many = plan.most;
  TextTable table;
  table.add({"", "H = 1", named.config.schedule.kind, "difference"});
  const auto first = std::min(few.first_h, many.first_h);
  table.add(
      {"H", "1", range(count_text(first), count_text(std::max(few.most_h, many.most_h))), ""});
  Costs costs(table, plan);
  costs.add(
      "rounds", [](const Cost& c) { return static_cast<double>(c.rounds); }, whole_text, "fewer");
  const bool alone = named.ring.devices == 1;
  if (!alone) {
    costs.add(
        "sent per device", [](const Cost& c) { return c.model_bytes; }, bytes_text, "less");
    costs.add(
        "  with headers", [](const Cost& c) { return c.model_bytes + c.framing_bytes; },
        bytes_text);
  }
  costs.add(
      "time", [](const Cost& c) { return c.seconds(); }, seconds_text, "faster");
  if (alone) return table.text();
  costs.add(
      "  computing", [](const Cost& c) { return c.compute_s; }, seconds_text);
  costs.add(
      "  averaging", [](const Cost& c) { return c.average_s; }, seconds_text);
  if (plan.every_step.overlapped_s > 0) {
    costs.add(
        "  both at once", [](const Cost& c) { return c.overlapped_s; }, seconds_text);
  }
  return table.text();
}

std::string theory_lines(const NamedPlan& named) {
  const auto& theory = named.plan.theory;
  const std::string formula = "H* = sqrt(T/(kappa B W))";
  if (!theory) return line("theory", "no " + formula + ": " + named.no_kappa);
  const auto& cost = theory->cost;
  std::string text = formula;
  if (theory->h) text += " = " + digits_text(*theory->h, 3) + ", so " + count_text(cost.first_h);
  if (theory->h.value_or(1) < 2) {
    text += "; 2 from T = " + count_text(theory->steps_for_two) + " on";
  }
  text = line("theory", text);
  if (theory->h && cost.first_h > 1) {
    text += line("", "with it " + counted_text(static_cast<std::uint64_t>(cost.rounds), "round") +
                         ", " + bytes_text(cost.model_bytes) + ", " + seconds_text(cost.seconds()));
  }
  return text + line("", "kappa = L/mu = " + digits_text(theory->L, 5) + "/" +
                             digits_text(theory->mu, 5) + " = " + digits_text(theory->kappa, 5));
}

/// What devices of one board compute, and how long they wait for the slowest.
struct BoardTime {
  std::size_t first, last;  // devices, from 1 on
  double step_s, compute_s, wait_s;
};

/// Nothing where all are alike, or take what fits.
std::vector<BoardTime> waiting_of(const NamedPlan& named) {
  const auto& step_s = named.plan.step_s;
  const double slowest = std::ranges::max(step_s);
  std::vector<BoardTime> boards;
  if (std::ranges::min(step_s) == slowest || named.config.pace == Pace::time) return boards;
  const auto steps = static_cast<double>(named.plan.end - named.plan.begin);
  for (std::size_t r = 0; r < step_s.size(); ++r) {
    const std::size_t last = r + 1 == step_s.size() ? named.ring.devices : r + 1;
    boards.push_back({r + 1, last, step_s[r], steps * step_s[r], steps * (slowest - step_s[r])});
  }
  return boards;
}

std::string waiting_table(const NamedPlan& named) {
  const auto boards = waiting_of(named);
  if (boards.empty()) return {};
  TextTable table;
  table.add({"device", "computes", "waits for the slowest"});
  for (const auto& board : boards) {
    table.add({range(std::to_string(board.first), std::to_string(board.last)),
               seconds_text(board.compute_s), seconds_text(board.wait_s)});
  }
  return "\n" + table.text();
}

std::string average_line(const Plan& plan) {
  constexpr double kMany = 10;
  const double steps = plan.average_s / std::ranges::max(plan.step_s);
  return line("one average", seconds_text(plan.average_s) + ", the time of " +
                                 (steps < kMany ? digits_text(steps, 2) : whole_text(steps)) +
                                 " local steps");
}

std::string notes(const NamedPlan& named) {
  std::string text;
  if (named.plan.timed) {
    text +=
        "H follows the time that steps and averages take: here this plan's, in a run its own.\n";
  } else if (!named.plan.exact) {
    text += "H depends on what the run measures: rounds are between these bounds.\n";
  }
  if (named.ring.devices > 1) {
    text +=
        "Bytes are exact; beginning, evaluations and heartbeats come on top. Time is a\n"
        "model: steps at the boards' rate, averages at the links' (docs/plan.md).\n";
  } else {
    text += "Time is a model: steps at the board's rate (docs/plan.md).\n";
  }
  return text;
}

JsonObject cost_object(const Cost& cost) {
  JsonObject object;
  object.add("rounds", cost.rounds)
      .add("first_h", cost.first_h)
      .add("most_h", cost.most_h)
      .add("sent_model_bytes_per_device", cost.model_bytes)
      .add("framing_bytes_per_device", cost.framing_bytes)
      .add("seconds", cost.seconds())
      .add("compute_seconds", cost.compute_s)
      .add("average_seconds", cost.average_s)
      .add("overlapped_seconds", cost.overlapped_s);
  return object;
}

JsonObject theory_object(const TheoryPlan& theory) {
  JsonObject object;
  object.add("mu", theory.mu)
      .add("L", theory.L)
      .add("kappa", theory.kappa)
      .add("steps_for_two", theory.steps_for_two)
      .add("h", theory.h);
  if (theory.h) object.add("cost", cost_object(theory.cost));
  return object;
}

JsonObject board_object(const BoardTime& board) {
  JsonObject object;
  object.add("first_device", board.first)
      .add("last_device", board.last)
      .add("seconds_per_step", board.step_s)
      .add("compute_seconds", board.compute_s)
      .add("wait_seconds", board.wait_s);
  return object;
}

}  // namespace

std::string plan_lines(const NamedPlan& named) {
  auto text = head(named) + "\n" + table(named) + waiting_table(named) + "\n" + memory_lines(named);
  if (named.ring.devices > 1) text += average_line(named.plan) + theory_lines(named);
  return text + notes(named);
}

void add_plan(JsonObject& object, const NamedPlan& named) {
  const auto& plan = named.plan;
  object.add("devices", named.ring.devices)
      .add("link", to_text(named.ring.link))
      .add("profile", named.boards)
      .add("dimension", named.parameters)
      .add("batch", named.config.train.batch)
      .add("first_step", plan.begin)
      .add("last_step", plan.end)
      .add("is_part", plan.is_part)
      .add("schedule", plan.schedule)
      .add("compress", name(kCompressNames, named.config.compress))
      .add("exchange", plan.takes_mesh ? "mesh" : "ring")
      .add("exact", plan.exact)
      .add("timed", plan.timed)
      .add("mini_batch", cost_object(plan.every_step))
      .add("fewest", cost_object(plan.fewest))
      .add("most", cost_object(plan.most))
      .add("seconds_per_average", plan.average_s)
      .add("seconds_per_step", std::ranges::max(plan.step_s));
  add_memory(object, named);
  if (plan.theory) object.add("theory", theory_object(*plan.theory));
  std::vector<JsonObject> boards;
  for (const auto& board : waiting_of(named)) boards.push_back(board_object(board));
  if (!boards.empty()) object.add("waiting", std::span<const JsonObject>(boards));
}

}  // namespace annulet::runtime
