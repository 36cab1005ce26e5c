/// Shows a run while it goes on: a bar with the time left on a terminal, lines otherwise.
#include "runtime/progress.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "runtime/summary.hpp"
#include "runtime/text.hpp"
#include "runtime/time_left.hpp"

namespace annulet::runtime {
namespace {

constexpr std::string_view kGreen = "\x1B[32m";
constexpr std::string_view kRed = "\x1B[31m";
constexpr std::string_view kDim = "\x1B[2m";
constexpr std::string_view kNormal = "\x1B[0m";
constexpr std::string_view kRedraw = "\r\x1B[K";  // to the first column, and clear the line

constexpr std::size_t kLongestProblem = 300;  // a sentence with a device's name in it
constexpr std::array<std::size_t, 7> kColumns = {7, 9, 7, 9, 10, 10, 8};

std::string row(const std::array<std::string, kColumns.size()>& cells) {
  std::string line;
  for (std::size_t at = 0; at < cells.size(); ++at) {
    const auto& cell = cells[at];
    if (at > 0 && cell.size() >= kColumns[at]) line += ' ';
    line += std::string(kColumns[at] - std::min(kColumns[at], cell.size()), ' ') + cell;
  }
  return line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
}

/// "12.3x saved": what H = 1 would have sent over what was sent; empty where that is the same.
std::string saved(const RoundDone& event) {
  constexpr double kNoticeable = 1.05;  // "1.0x" says nothing
  if (event.model_bytes == 0) return "";
  const double factor =
      static_cast<double>(event.baseline_bytes) / static_cast<double>(event.model_bytes);
  return factor < kNoticeable ? "" : factor_text(factor) + " saved";
}

/// "-" while there is none: before the first round that somebody was present in.
std::string loss_text(const RoundDone& event) {
  return std::isnan(event.loss) ? "-" : value_text(event.loss);
}

std::string bar(double done, std::size_t width) {
  const auto full = std::min(width, static_cast<std::size_t>(done * static_cast<double>(width)));
  return std::string(full, '#') + std::string(width - full, '-');
}

/// What the test set measures: accuracy of classes, R2 of values.
std::string score_name(model::LabelUse use) {
  if (use == model::LabelUse::values) return "R2";
  return model::names_classes(use) ? "acc" : "";
}

/// What always stands in a line: "label  ####----  time".
struct Essentials {
  std::string head;
  std::size_t bar = 20;
  std::string time;

  [[nodiscard]] std::size_t size() const { return head.size() + bar + kGap + time.size(); }

  /// Shrinks the bar, then cuts the label, then drops the bar and cuts the time.
  void fit(std::size_t room) {
    constexpr std::size_t kShortestBar = 5;
    if (size() > room) bar -= std::min(bar - kShortestBar, size() - room);
    if (size() > room) {
      const auto too_many = std::min(head.size(), size() - room);
      head.resize(head.size() - too_many);
      if (!head.empty()) head.back() = ' ';
    }
    if (size() > room) bar -= std::min(bar, size() - room);
    if (bar == 0) time.resize(std::min(time.size(), room < kGap ? 0 : room - kGap));
  }

  static constexpr std::size_t kGap = 2;
};

}  // namespace

ProgressOptions options_for(const Screen& screen) {
  const std::string_view no_color = screen.no_color == nullptr ? "" : screen.no_color;
  const bool dumb = screen.term != nullptr && std::string_view(screen.term) == "dumb";
  ProgressOptions options;
  options.terminal = screen.is_terminal && !dumb;
  options.color = options.terminal && no_color.empty();
  if (screen.width > 0) options.width = screen.width;
  return options;
}

class Progress::Display {
 public:
  Display(std::ostream& out, ProgressOptions options) : out_(out), options_(std::move(options)) {}

  void start(const RunStarted& event) {
    begin_ = event.start_step;
    steps_ = event.steps;
    steps_given_ = event.steps_given;
    time_ = event.seconds;
    time_left_ = TimeLeft(begin_);
    score_name_ = score_name(event.label_use);
    is_virtual_ = event.clock == "virtual";
    if (options_.label.empty()) {
      out_ << opening_lines(event);
    } else if (!options_.terminal) {
      out_ << options_.label << '\n';
    }
    if (!options_.terminal) {
      out_ << row({"round", "step", "H", "loss", "sent", "time", score_name_});
    }
    out_.flush();
  }

  void round(const RoundDone& event) {
    time_left_.passed(event.step, event.seconds);
    now_ = event;
    if (options_.terminal && is_time(event)) draw();
    const bool is_due = drawn_.round == 0 || event.seconds - drawn_.seconds >= options_.every;
    if (!options_.terminal && is_due) write_row(event);
  }

  void evaluated(const Evaluated& event) {
    if (event.test_accuracy) score_ = percent_text(*event.test_accuracy);
    if (event.test_r2) score_ = fixed_text(*event.test_r2, 3);
  }

  void gap(std::optional<double> gap) { gap_ = gap; }

  void searched(const SearchStep& event) {
    searching_ = true;
    if (event.products > 0 && !options_.terminal) return;  // a line a step
    out_ << (options_.terminal ? kRedraw : "") << cut(search_line(event))
         << (options_.terminal ? "" : "\n") << std::flush;
  }

  void optimum(const OptimumKnown& event) {
    clear();
    searching_ = false;
    out_ << (event.f_star ? optimum_line(event)
                          : "f* is not known: " + printable(event.problem, kLongestProblem))
         << '\n';
    out_.flush();
  }

  void lost(const DeviceLost& event) {
    clear();
    out_ << color(kRed) << "! " << printable(event.device) << " lost (" << printable(event.reason)
         << ") after round " << event.round << normal() << '\n';
    if (options_.terminal && now_) draw();
    out_.flush();
  }

