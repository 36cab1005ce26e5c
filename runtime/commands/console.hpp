/// What the commands that train have in common: options, progress, artefacts, closing words.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "devices/units.hpp"
#include "runtime/artefacts.hpp"
#include "runtime/checkpoint_news.hpp"
#include "runtime/observers.hpp"
#include "runtime/progress.hpp"
#include "runtime/results_folder.hpp"
#include "runtime/session_options.hpp"
#include "transport/link.hpp"
#include "transport/starter.hpp"

namespace CLI {
class App;
}

namespace annulet::runtime {

struct ConsoleOptions {
  bool json = false;
  bool plain = false;
  double line_every = 0;  // seconds between the lines of rounds
  std::string out;        // folder of the artefacts; "": a new one in all_runs
  std::string resume;     // folder of a run to go on with; "": a new run
  std::filesystem::path all_runs = "runs";
};

/// Makes sure that the standard streams stay what they are: one that is closed is opened on
/// /dev/null, or a socket would take its number and get our words; one whose reader has gone does
/// not end the program, nor does a file that grows beyond what is allowed, which then is an error
/// like a full disk. To be called first.
void prepare_standard_streams();

/// Adds --json, --plain and --out; `folder` is said to be where results go without the last.
void add_console_options(CLI::App& command, ConsoleOptions& options,
                         const std::string& folder = "runs/TIME");

/// How a device gathers others.
struct GatheringOptions {
  std::size_t devices = 0;
  std::string listen = "0.0.0.0:7077", token, wait = "10m";
};
/// Adds --devices, --listen, --token and --wait.
void add_gathering_options(CLI::App& command, GatheringOptions& options);
/// What they say, for a run of a new number. Throws UsageError.
[[nodiscard]] StartOptions start_options(const GatheringOptions& options);

/// Adds --json, of a command whose other words go to standard output without it.
void add_json_option(CLI::App& command, bool& json);

/// Adds --gap.
void add_gap_option(CLI::App& command, bool& gap);

/// Watches one run: progress on standard error, artefacts in a folder.
class Console {
 public:
  /// Takes the folder of --out or --resume: to be made before anything is read from there. Throws
  /// UserError, FileError. label: what the progress bar calls the run; suffix: ends the default
  /// folder's name.
  explicit Console(const ConsoleOptions& options, const std::string& label = {},
                   const std::string& suffix = {});

  [[nodiscard]] Observer& observer() noexcept { return observers_; }
  /// Where the results are, once the run has started.
  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return artefacts_.folder(); }
  /// Who has come, one line each, on standard error.
  static void show(const transport::LobbyEvent& event);
  /// Answers the first Ctrl-C, on standard error.
  void show_interrupted() const;
  /// A run that is done but whose results are incomplete gets another code and reason.
  void settle(RunFinished& run) const;
  /// The same, and the last words. On standard error where standard output is for the --json
  /// object.
  void close(RunFinished& run) const;

 private:
  /// Says once, when it happens, that the results cannot be written, and each time that checkpoints
  /// begin to fail or are written again.
  class Complaint final : public Observer {
   public:
    explicit Complaint(const Artefacts& artefacts) : artefacts_(artefacts) {}
    void started(const RunStarted&) override { complain(); }
    void evaluated(const Evaluated&) override { complain(); }
    void checkpointed(const Checkpointed& event) override;
    void finished(const RunFinished&, std::span<const float>) override { complain(); }

    [[nodiscard]] const CheckpointNews& checkpoints() const noexcept { return checkpoints_; }

   private:
    void complain();
    const Artefacts& artefacts_;
    bool said_ = false;
    CheckpointNews checkpoints_;
  };

  void take_folder();
  [[nodiscard]] std::string how_to_go_on(const RunFinished& run) const;

  ConsoleOptions options_;
  std::optional<MadeFolders> made_;  // around the artefacts' own
  Artefacts artefacts_;
  Progress progress_;
  Complaint complaint_;
  Observers observers_;
};

/// The values of --listen, --wait, --time (of what is measured), --link and --token. Throw
/// UsageError.
[[nodiscard]] transport::Endpoint listen_option(const std::string& text);
[[nodiscard]] devices::Duration measured_time_option(const std::string& text);
[[nodiscard]] devices::Duration wait_option(const std::string& text);
[[nodiscard]] devices::LinkSpeed link_option(const std::string& text);
[[nodiscard]] std::string token_option(const std::string& text);

/// Each --set must be KEY=VALUE; whether they exist and fit is the run file's business. Throws
/// UsageError.
void check_settings(const std::vector<std::string>& settings);

/// What ends the name of a joiner's folder: nothing in the device's name may lead elsewhere.
[[nodiscard]] std::string folder_suffix(std::string device);

/// How the progress of a run should look on this standard error.
[[nodiscard]] ProgressOptions progress_options(const ConsoleOptions& options,
                                               const std::string& label);

}  // namespace annulet::runtime
