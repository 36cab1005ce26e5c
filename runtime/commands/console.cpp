/// Standard output for results, standard error for all else.
#include "runtime/commands/console.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <iostream>
#include <sys/ioctl.h>
#include <system_error>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "runtime/commands/ending.hpp"
#include "runtime/commands/text_option.hpp"
#include "runtime/durations.hpp"
#include "runtime/endpoint_text.hpp"
#include "runtime/file_error.hpp"
#include "runtime/stop_signals.hpp"
#include "runtime/summary.hpp"
#include "runtime/text.hpp"
#include "runtime/wall_time.hpp"
#include "transport/messages.hpp"

namespace annulet::runtime {
namespace {

// Exit codes of runs that can go on.
constexpr int kNetwork = 5;

void require_writable(const std::filesystem::path& folder) {
  if (access(folder.c_str(), W_OK) == 0) return;
  throw FileError(ErrorCode::cannot_use_folder, std::error_code(errno, std::system_category()),
                  "cannot write into the folder " + folder.string());
}

/// A folder that somebody named must not hold another run's results.
void require_unused(const std::filesystem::path& folder) {
  for (const char* result : {"model.safetensors", "rounds.csv"}) {
    if (std::filesystem::exists(folder / result)) {
      throw UsageError(
          ErrorCode::folder_taken,
          "--out " + folder.string() + " holds the results of another run: name another folder");
    }
  }
}

Artefacts artefacts_for(const ConsoleOptions& options, const std::string& suffix) {
  if (!options.resume.empty()) return {options.resume, utc_now, FolderUse::continued};
  if (!options.out.empty()) return {options.out, utc_now};
  return {options.all_runs / (utc_stamp() + suffix), utc_now, FolderUse::new_one};
}

}  // namespace

void prepare_standard_streams() {
  // open() takes the lowest free number: the one that is missing.
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) < 0) open("/dev/null", stream == STDIN_FILENO ? O_RDONLY : O_WRONLY);
  }
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

void add_console_options(CLI::App& command, ConsoleOptions& options, const std::string& folder) {
  flag_option(
      command, options.json,
      {.name = "--json",
       .type = "",
       .about = "Print one JSON object on standard output; all else goes to standard error"});
  flag_option(command, options.plain,
              {.name = "--plain", .type = "", .about = "No progress bar: one line a round"});
  command.add_option("--out", options.out, "Folder for the results (default: " + folder + ")")
      ->type_name("DIR");
}

void add_gathering_options(CLI::App& command, GatheringOptions& options) {
  count_option(command, options.devices, {.least = 1, .most = 1024},
               {.name = "--devices", .type = "N", .about = "How many devices, this one included"})
      ->required();
  text_option(command, options.listen,
              {.name = "--listen", .type = "ADDR:PORT", .about = "Where to listen"});
  text_option(command, options.token,
              {.name = "--token", .type = "WORD", .about = "A word that joiners must say"});
  text_option(
      command, options.wait,
      {.name = "--wait", .type = "TIME", .about = "How long to wait for the other devices"});
}

StartOptions start_options(const GatheringOptions& options) {
  StartOptions start;
  start.wait = wait_option(options.wait);
  start.devices = options.devices;
  start.token = token_option(options.token);
  start.run_id = random_run_id();
  return start;
}

void add_json_option(CLI::App& command, bool& json) {
  flag_option(command, json,
              {.name = "--json", .type = "", .about = "Print one JSON object on standard output"});
}

void add_gap_option(CLI::App& command, bool& gap) {
  flag_option(
      command, gap,
      {.name = "--gap",
       .type = "",
       .about = "Find the least value f* when the run is over, and say how far above it f is"});
}

ProgressOptions progress_options(const ConsoleOptions& options, const std::string& label) {
  winsize size{};
  const bool has_size = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0;
  ProgressOptions progress =
      options_for({.is_terminal = !options.plain && isatty(STDERR_FILENO) != 0,
                   .width = has_size ? size.ws_col : 0,
                   .term = std::getenv("TERM"),
                   .no_color = std::getenv("NO_COLOR")});
  progress.label = label;
  progress.every = options.line_every;
  return progress;
}

Console::Console(const ConsoleOptions& options, const std::string& label, const std::string& suffix)
    : options_(options),
      artefacts_(artefacts_for(options, suffix)),
      progress_(std::cerr, progress_options(options, label)),
      complaint_(artefacts_) {
  take_folder();
  observers_.add(progress_);
  observers_.add(artefacts_);
  observers_.add(complaint_);
}

/// Before anyone waits for the run. A new folder is made when it begins.
void Console::take_folder() {
  const bool is_new = options_.resume.empty() && options_.out.empty();
  if (is_new) {
    made_.emplace(options_.all_runs);
    return require_writable(options_.all_runs);
  }
  artefacts_.take_folder();
  require_writable(artefacts_.folder());
  if (!options_.out.empty()) require_unused(options_.out);
}