  void end() {
    if (std::exchange(searching_, false)) clear();
    if (!now_) return;
    if (!options_.terminal && drawn_.round != now_->round) write_row(*now_);
    if (!options_.terminal) return;
    ended_ = true;
    draw();
    out_ << '\n' << std::flush;
  }

 private:
  /// How much of the run is done, as far as steps and time tell.
  [[nodiscard]] double part(const RoundDone& event) const {
    double part = 0;
    if (steps_ > begin_ && steps_given_) {
      part = static_cast<double>(event.step - begin_) / static_cast<double>(steps_ - begin_);
    }
    if (time_) part = std::max(part, event.seconds / *time_);
    return std::min(part, 1.0);
  }

  [[nodiscard]] std::string time_text(const RoundDone& event) const {
    const bool has_bound = steps_given_ || time_;
    if (ended_ || !has_bound || (steps_given_ && event.step >= steps_)) {
      return seconds_text(event.seconds);
    }
    // What is left of virtual time tells nobody how long to wait.
    if (is_virtual_) return percent_text(part(event));
    const double by_time = time_ ? std::max(0.0, *time_ - event.seconds) : 0;
    const double by_steps = steps_given_ ? time_left_.until(steps_) : by_time;
    return seconds_text(time_ ? std::min(by_time, by_steps) : by_steps) + " left";
  }

  /// Virtual seconds pass quickly: there a hundredth of the run must have passed as well.
  [[nodiscard]] bool is_time(const RoundDone& event) const {
    if (drawn_.round == 0) return true;
    if (event.seconds - drawn_.seconds < 0.1) return false;
    if (!is_virtual_) return true;
    const bool has_bound = steps_given_ || time_;
    return has_bound ? part(event) - part(drawn_) >= 0.01
                     : event.step >= drawn_.step + drawn_.step / 50;
  }

  void draw() {
    draw_bar(*now_);
    drawn_ = *now_;
    out_.flush();
  }

  void write_row(const RoundDone& event) {
    out_ << row({count_text(event.round), count_text(event.step), count_text(event.h),
                 loss_text(event), bytes_text(static_cast<double>(event.sent_bytes)),
                 seconds_text(event.seconds), score_})
         << std::flush;
    drawn_ = event;
  }

  /// Label, bar and time left as far as they fit; of the rest what fits, the most important first.
  void draw_bar(const RoundDone& event) {
    Essentials line{.head = options_.label.empty() ? std::string() : options_.label + "  ",
                    .time = time_text(event)};
    // The last column stays free: some terminals begin a new line when it is written.
    const auto room = static_cast<std::size_t>(std::max(options_.width, 1)) - 1;
    line.fit(room);
    const auto drawn = bar(part(event), line.bar);
    const auto full = drawn.find_last_of('#') + 1;
    out_ << kRedraw << line.head << color(kGreen) << drawn.substr(0, full) << normal()
         << color(kDim) << drawn.substr(full) << normal() << "  " << line.time
         << more(event, room - std::min(room, line.size()));
  }

  [[nodiscard]] std::string more(const RoundDone& event, std::size_t room) const {
    std::vector<std::string> words = {"loss " + loss_text(event), "H " + count_text(event.h),
                                      saved(event),
                                      "sent " + bytes_text(static_cast<double>(event.sent_bytes)),
                                      "round " + count_text(event.round)};
    if (gap_) words.insert(words.begin() + 1, "f - f* " + value_text(*gap_));
    if (!score_.empty()) words.insert(words.begin() + 3, score_name_ + " " + score_);
    std::string text;
    for (const auto& word : words) {
      if (word.empty()) continue;
      if (text.size() + 2 + word.size() > room) break;
      text += "  " + word;
    }
    return text;
  }

  [[nodiscard]] std::string cut(std::string line) const {
    const auto room = static_cast<std::size_t>(std::max(options_.width, 1)) - 1;
    if (options_.terminal && line.size() > room) line.resize(room);
    return line;
  }
  void clear() {
    if (options_.terminal) out_ << kRedraw;
  }
  [[nodiscard]] std::string_view color(std::string_view code) const {
    return options_.color ? code : "";
  }
  [[nodiscard]] std::string_view normal() const { return color(kNormal); }

  std::ostream& out_;
  ProgressOptions options_;
  model::Step begin_ = 0, steps_ = 0;
  bool steps_given_ = true;
  bool ended_ = false;
  bool searching_ = false;  // the line of a search is on the screen
  bool is_virtual_ = false;
  std::optional<double> time_;  // of the run, at most
  TimeLeft time_left_;
  std::optional<RoundDone> now_;
  std::optional<double> gap_;
  std::string score_name_, score_;  // of the last evaluation on the test set
  RoundDone drawn_;                 // round 0: nothing yet
};

Progress::Progress(std::ostream& out, ProgressOptions options)
    : display_(std::make_unique<Display>(out, std::move(options))) {}

Progress::~Progress() = default;

void Progress::started(const RunStarted& event) { display_->start(event); }

void Progress::round_done(const RoundDone& event, std::span<const float> /*x*/) {
  display_->round(event);
}

void Progress::evaluated(const Evaluated& event) {
  display_->gap(event.gap);
  if (event.step > 0) display_->evaluated(event);  // before, nothing has been learned
}

void Progress::searched(const SearchStep& event) { display_->searched(event); }
void Progress::optimum(const OptimumKnown& event) { display_->optimum(event); }
void Progress::device_lost(const DeviceLost& event) { display_->lost(event); }

void Progress::finished(const RunFinished& /*event*/, std::span<const float> /*x*/) {
  display_->end();
}

}  // namespace annulet::runtime
