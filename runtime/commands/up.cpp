/// annulet up: takes part in one run after another, for ever: what a service runs.
#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <system_error>
#include <unistd.h>
#include <vector>

#include <CLI/CLI.hpp>

#include "devices/service_manager.hpp"
#include "model/byte_source.hpp"
#include "runtime/between_runs.hpp"
#include "runtime/checkpoint_folder.hpp"
#include "runtime/checkpoint_store.hpp"
#include "runtime/commands/commands.hpp"
#include "runtime/commands/console.hpp"
#include "runtime/commands/device_options.hpp"
#include "runtime/commands/ending.hpp"
#include "runtime/commands/text_option.hpp"
#include "runtime/device_file.hpp"
#include "runtime/observers.hpp"
#include "runtime/results_folder.hpp"
#include "runtime/resume.hpp"
#include "runtime/summary.hpp"
#include "runtime/text.hpp"
#include "runtime/wall_time.hpp"
#include "runtime/wiring.hpp"

namespace annulet::runtime {
namespace {

constexpr std::size_t kLongestReason = 300;  // of what comes from the starter
constexpr double kLineEvery = 60;            // seconds: a journal is kept for long

struct UpArguments {
  std::string config = "/etc/annulet/annulet.toml";
};

void say(const std::string& line) { std::cerr << line << '\n' << std::flush; }

/// What the device is doing, in one line: `systemctl status` shows it.
class Doing final : public Observer {
 public:
  void become(std::string what) {
    what_ = std::move(what);
    round_.reset();
  }
  void started(const RunStarted& run) override {
    is_training_ = true;
    become("in run " + printable(run.run_id) + " of " + std::to_string(run.devices.size()) +
           " devices");
  }
  void round_done(const RoundDone& round, std::span<const float> /*x*/) override { round_ = round; }
  void measured(const RingMeasured& ring) override {
    become("measuring a ring of " + std::to_string(ring.devices.size()) + " devices");
  }
  void finished(const RunFinished& /*run*/, std::span<const float> /*x*/) override {
    is_training_ = false;
  }

  [[nodiscard]] bool is_training() const noexcept { return is_training_; }
  [[nodiscard]] std::string text() const {
    if (!round_) return what_;
    return what_ + ": round " + count_text(round_->round) + ", step " + count_text(round_->step);
  }

 private:
  std::string what_;
  bool is_training_ = false;
  std::optional<RoundDone> round_;
};

/// Said at the start, where somebody looks, and not first in a run that others wait in.
void require_readable(const model::DataPath& data, const std::string& config) {
  for (const auto& path : {data.file, data.images, data.labels}) {
    if (path.empty()) continue;
    if (::access(path.c_str(), R_OK) == 0) {
      static_cast<void>(model::open_bytes(path));  // throws where it is no file
      continue;
    }
    const std::error_code why(errno, std::generic_category());
    throw model::DataError(
        ErrorCode::data_unreadable,
        "cannot read " + path.string() + ", device.data in " + config + ": " + why.message() +
            ". Put the data where this user may read them, a service not below /home: sudo "
            "install -D -m 644 FILE /srv/annulet/FILE");
  }
}

/// The folders of the last few runs, the newest first: their names begin with the time. A run that
/// goes on is among them.
std::vector<std::filesystem::path> newest_folders(const std::filesystem::path& all_runs) {
  constexpr std::size_t kFew = 8;
  std::vector<std::filesystem::path> folders;
  std::error_code passing;  // a folder may go while others are looked at
  for (std::filesystem::directory_iterator at(all_runs, passing), end; !passing && at != end;
       at.increment(passing)) {
    std::error_code gone;
    if (at->is_directory(gone)) folders.push_back(at->path());
  }
  std::ranges::sort(folders, std::ranges::greater());
  if (folders.size() > kFew) folders.resize(kFew);
  return folders;
}

/// How a run ended, in one line.
std::string end_line(const RunFinished& run, const std::filesystem::path& folder) {
  if (run.error) return ending_line(run);
  if (auto measured = measured_line(run); !measured.empty()) return measured;
  const auto lines = closing_lines(run, {});
  return lines.substr(0, lines.find('\n')) + "   " + folder.string() + '\n';
}

/// The device of a device file, from one run to the next.
class StandingDevice {
 public:
  StandingDevice(const DeviceFile& file, const std::string& config)
      : file_(file),
        starter_(printable(file.starter.text(), kLongestReason)),
        manager_(devices::ServiceEnvironment::of_process()) {
    console_options_.plain = true;
    console_options_.line_every = kLineEvery;
    console_options_.all_runs = file.folder;
    DeviceOptions options;
    options.data = file.data.string();
    options.name = file.name;
    device_ = device_of(options);
    if (device_.session.own_data) require_readable(*device_.session.own_data, config);
    device_.checkpoints = &checkpoints_;
    device_.interrupted = [this] { stop(); };
    device_.session.find_resume = [this](std::uint64_t run_id) { return checkpoints_of(run_id); };
    device_.session.goes_on = [this](const ResumeFrom& resume) { go_on_with(resume); };
    if (manager_.is_there()) {
      device_.pulse.every = pulse();
      device_.pulse.beat = [this] { manager_.alive(doing_.text()); };
    }
    make_folder(file.folder);  // and it stays, as there will be runs
    begin_console(console_options_);
  }

