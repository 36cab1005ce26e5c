/// Targets, and ratios of means over paired seeds.
#include "benchmarks/acceptance/claims.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "runtime/facts.hpp"
#include "runtime/text.hpp"
#include "transport/ring_bytes.hpp"

namespace annulet::benchmarks {
namespace {

using runtime::mean_and_spread;
using runtime::Reached;
using runtime::Tuned;
using Number = std::function<double(const Reached&)>;

double steps_of(const Reached& run) { return static_cast<double>(run.steps.value_or(0)); }
double rounds_of(const Reached& run) { return static_cast<double>(run.rounds); }

constexpr std::size_t kDevices = 8;

/// Model bytes of one of eight devices on w8a, scales and facts among them, as a run counts them.
Number bytes_with(transport::Compress compress) {
  constexpr std::size_t kParameters = 300;
  const transport::Summed round{kParameters, runtime::kFacts, transport::codec_of(compress)};
  const auto of_all = static_cast<double>(transport::all_reduce_bytes_of_all(round, kDevices));
  return [of_all](const Reached& run) { return rounds_of(run) * of_all / kDevices; };
}

/// In mini-batch steps: local steps, and rounds of a ring of eight on which an all-reduce costs
/// 2 (W-1)/W times 25 gradients, a mini-batch being four of them.
double time_of(const Reached& run) {
  constexpr double kRound = 2 * 25.0 / 4 * 7 / 8;
  return run.seconds + kRound * static_cast<double>(run.rounds);
}

using runtime::fixed_text;

std::string count_text(double count) { return runtime::count_text(std::llround(count)); }

/// Of each seed's pair, and of the means.
struct Ratio {
  double of_means = 0;
  double deviation = 0;
  [[nodiscard]] std::string text() const {
    return fixed_text(of_means, 2) + " ± " + fixed_text(deviation, 2);
  }
};

/// What is counted above and below the line.
struct Numbers {
  Number above, below;
};

Ratio ratio(const Tuned& above, const Tuned& below, const Numbers& number) {
  std::vector<double> pairs, tops, bottoms;
  for (std::size_t i = 0; i < std::min(above.runs.size(), below.runs.size()); ++i) {
    tops.push_back(number.above(above.runs[i]));
    bottoms.push_back(number.below(below.runs[i]));
    pairs.push_back(tops.back() / bottoms.back());
  }
  return {mean_and_spread(tops).mean / mean_and_spread(bottoms).mean,
          mean_and_spread(pairs).deviation};
}

/// Collects claims about one subject.
class Subject {
 public:
  Subject(const runtime::Measurements& found, std::vector<Claim>& claims, std::string about)
      : found_(found), claims_(claims), about_(std::move(about)) {}

  [[nodiscard]] bool has(const std::vector<std::string>& names) const {
    return std::ranges::all_of(names, [&](const auto& name) { return found_.contains(name); });
  }
  void add(std::string what, std::string target, std::string measured, bool holds) {
    claims_.push_back({about_, std::move(what), std::move(target), std::move(measured), holds});
  }
  /// least <= number(above)/number(below) <= most.
  struct Bounds {
    double least = 0, most = 0;
  };
  void compare(const std::string& what, const std::string& above, const std::string& below,
               Bounds bounds, const Number& number = steps_of) {
    compare(what, above, below, bounds, Numbers{number, number});
  }
  void compare(const std::string& what, const std::string& above, const std::string& below,
               Bounds bounds, const Numbers& number) {
    if (!has({above, below})) return;
    const auto& top = found_.at(above);
    const auto& bottom = found_.at(below);
    const bool at_least = bounds.most >= kNoBound;
    const auto target = at_least ? ">= " + fixed_text(bounds.least, 2)
                        : bounds.least > 0
                            ? fixed_text(bounds.least, 2) + " to " + fixed_text(bounds.most, 2)
                            : "<= " + fixed_text(bounds.most, 2);
    if (!top || !bottom) return add(what, target, top ? "never below" : "never", false);
    const auto found = ratio(*top, *bottom, number);
    const bool holds = found.of_means >= bounds.least && found.of_means <= bounds.most;
    add(what, target,
        found.text() + ": " + text_of(*top, number.above) + " / " + text_of(*bottom, number.below),
        holds);
  }
  /// Does it reach the target?
  void reaches(const std::string& what, const std::string& name, bool expected) {
    if (!has({name})) return;
    const auto& tuned = found_.at(name);
    add(what, expected ? "reached" : "not reached", steps_text(tuned),
        tuned.has_value() == expected);
  }
  void at_most(const std::string& what, const std::string& name, double most) {
    if (!has({name})) return;
    const auto& tuned = found_.at(name);
    add(what, "<= " + count_text(most), steps_text(tuned), tuned && tuned->steps().mean <= most);
  }

