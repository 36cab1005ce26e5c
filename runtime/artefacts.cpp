/// The folder of a run: model.safetensors, log.jsonl, rounds.csv, config.toml, report.html.
#include "runtime/artefacts.hpp"

#include <array>
#include <cmath>
#include <optional>
#include <system_error>
#include <utility>

#include "runtime/buffered_file.hpp"
#include "runtime/durable_file.hpp"
#include "runtime/event_log.hpp"
#include "runtime/model_file.hpp"
#include "runtime/report.hpp"
#include "runtime/rounds_csv.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

ModelMetadata about_model(const RunStarted& start, const RunFinished& end) {
  ModelMetadata about = {{"run", start.run_id},
                         {"model", start.model},
                         {"schedule", start.schedule},
                         {"steps", std::to_string(end.steps)},
                         {"rounds", std::to_string(end.rounds)},
                         {"devices", std::to_string(start.devices.size())},
                         {"seed", std::to_string(end.seed)}};
  if (end.model_hash) about.emplace("model_hash", hash_text(*end.model_hash));
  return about;
}

}  // namespace

/// The open files of a run that has started, or the reason why there are none.
class Artefacts::Files {
 public:
  Files(std::filesystem::path folder, WallTime wall_time)
      : folder_(std::move(folder)), wall_time_(std::move(wall_time)) {}

  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }

  void open(const RunStarted& event) {
    start_ = event;
    try {
      if (!folder_.empty()) std::filesystem::create_directories(folder_);
    } catch (const std::system_error& error) {
      note("cannot make the folder " + folder_.string() + ": " + error.code().message());
      return;
    }
    log_.emplace(folder_ / "log.jsonl");
    rounds_.emplace(folder_ / "rounds.csv");
    rounds_->append(rounds_csv_header());
    write_config();
  }

  template <class Event>
  void log(const Event& event) {
    if (log_) log_->append(log_line({wall_time_(), start_->run_id, start_->device}, event));
  }

  void add_round(const RoundDone& event) {
    if (keeps_round(event.round)) {
      write_round(event);
    } else {
      skipped_ = event;
    }
    constexpr double kSecondsBetweenWrites = 1;
    if (std::abs(event.seconds - flushed_at_) < kSecondsBetweenWrites) return;
    flushed_at_ = event.seconds;
    flush();
  }

  void flush() {
    if (!log_) return;
    log_->flush();
    rounds_->flush();
  }

  void close(const RunFinished& event, std::span<const float> x) {
    if (!log_) return;
    if (skipped_) write_round(*skipped_);
    log(event);
    flush();
    try {
      if (!x.empty()) {
        write_model_file(folder_ / "model.safetensors", x, about_model(*start_, event));
      }
    } catch (const std::system_error& error) {
      note(error.what());
    }
    if (start_->rank == 0 && problem().empty()) write_report_page();
  }

  [[nodiscard]] std::string problem() const {
    if (!problem_.empty()) return problem_;
    if (log_ && !log_->problem().empty()) return log_->problem();
    return rounds_ ? rounds_->problem() : "";
  }

 private:
  void note(const std::string& problem) {
    if (problem_.empty()) problem_ = problem;
  }

  void write_config() {
    const std::array<std::span<const std::byte>, 1> pieces = {
        std::as_bytes(std::span(start_->config_toml))};
    try {
      write_durably(folder_ / "config.toml", pieces);
    } catch (const std::system_error& error) {
      note(error.what());
    }
  }

  void write_round(const RoundDone& event) {
    log(event);
    if (rounds_) rounds_->append(rounds_csv_row(event));
    skipped_.reset();
  }

  void write_report_page() {
    const std::array runs = {folder_};
    try {
      write_report(runs, folder_ / "report.html");
    } catch (const std::runtime_error& error) {
      note(error.what());
    }
  }

  std::filesystem::path folder_;
  WallTime wall_time_;
  std::optional<RunStarted> start_;
  std::optional<BufferedFile> log_, rounds_;
  std::optional<RoundDone> skipped_;  // the last round, while it is not in the files
  double flushed_at_ = 0;             // on the run's clock
  std::string problem_;
};

Artefacts::Artefacts(std::filesystem::path folder, WallTime wall_time)
    : files_(std::make_unique<Files>(std::move(folder), std::move(wall_time))) {}

Artefacts::~Artefacts() = default;

void Artefacts::started(const RunStarted& event) {
  files_->open(event);
  files_->log(event);
}

void Artefacts::round_done(const RoundDone& event, std::span<const float> /*x*/) {
  files_->add_round(event);
}

void Artefacts::evaluated(const Evaluated& event) {
  files_->log(event);
  files_->flush();
}

void Artefacts::device_lost(const DeviceLost& event) {
  files_->log(event);
  files_->flush();
}

void Artefacts::finished(const RunFinished& event, std::span<const float> x) {
  files_->close(event, x);
}

const std::filesystem::path& Artefacts::folder() const noexcept { return files_->folder(); }

std::string Artefacts::problem() const {
  auto problem = files_->problem();
  if (problem.empty()) return problem;
  return problem +
         ". The run does not stop for that, but its results stay incomplete: free some space or "
         "give another folder with --out.";
}

}  // namespace annulet::runtime