  /// Until a signal asks for an end.
  void serve() {
    Member member(device_);
    begin_waiting();
    manager_.ready(doing_.text());
    while (!member.rest(take_part(member))) begin_console(console_options_);
    say("stopped, as asked");
  }

 private:
  /// Half of what the watchdog waits, and often enough for a status.
  [[nodiscard]] devices::Duration pulse() const {
    constexpr devices::Duration kStatus = std::chrono::seconds(5);
    constexpr devices::Duration kShortest = std::chrono::milliseconds(10);
    const auto watchdog = manager_.watchdog();
    return watchdog ? std::clamp<devices::Duration>(*watchdog / 2, kShortest, kStatus) : kStatus;
  }

  /// For the run that comes next.
  void begin_console(const ConsoleOptions& options) {
    console_ = std::make_unique<Console>(options, "", folder_suffix(device_.session.name));
    observers_ = {};
    observers_.add(console_->observer());
    observers_.add(doing_);
  }

  /// Its results go where those of the run before have gone.
  void go_on_with(const ResumeFrom& resume) {
    ConsoleOptions options = console_options_;
    options.resume = resume.folder;
    begin_console(options);
    say("going on with the run in " + resume.folder);
  }

  /// On the thread of files: this device's checkpoints of that run.
  [[nodiscard]] std::shared_ptr<ResumeFrom> checkpoints_of(std::uint64_t run_id) {
    for (const auto& folder : newest_folders(file_.folder)) {
      if (!is_of_run(folder, run_id)) continue;
      auto read = read_resume(disk_, folder, ResumedBy::device);
      return std::make_shared<ResumeFrom>(std::move(read.devices.front()));
    }
    return nullptr;
  }

  [[nodiscard]] bool is_of_run(const std::filesystem::path& folder, std::uint64_t run_id) {
    const auto newest = find_checkpoints(disk_, folder, 1).files;
    if (newest.empty() || newest.front().size() != 1) return false;
    const auto& head = newest.front().front().head;
    return head.run_id == run_id && head.rank != 0;
  }

  void do_now(std::string what) {
    if (is_stopping_ || what == doing_.text()) return;
    doing_.become(std::move(what));
    manager_.doing(doing_.text());
  }

  void begin_waiting() {
    since_ = utc_now();
    doing_.become("waiting for " + starter_ + " since " + since_);
  }

  void stop() {
    is_stopping_ = true;
    if (doing_.is_training()) console_->show_interrupted();
    manager_.stopping("ending in order: " + doing_.text());
  }

  /// One dial, and the run it leads to; how long to rest then.
  devices::Duration take_part(Member& member) {
    JoinOptions how;
    how.starter = file_.starter;
    how.token = file_.token;
    how.redial = how.wait;  // BetweenRuns says when to dial again
    how.joined = [this](const std::string& name) {
      // A starter that refuses this device each time would fill the journal.
      if (!is_refused_again_) say("joined as " + printable(name) + "; waiting for the others");
      do_now("joined as " + printable(name) + "; waiting for the others");
    };
    RunFinished end = member.join(how, observers_);
    const bool was_in_a_run = end.workers > 0;
    if (was_in_a_run) console_->settle(end);
    const bool was_stopped = !was_in_a_run && !end.error && end.exit_code != 0;
    return was_stopped ? devices::Duration{} : conclude_run(end);
  }

  devices::Duration conclude_run(const RunFinished& end) {
    const auto next = between_runs_.after(end);
    const auto reason = printable(end.exit_reason, kLongestReason);
    using enum BetweenRuns::Line;
    is_refused_again_ = next.line == again;
    if (next.line == ended || next.line == again) {
      if (next.line == ended) {
        std::cerr << end_line(end, console_->folder()) << std::flush;
        begin_waiting();
      }
      do_now("resting for " + seconds_text(devices::seconds(next.rest)) + " after: " + reason);
    } else {
      const auto waiting = "waiting for " + starter_ + " since " + since_ + ". " + reason;
      if (next.line == waits) say(waiting);
      do_now(waiting);
    }
    return next.rest;
  }

  DeviceFile file_;
  std::string starter_, since_;
  devices::ServiceManager manager_;
  ConsoleOptions console_options_;
  std::unique_ptr<Console> console_;  // of the run that is, or comes
  Doing doing_;
  Observers observers_;  // both
  BetweenRuns between_runs_;
  bool is_stopping_ = false;
  bool is_refused_again_ = false;  // for the reason that was said already
  RealDisk disk_;
  DeviceCheckpoints checkpoints_{disk_, [this] { return console_->folder(); }};
  RealDevice device_;
};

void up(const UpArguments& options) {
  StandingDevice device(read_device_file(options.config), options.config);
  device.serve();
}

}  // namespace

void add_up_command(CLI::App& program, int& exit_code) {
  const auto options = std::make_shared<UpArguments>();
  auto* command = program.add_subcommand(
      "up", "Take part in one run after another, for ever: what annulet.service runs");
  command->footer(
      "The file has a section [device] with starter = \"192.168.1.20:7077\", and where wanted "
      "data,\n"
      "name, token and folder (docs/service.md). Ctrl-C or SIGTERM ends it after the round under\n"
      "way, with exit code 0.\n"
      "Example: annulet up --config my-device.toml");
  text_option(*command, options->config,
              {.name = "--config", .type = "FILE", .about = "The device file (TOML)"});
  command->callback(
      [options, &exit_code] { exit_code = conclude(false, [&](Ending&) { up(*options); }); });
}

}  // namespace annulet::runtime