  static constexpr double kNoBound = 1e9;

 private:
  static std::string text_of(const Tuned& tuned, const Number& number) {
    std::vector<double> numbers;
    for (const auto& run : tuned.runs) numbers.push_back(number(run));
    return count_text(mean_and_spread(numbers).mean) + " (" + tuned.step.text() + ")";
  }

  const runtime::Measurements& found_;
  std::vector<Claim>& claims_;
  std::string about_;
};

/// Speed-up over one device where an average costs 25 steps: time = T (1 + 25/H).
void add_speed_up(Subject& subject, const runtime::Measurements& found) {
  if (!subject.has({"W=1 H=1", "W=8 H=1", "W=8 H=64"})) return;
  const auto with = [](double h) {
    return [h](const Reached& run) { return steps_of(run) * (1 + 25 / h); };
  };
  const auto speed_up = [&](const std::string& name, double h) {
    if (!found.at("W=1 H=1") || !found.at(name)) return 0.0;
    const double alone = found.at("W=1 H=1")->steps().mean;
    std::vector<double> times;
    for (const auto& run : found.at(name)->runs) times.push_back(with(h)(run));
    return alone / mean_and_spread(times).mean;
  };
  const double many = speed_up("W=8 H=64", 64), one = speed_up("W=8 H=1", 1);
  subject.add("speed-up of 8 devices, H = 64, an average costs 25 steps", "2.32 to 3.48",
              fixed_text(many, 2), many >= 2.32 && many <= 3.48);
  subject.add("the same with H = 1", "< 0.50", fixed_text(one, 2), one > 0 && one < 0.5);
}

void add_core(const runtime::Measurements& found, std::vector<Claim>& claims) {
  Subject subject(found, claims, "the paper");
  subject.compare("8 devices, the paper's own step: T(H=64)/T(H=1)", "paper H=64", "paper H=1",
                  {0.94, 1.06});
  add_speed_up(subject, found);
  subject.compare("16 devices: T(one-shot)/T(H=64)", "W=16 H=T", "W=16 H=64",
                  {1.5, Subject::kNoBound});
}

void add_drift(const runtime::Measurements& found, std::vector<Claim>& claims) {
  Subject subject(found, claims, "drift correction");
  subject.at_most("labels sorted, H = 64, constant step: T", "labels H=64 corrected", 7000);
  subject.reaches("the same without, within 12,000 steps", "labels H=64 constant", false);
  subject.compare("its best decaying step / corrected: T", "labels H=64 decaying",
                  "labels H=64 corrected", {1.6, Subject::kNoBound});
  subject.at_most("with drift_rate 0.5: T", "labels H=64 gently", 7000);
  for (const std::string rate : {"corrected", "gently"}) {
    const std::string suffix = rate == "gently" ? ", drift_rate 0.5" : "";
    for (const std::string h : {"16", "64"}) {
      subject.compare("iid shards, H = " + h + suffix + ": T with / without",
                      "iid H=" + h + " " + rate, "iid H=" + h, {0, 1.1});
      subject.compare("eps = 5e-4, iid shards, H = " + h + suffix, "5e-4 iid H=" + h + " " + rate,
                      "5e-4 iid H=" + h, {0, 1.1});
    }
  }
}

/// Elements and scales of one of eight devices in a round, to those of float32.
double ratio_of_bytes(std::size_t elements, transport::Compress codec) {
  const auto bytes = [&](transport::Compress how) {
    return static_cast<double>(
        transport::all_reduce_bytes_of_all({elements, 0, transport::codec_of(how)}, kDevices));
  };
  return bytes(codec) / bytes(transport::Compress::none);
}

void add_codecs(const runtime::Measurements& found, std::vector<Claim>& claims) {
  using transport::Compress;
  Subject subject(found, claims, "net.compress");
  if (!subject.has({"5e-4 H=64"})) return;
  const auto bytes = [&](const std::string& name, Compress codec, std::size_t elements,
                         double most) {
    const double ratio = ratio_of_bytes(elements, codec);
    subject.add(name + ": bytes of " + runtime::count_text(static_cast<std::int64_t>(elements)) +
                    " parameters / float32",
                "<= " + fixed_text(most, 2), fixed_text(ratio, 3), ratio <= most);
  };
  bytes("q8", Compress::q8, 300, 0.30);
  bytes("q8", Compress::q8, 10'000, 0.26);
  bytes("q4", Compress::q4, 300, 0.17);
  bytes("q4", Compress::q4, 10'000, 0.17);
  subject.compare("q8, eps = 5e-4, H = 64: T / float32", "5e-4 H=64 q8", "5e-4 H=64", {0, 1.1});
  subject.compare("q4, eps = 5e-4, H = 64: T / float32", "5e-4 H=64 q4", "5e-4 H=64", {0, 1.15});
  subject.reaches("bf16 models in the place of changes, with that step (d0.5)",
                  "5e-4 H=64 bf16 models", false);
}

void add_momentum(const runtime::Measurements& found, std::vector<Claim>& claims) {
  Subject subject(found, claims, "outer momentum 0.5");
  for (const std::string h : {"16", "64"}) {
    subject.compare("H = " + h + ": rounds with / without", "momentum H=" + h, "W=8 H=" + h,
                    {0, 0.85}, rounds_of);
    subject.compare("eps = 5e-4, H = " + h, "5e-4 momentum H=" + h, "5e-4 H=" + h, {0, 1.1},
                    rounds_of);
  }
  for (const std::string h : {"16", "64"}) {
    subject.compare(
        "huge batches of the same bytes, both with momentum, H = " + h + ": their rounds / ours",
        "huge batch momentum H=" + h, "momentum H=" + h, {1, Subject::kNoBound}, rounds_of);
  }
}

void add_together(const runtime::Measurements& found, std::vector<Claim>& claims) {
  using transport::Compress;
  Subject subject(found, claims, "all together");
  const auto plain = bytes_with(Compress::none), ours = bytes_with(Compress::q8);
  const std::string what = " / ours: labels sorted, H = 64, corrected, momentum 0.5, q8";
  subject.compare("bytes of mini-batch SGD" + what, "together H=1", "together H=64 q8",
                  {100, Subject::kNoBound}, {plain, ours});
  subject.compare("bytes of huge batches with that momentum" + what, "together huge batch",
                  "together H=64 q8", {1, Subject::kNoBound}, {plain, ours});
}

void add_uneven(const runtime::Measurements& found, std::vector<Claim>& claims) {
  Subject pace(found, claims, "round.pace = time");
  pace.compare("two of eight 4x slower, H = 16: time / waiting", "two slow, paced",
               "two slow, waiting", {0, 0.6}, time_of);
  pace.reaches("the rare class only on the slow device: eps", "rare slow, paced", true);
  Subject weights(found, claims, "sample weights");
  weights.reaches("shares 16:8:4:2:1:1:1:1, H = 16: eps", "sizes weighted", true);
  weights.reaches("the same with equal weights, within 30,000 steps", "sizes equal", false);
  Subject drops(found, claims, "drops");
  drops.compare("10 % of a device's rounds lost, H = 16: T ratio", "drop 10", "W=8 H=16",
                {0, 1.15});
  drops.compare("30 %", "drop 30", "W=8 H=16", {0, 1.35});
}

void add_schedules(const runtime::Measurements& found, std::vector<Claim>& claims) {
  Subject subject(found, claims, "doubling");
  subject.compare("alpha 2, T0 64: rounds / H = 1", "doubling", "W=8 H=1", {0, 0.3}, rounds_of);
  subject.compare("T / H = 1", "doubling", "W=8 H=1", {0, 1.9});
  subject.compare("eps = 1e-4: rounds / H = 1", "1e-4 doubling", "1e-4 H=1", {0, 0.06}, rounds_of);
  subject.compare("eps = 1e-4: T / H = 1", "1e-4 doubling", "1e-4 H=1", {0, 1.45});
}

}  // namespace

std::string steps_text(const std::optional<Tuned>& tuned) {
  if (!tuned) return "never";
  const auto steps = tuned->steps();
  return count_text(steps.mean) + " ± " + count_text(steps.deviation) + " (" + tuned->step.text() +
         ")";
}

std::vector<Claim> claims(const runtime::Measurements& found) {
  std::vector<Claim> all;
  add_core(found, all);
  add_drift(found, all);
  add_codecs(found, all);
  add_momentum(found, all);
  add_together(found, all);
  add_uneven(found, all);
  add_schedules(found, all);
  return all;
}

}  // namespace annulet::benchmarks
