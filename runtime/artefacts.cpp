/// The folder of a run: model.safetensors, log.jsonl, rounds.csv, config.toml, report.html.
#include "runtime/artefacts.hpp"

#include <cmath>
#include <exception>
#include <new>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "runtime/buffered_file.hpp"
#include "runtime/continued_results.hpp"
#include "runtime/durable_file.hpp"
#include "runtime/event_log.hpp"
#include "runtime/file_error.hpp"
#include "runtime/json_writer.hpp"
#include "runtime/model_file.hpp"
#include "runtime/report.hpp"
#include "runtime/results_folder.hpp"
#include "runtime/rounds_csv.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

/// "[-1,1]": values in a file's metadata are text, and this is what a program reads easily.
template <class Values, class ToJson>
std::string list_text(const Values& values, ToJson to_json) {
  std::string text;
  for (const auto& value : values) text += (text.empty() ? "" : ",") + to_json(value);
  return "[" + text + "]";
}

constexpr std::size_t kMostColumnsText = 65'536;  // longer names of columns are left out

/// What it takes to predict with x, and where x comes from.
ModelMetadata about_model(const RunStarted& start, const RunFinished& end) {
  ModelMetadata about = {{"run", start.run_id},
                         {"objective", start.model},
                         {"features", std::to_string(start.features)},
                         {"bias", start.bias ? "true" : "false"},
                         {"classes", std::to_string(start.labels.size())},
                         {"labels", list_text(start.labels, shortest_text)},
                         {"schedule", start.schedule},
                         {"step", std::to_string(end.steps)},
                         {"round", std::to_string(end.rounds)},
                         {"members", list_text(start.devices, json_string)},
                         {"output", end.output},
                         {"seed", std::to_string(end.seed)}};
  if (!start.layers.empty()) {
    const auto number = [](std::size_t width) { return std::to_string(width); };
    about.emplace("layers", list_text(start.layers, number));
    about.emplace("activation", start.activation);
    about.emplace("loss", start.loss);
  }
  if (end.model_hash) about.emplace("model_hash", hash_text(*end.model_hash));
  const auto& label = start.label;
  if (!label.name.empty()) about.emplace("label_name", label.name);
  if (label.number > 0) {
    about.emplace("label_number", std::to_string(label.number));
    about.emplace("label_format", start.format == model::DataFormat::fann ? "fann" : "csv");
  }
  if (!label.classes.empty()) {
    about.emplace("class_words", list_text(label.classes, json_string));
  }
  auto columns = list_text(start.columns, json_string);
  if (!start.columns.empty() && columns.size() <= kMostColumnsText) {
    about.emplace("columns", std::move(columns));
  }
  return about;
}

}  // namespace

/// The open files of a run that has started, or the reason why there are none.
class Artefacts::Files {
 public:
  Files(std::filesystem::path folder, WallTime wall_time, FolderUse use)
      : folder_(std::move(folder)), wall_time_(std::move(wall_time)), use_(use) {}

  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }

  void take() {
    if (own_) return;
    if (use_ == FolderUse::as_named) {
      own_.emplace(OwnFolder::make(folder_));
      return;
    }
    if (use_ == FolderUse::new_one) folder_ = make_new_folder(folder_);
    try {
      own_.emplace(OwnFolder::of(folder_));
    } catch (const std::system_error& error) {
      throw FileError(ErrorCode::no_checkpoint, error.code(),
                      "cannot read the folder " + folder_.string());
    }
  }

  void open(const RunStarted& event) {
    start_ = event;
    try {
      take();
    } catch (const std::runtime_error& error) {  // a UserError or a FileError
      note(error.what());
      return;
    }
    if (use_ == FolderUse::continued) {
      go_on(event.resumed);
    } else {
      log_.emplace(folder_ / "log.jsonl");
      rounds_.emplace(folder_ / "rounds.csv");
      rounds_->append(rounds_csv_header());
    }
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
    const auto file = folder_ / "model.safetensors";
    if (!x.empty()) {
      attempt(file, [&] {
        write_model_file(file, x, about_model(*start_, event),
                         start_->scale ? *start_->scale : model::Scale());
      });
    }
    closed_ = true;
    write_report_page();
  }

  void add_optimum(const OptimumKnown& event) {
    if (!log_) return;
    log(event);
    flush();
    if (closed_) write_report_page();
  }

  [[nodiscard]] std::string problem() const {
    if (!problem_.empty()) return problem_;
    if (log_ && !log_->problem().empty()) return log_->problem();
    return rounds_ ? rounds_->problem() : "";
  }

 private:
  void go_on(std::int64_t round) {
    const auto log = folder_ / "log.jsonl", rounds = folder_ / "rounds.csv";
    try {
      cut_rounds(rounds, round);
      cut_half_line(log);
    } catch (const FileError& error) {
      note(error.what());
      return;
    }
    log_.emplace(log, BufferedFile::Opening::appended_to);
    rounds_.emplace(rounds, BufferedFile::Opening::appended_to);
  }

  void note(const std::string& problem) {
    if (problem_.empty()) problem_ = problem;
  }

  /// Notes whatever it throws: an observer must not.
  template <class Write>
  void attempt(const std::filesystem::path& file, Write write) {
    try {
      write();
    } catch (const std::runtime_error& error) {  // a UserError or a FileError: names the file
      note(error.what());
    } catch (const std::bad_alloc&) {
      note("cannot write " + file.string() + ": the memory of this device is full");
    } catch (const std::exception& error) {
      note("cannot write " + file.string() + ": " + error.what());
    }
  }

  void write_config() {
    const auto file = folder_ / "config.toml";
    attempt(file, [&] { write_durably(file, start_->config_toml); });
  }

  void write_round(const RoundDone& event) {
    log(event);
    if (rounds_) rounds_->append(rounds_csv_row(event));
    skipped_.reset();
  }

  void write_report_page() {
    if (start_->rank != 0 || !problem().empty()) return;
    const auto file = folder_ / "report.html";
    attempt(file, [&] { write_report({&folder_, 1}, file); });
  }

  std::filesystem::path folder_;
  WallTime wall_time_;
  FolderUse use_;
  std::optional<OwnFolder> own_;
  std::optional<RunStarted> start_;
  std::optional<BufferedFile> log_, rounds_;
  std::optional<RoundDone> skipped_;  // the last round, while it is not in the files
  bool closed_ = false;
  double flushed_at_ = 0;  // on the run's clock
  std::string problem_;
};

Artefacts::Artefacts(std::filesystem::path folder, WallTime wall_time, FolderUse use)
    : files_(std::make_unique<Files>(std::move(folder), std::move(wall_time), use)) {}

Artefacts::~Artefacts() = default;

void Artefacts::take_folder() { files_->take(); }

void Artefacts::started(const RunStarted& event) {
  files_->open(event);
  files_->log(event);
}

void Artefacts::line_chosen(const LineChosen& event) { files_->log(event); }

void Artefacts::round_done(const RoundDone& event, std::span<const float> /*x*/) {
  files_->add_round(event);
}

void Artefacts::evaluated(const Evaluated& event) {
  files_->log(event);
  files_->flush();
}

void Artefacts::optimum(const OptimumKnown& event) { files_->add_optimum(event); }

/// Else a run that was killed would go on from a round whose row it lacks.
void Artefacts::checkpointing() { files_->flush(); }

void Artefacts::checkpointed(const Checkpointed& event) {
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
