/// What is shown while a run goes on.
#include "runtime/progress.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <sstream>
#include <string>

#include <boost/test/unit_test.hpp>

#include "runtime/time_left.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(progress)

namespace {

RunStarted run_of(model::Step steps, const std::string& clock = "real") {
  RunStarted event;
  event.run_id = "3f9c";
  event.devices = {"laptop", "pi-1"};
  event.dimension = 7850;
  event.steps = steps;
  event.model = "softmax";
  event.label_use = model::LabelUse::classes;
  event.schedule = "fixed(h=1)";
  event.clock = clock;
  return event;
}

RoundDone round_at(std::int64_t number, double seconds) {
  RoundDone event;
  event.round = number;
  event.step = number;
  event.h = 1;
  event.loss = 0.5;
  event.seconds = seconds;
  event.sent_bytes = static_cast<std::uint64_t>(number) * 1000;
  event.model_bytes = event.sent_bytes;
  event.baseline_bytes = 2 * event.sent_bytes;
  return event;
}

/// What a whole run of `rounds` rounds of the given length writes.
std::string shown(const ProgressOptions& options, std::int64_t rounds, double seconds_each,
                  const std::string& clock = "real") {
  std::ostringstream out;
  Progress progress(out, options);
  progress.started(run_of(rounds, clock));
  for (std::int64_t number = 1; number <= rounds; ++number) {
    progress.round_done(round_at(number, seconds_each * static_cast<double>(number)), {});
  }
  progress.finished({}, {});
  return out.str();
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

auto lines(const std::string& text) { return std::ranges::count(text, '\n'); }

constexpr std::string_view kRedraw = "\r\x1B[K";

/// No drawing of a run is wider than the terminal, and all that have the room show the time left.
void check_drawings(const char* label, int width) {
  const auto text = shown({.terminal = true, .width = width, .label = label}, 50, 3001);
  std::istringstream drawings(text.substr(text.find(kRedraw) + kRedraw.size()));
  for (std::string drawing; std::getline(drawings, drawing, '\r');) {
    const std::size_t begin = drawing.starts_with("\x1B[K") ? 3 : 0;
    const auto columns = drawing.find_last_not_of('\n') + 1 - begin;
    if (width >= 3) BOOST_TEST(columns < static_cast<std::size_t>(width), drawing);
    const bool has_time = holds(drawing, " left") || holds(drawing, "1 d 18 h");
    if (width >= 20) BOOST_TEST(has_time, drawing);
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(plain_output_has_a_head_and_a_line_a_round) {
  const auto text = shown({}, 3, 2);
  BOOST_TEST(text ==
             "run 3f9c  2 devices  softmax, 7,850 parameters  fixed(h=1)  3 steps\n"
             "  round     step      H     loss      sent      time     acc\n"
             "      1        1      1   0.5000    1.0 kB     2.0 s\n"
             "      2        2      1   0.5000    2.0 kB     4.0 s\n"
             "      3        3      1   0.5000    3.0 kB     6.0 s\n");
}

BOOST_AUTO_TEST_CASE(a_loss_that_nobody_saw_is_not_0) {
  for (const bool terminal : {false, true}) {
    std::ostringstream out;
    Progress progress(out, {.terminal = terminal, .label = ""});
    progress.started(run_of(2));
    auto missed = round_at(1, 2);
    missed.loss = std::numeric_limits<double>::quiet_NaN();
    progress.round_done(missed, {});
    const auto* const none = terminal ? "  loss -  " : "      1        -    1.0 kB";
    BOOST_TEST(holds(out.str(), none), out.str());
  }
}

BOOST_AUTO_TEST_CASE(a_run_on_values_shows_its_r2) {
  std::ostringstream out;
  Progress progress(out, {});
  auto start = run_of(2);
  start.label_use = model::LabelUse::values;
  progress.started(start);
  Evaluated seen;
  seen.step = 1;
  seen.test_r2 = 0.8125;
  progress.evaluated(seen);
  progress.round_done(round_at(2, 2), {});
  BOOST_TEST(out.str().find("      time      R2\n") != std::string::npos, out.str());
  BOOST_TEST(out.str().ends_with("     2.0 s   0.812\n"), out.str());
}

BOOST_AUTO_TEST_CASE(plain_output_has_one_line_for_every_round) {
  for (const char* clock : {"real", "virtual"}) {
    BOOST_TEST(lines(shown({}, 1000, 0.001, clock)) == 2 + 1000);
  }
}

BOOST_AUTO_TEST_CASE(virtual_time_does_not_redraw_a_terminal_all_the_time) {
  const auto text = shown({.terminal = true, .width = 80, .label = "x"}, 10'000, 10, "virtual");
  const auto drawn = std::ranges::count(text, '\r');
  BOOST_TEST(drawn >= 50);
  BOOST_TEST(drawn <= 102);
}

BOOST_AUTO_TEST_CASE(plain_output_has_no_control_characters) {
  const auto text = shown({.terminal = false, .color = false, .label = "one"}, 100, 0.1);
  BOOST_TEST(std::ranges::none_of(text, [](char c) { return c < ' ' && c != '\n'; }));
  BOOST_TEST(text.starts_with("one\n"));
}

BOOST_AUTO_TEST_CASE(a_terminal_gets_one_line_drawn_over_and_over) {
  const auto text = shown({.terminal = true, .width = 100, .label = "[1/2] H = 1"}, 100, 0.2);
  BOOST_TEST(lines(text) == 1);
  BOOST_TEST(holds(text, std::string(kRedraw) +
                             "[1/2] H = 1  ##########----------  10.0 s left  loss 0.5000  H 1  "
                             "2.0x saved  sent 50.0 kB"));
  const auto final_line = text.substr(text.rfind('\r'));
  BOOST_TEST(holds(final_line, "####################  20.0 s  loss"));
  BOOST_TEST(!holds(text, "\x1B[3"));  // no colour was asked for
}

BOOST_AUTO_TEST_CASE(the_bar_stays_within_the_terminal) {
  for (const char* label : {"", "[1/2] mini-batch SGD, H = 1", "[2/2] local SGD, doubling H"}) {
    for (int width = 1; width <= 200; ++width) check_drawings(label, width);
  }
}

BOOST_AUTO_TEST_CASE(a_narrow_terminal_gets_a_shorter_bar_then_a_shorter_label) {
  const auto first = [](int width) {
    const auto text = shown({.terminal = true, .width = width, .label = "[1/2] H = 1"}, 100, 0.2);
    const auto from = text.find(kRedraw) + kRedraw.size();
    return text.substr(from, text.find('\r', from) - from);
  };
  BOOST_TEST(first(34) == "[1/2] H = 1  -------  19.8 s left");
  BOOST_TEST(first(32) == "[1/2] H = 1  -----  19.8 s left");
  BOOST_TEST(first(26) == "[1/2]  -----  19.8 s left");
}

BOOST_AUTO_TEST_CASE(what_saved_nothing_is_not_said_to_save) {
  std::ostringstream out;
  Progress progress(out, {.terminal = true, .width = 200, .label = "x"});
  progress.started(run_of(10));
  auto round = round_at(1, 1);
  round.baseline_bytes = round.model_bytes;
  progress.round_done(round, {});
  BOOST_TEST(holds(out.str(), "loss 0.5000  H 1  sent 1.0 kB"));
}

BOOST_AUTO_TEST_CASE(the_environment_says_how_it_looks) {
  const auto full = options_for({.is_terminal = true, .width = 120, .term = "xterm"});
  BOOST_TEST(full.terminal);
  BOOST_TEST(full.color);
  BOOST_TEST(full.width == 120);
  BOOST_TEST(!options_for({.is_terminal = false, .term = "xterm"}).terminal);
  BOOST_TEST(!options_for({.is_terminal = true, .term = "dumb"}).terminal);
  BOOST_TEST(!options_for({.is_terminal = true, .term = "dumb"}).color);
  BOOST_TEST(options_for({.is_terminal = true, .no_color = ""}).color);
  BOOST_TEST(!options_for({.is_terminal = true, .no_color = "1"}).color);
  BOOST_TEST(options_for({.is_terminal = true}).width == 80);
}

BOOST_AUTO_TEST_CASE(colour_is_used_when_allowed) {
  BOOST_TEST(holds(shown({.terminal = true, .color = true, .label = ""}, 10, 1), "\x1B[32m#"));
}

BOOST_AUTO_TEST_CASE(a_lost_device_gets_a_line_of_its_own) {
  for (const bool terminal : {false, true}) {
    std::ostringstream out;
    Progress progress(out, {.terminal = terminal, .label = ""});
    progress.started(run_of(10));
    progress.round_done(round_at(1, 1), {});
    progress.device_lost({"pi\x1B[2J-3", "connection reset\r\n", ErrorCode::connection_lost, 1, 1});
    BOOST_TEST(
        holds(out.str(), "! pi\\x1b[2J-3 lost (connection reset\\x0d\\x0a) after round 1\n"));
  }
}

BOOST_AUTO_TEST_CASE(accuracy_is_shown_once_it_is_known) {
  std::ostringstream out;
  Progress progress(out, {});
  progress.started(run_of(10));
  Evaluated evaluation;
  evaluation.test_accuracy = 0.502;  // at step 0: not learned yet
  progress.evaluated(evaluation);
  progress.round_done(round_at(1, 1), {});
  BOOST_TEST(!holds(out.str(), "50.2 %"));
  evaluation.step = 1;
  evaluation.test_accuracy = 0.811;
  progress.evaluated(evaluation);
  progress.round_done(round_at(2, 2), {});
  BOOST_TEST(holds(out.str(), " 81.1 %\n"));
}

BOOST_AUTO_TEST_CASE(a_run_that_ends_before_its_first_round_shows_none) {
  std::ostringstream out;
  Progress progress(out, {.terminal = true, .label = "x"});
  progress.started(run_of(10));
  progress.finished({}, {});
  BOOST_TEST(out.str() == "");
}

BOOST_AUTO_TEST_CASE(time_left_follows_the_latest_speed) {
  TimeLeft time;
  BOOST_TEST(time.until(100) == 0);
  // A second a step up to 64, then a tenth.
  for (model::Step step = 1; step <= 64; ++step) time.passed(step, static_cast<double>(step));
  BOOST_TEST(time.until(164) == 100);
  for (model::Step step = 65; step <= 256; ++step) {
    time.passed(step, 64 + 0.1 * static_cast<double>(step - 64));
  }
  BOOST_TEST(time.until(356) == 10, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(time.until(256) == 0);
}

// ---- other ends than steps ----------------------------------------------------------------------

/// What is drawn of one round, at `seconds`, of a run without a number of steps.
std::string drawn(std::optional<double> limit, double seconds, const std::string& clock = "real") {
  std::ostringstream out;
  Progress progress(out, {.terminal = true, .label = {}});
  auto run = run_of(1'000'000, clock);
  run.steps_given = false;
  run.seconds = limit;
  run.ends = "10m";
  progress.started(run);
  progress.round_done(round_at(1, seconds), {});
  return out.str();
}

BOOST_AUTO_TEST_CASE(a_run_that_ends_by_time_shows_what_is_left_of_it) {
  BOOST_TEST(holds(drawn(600, 150), "fixed(h=1)  10m\n"));
  BOOST_TEST(holds(drawn(600, 150), "#####---------------  7 min 30 s left"), drawn(600, 150));
  BOOST_TEST(holds(drawn(600, 700), "####################  0 ms left"), drawn(600, 700));
  BOOST_TEST(holds(drawn(600, 150, "virtual"), "#####---------------  25.0 %"));
}

BOOST_AUTO_TEST_CASE(a_run_that_ends_at_a_target_shows_how_long_it_has_been) {
  BOOST_TEST(holds(drawn({}, 150), "--------------------  2 min 30 s"), drawn({}, 150));
  BOOST_TEST(!holds(drawn({}, 150), "left"));
}

BOOST_AUTO_TEST_CASE(the_gap_is_shown_where_it_is_known) {
  std::ostringstream out;
  Progress progress(out, {.terminal = true, .width = 120, .label = {}});
  progress.started(run_of(2));
  Evaluated event;
  event.gap = 0.25;
  progress.evaluated(event);
  progress.round_done(round_at(1, 1), {});
  BOOST_TEST(holds(out.str(), "loss 0.5000  f - f* 0.2500  "), out.str());
}

BOOST_AUTO_TEST_CASE(time_left_counts_from_the_step_at_which_the_run_began) {
  TimeLeft time(1000);
  time.passed(1001, 3);
  BOOST_TEST(time.until(1011) == 30);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