void Console::show(const transport::LobbyEvent& event) {
  std::cerr << "  " << printable(event.what, 300) << "   (" << event.present.size() << " of "
            << event.wanted << " devices)\n"
            << std::flush;
}

void Console::show_interrupted() const {
  std::cerr << "\nEnding in order, after the round under way; Ctrl-C again ends at once.\n"
            << std::flush;
}

void Console::Complaint::complain() {
  if (said_ || artefacts_.problem().empty()) return;
  said_ = true;
  tell(ErrorCode::cannot_write, artefacts_.problem());
}

void Console::Complaint::checkpointed(const Checkpointed& event) {
  const auto sentence = checkpoints_.hear(event);
  if (sentence.empty()) return;
  tell(checkpoints_.is_missing() ? std::optional(ErrorCode::cannot_write) : std::nullopt, sentence);
}

std::string Console::how_to_go_on(const RunFinished& run) const {
  return "To go on from round " + std::to_string(complaint_.checkpoints().newest()) +
         ": the same command with --resume " + artefacts_.folder().string() +
         (options_.out.empty() ? "" : " instead of --out") +
         (run.virtual_seconds || run.workers == 1 ? "" : ", on every device with its own folder") +
         ".\n";
}

std::string folder_suffix(std::string device) {
  std::ranges::replace_if(
      device, [](unsigned char c) { return c == '/' || c < ' '; }, '_');
  return "-" + device;
}

void Console::settle(RunFinished& run) const {
  const bool incomplete = !artefacts_.problem().empty() || complaint_.checkpoints().is_missing();
  if (run.exit_code != 0 || !incomplete) return;
  run.error = ErrorCode::cannot_write;
  run.exit_code = devices::exit_code(*run.error);
  run.exit_reason =
      "all steps were taken, but not all results could be written: free some space, or give "
      "another folder with --out, and start it again";
}

void Console::close(RunFinished& run) const {
  settle(run);
  const bool has_begun = run.workers > 0;
  if (!has_begun) {  // nothing but the reason is known
    const auto measured = measured_line(run);
    std::cerr << (measured.empty() ? ending_line(run) : measured) << std::flush;
    return;
  }
  const bool to_error = options_.json || run.exit_code != 0;
  auto lines = closing_lines(run, artefacts_.folder());
  const bool is_cut = run.exit_code == kNetwork || run.exit_code == kInterrupted;
  if (is_cut && complaint_.checkpoints().newest() > 0) lines += how_to_go_on(run);
  (to_error ? std::cerr : std::cout) << lines << std::flush;
}

transport::Endpoint listen_option(const std::string& text) {
  if (auto at = parse_endpoint(text)) return *std::move(at);
  throw UsageError(ErrorCode::bad_option,
                   "--listen " + text + ": give ADDR:PORT, such as 0.0.0.0:7077");
}

devices::Duration measured_time_option(const std::string& text) {
  constexpr devices::Duration kShortest = std::chrono::milliseconds(100);
  constexpr devices::Duration kLongest = std::chrono::hours(1);
  const auto time = parse_duration(text);
  if (time && *time >= kShortest && *time <= kLongest) return *time;
  throw UsageError(ErrorCode::bad_option,
                   "--time " + printable(text) + ": give a time from 100ms to 1h, such as 10s");
}

devices::Duration wait_option(const std::string& text) {
  const auto wait = parse_duration(text);
  if (!wait) {
    throw UsageError(ErrorCode::bad_option, "--wait " + text +
                                                ": give a time such as 30s or 10m, at most " +
                                                to_text(kLongestDuration));
  }
  return *wait;
}

devices::LinkSpeed link_option(const std::string& text) {
  const auto link = parse_link(text);
  if (!link) {
    throw UsageError(
        ErrorCode::bad_option,
        "--link " + text +
            ": give RATE,DELAY such as 10mbit,2ms: a rate from 1bit to 1000000gbit, or "
            "none, and a delay of at most 1s");
  }
  return *link;
}

std::string token_option(const std::string& text) {
  if (text.size() > transport::kMaxName) {
    throw UsageError(ErrorCode::bad_option, "--token has " + std::to_string(text.size()) +
                                                " bytes: give at most " +
                                                std::to_string(transport::kMaxName));
  }
  return text;
}

void check_settings(const std::vector<std::string>& settings) {
  for (const auto& setting : settings) {
    const auto equals = setting.find('=');
    if (setting.find_first_not_of(" \t") < equals && equals != std::string::npos) continue;
    throw UsageError(ErrorCode::bad_option,
                     "--set " + printable(setting) + ": give KEY=VALUE, such as run.steps=1000");
  }
}

}  // namespace annulet::runtime
