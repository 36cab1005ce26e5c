/// A subject of the acceptance table: what is claimed of it, and what was measured.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "benchmarks/acceptance/claims.hpp"
#include "runtime/text.hpp"

namespace annulet::benchmarks {

using Number = std::function<double(const runtime::Reached&)>;

inline double steps_of(const runtime::Reached& run) {
  return static_cast<double>(run.steps.value_or(0));
}
inline double rounds_of(const runtime::Reached& run) { return static_cast<double>(run.rounds); }

inline std::string count_text(double count) { return runtime::count_text(std::llround(count)); }

/// Of each seed's pair, and of the means.
struct Ratio {
  double of_means = 0;
  double deviation = 0;
  [[nodiscard]] std::string text() const {
    return runtime::fixed_text(of_means, 2) + " ± " + runtime::fixed_text(deviation, 2);
  }
};

/// What is counted above and below the line.
struct Numbers {
  Number above, below;
};

inline Ratio ratio(const runtime::Tuned& above, const runtime::Tuned& below,
                   const Numbers& number) {
  std::vector<double> pairs, tops, bottoms;
  for (std::size_t i = 0; i < std::min(above.runs.size(), below.runs.size()); ++i) {
    tops.push_back(number.above(above.runs[i]));
    bottoms.push_back(number.below(below.runs[i]));
    pairs.push_back(tops.back() / bottoms.back());
  }
  return {runtime::mean_and_spread(tops).mean / runtime::mean_and_spread(bottoms).mean,
          runtime::mean_and_spread(pairs).deviation};
}

/// Collects claims about one subject.
class Subject {
 public:
  Subject(const runtime::Measurements& found, std::vector<Claim>& claims, std::string about)
      : found_(found), claims_(claims), about_(std::move(about)) {}

  [[nodiscard]] bool has(const std::vector<std::string>& names) const {
    return std::ranges::all_of(names, [&](const auto& name) { return found_.contains(name); });
  }
  void add(std::string what, std::string target, std::string measured, bool holds,
           std::optional<double> figure = {}) {
    claims_.push_back({about_, std::move(what), std::move(target), std::move(measured), holds});
    figure_ = figure;
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
    const auto target = at_least           ? ">= " + runtime::fixed_text(bounds.least, 2)
                        : bounds.least > 0 ? runtime::fixed_text(bounds.least, 2) + " to " +
                                                 runtime::fixed_text(bounds.most, 2)
                                           : "<= " + runtime::fixed_text(bounds.most, 2);
    if (!top || !bottom) return add(what, target, top ? "never below" : "never", false);
    const auto found = ratio(*top, *bottom, number);
    const bool holds = found.of_means >= bounds.least && found.of_means <= bounds.most;
    add(what, target, found.text() + ": " + text_of(*top, *bottom, number), holds, found.of_means);
  }
  /// Without a target.
  void report(const std::string& what, const std::string& above, const std::string& below,
              const Numbers& number) {
    if (!has({above, below})) return;
    const auto& top = found_.at(above);
    const auto& bottom = found_.at(below);
    if (top && bottom) {
      add(what, "", ratio(*top, *bottom, number).text() + ": " + text_of(*top, *bottom, number),
          true);
    } else {
      add(what, "", top ? "never below" : "never", true);
    }
    claims_.back().instead = "reported";
  }
  void report(const std::string& what, const std::string& name) {
    if (!has({name})) return;
    add(what, "", steps_text(found_.at(name)), true);
    claims_.back().instead = "reported";
  }
  /// Does it reach the target?
  void reaches(const std::string& what, const std::string& name, bool expected) {
    if (!has({name})) return;
    const auto& tuned = found_.at(name);
    add(what, expected ? "reached" : "not reached", steps_text(tuned),
        tuned.has_value() == expected, tuned ? std::optional(tuned->steps().mean) : std::nullopt);
  }
  void at_most(const std::string& what, const std::string& name, double most) {
    if (!has({name})) return;
    const auto& tuned = found_.at(name);
    add(what, "<= " + count_text(most), steps_text(tuned), tuned && tuned->steps().mean <= most);
  }

  /// The target of `what` rests on a number of the reference that is wrong, or that is of another
  /// setting: a miss is no news as long as what is measured stays within a tenth of `seen`.
  void known_to_miss(const std::string& what, double seen) {
    if (claims_.empty() || claims_.back().what != what) return;  // not measured this time
    auto& claim = claims_.back();
    constexpr double kTenth = 0.1;
    const bool is_old = figure_ && std::abs(*figure_ / seen - 1) <= kTenth;
    if (!claim.holds && is_old) claim.instead = "**misses**: [why](../docs/reproduction.md)";
  }

  static constexpr double kNoBound = 1e9;

 private:
  /// "3,739 (c0.125) / 3,093 (c0.125)", of the seeds that both have, as the ratio is.
  static std::string text_of(const runtime::Tuned& above, const runtime::Tuned& below,
                             const Numbers& number) {
    const auto pairs = std::min(above.runs.size(), below.runs.size());
    return text_of(above, pairs, number.above) + " / " + text_of(below, pairs, number.below);
  }
  static std::string text_of(const runtime::Tuned& tuned, std::size_t seeds, const Number& number) {
    std::vector<double> numbers;
    for (std::size_t i = 0; i < seeds; ++i) numbers.push_back(number(tuned.runs[i]));
    return count_text(runtime::mean_and_spread(numbers).mean) + " (" + tuned.step.text() + ")";
  }

  const runtime::Measurements& found_;
  std::vector<Claim>& claims_;
  std::string about_;
  std::optional<double> figure_;  // what the last claim compares with its target
};

}  // namespace annulet::benchmarks
