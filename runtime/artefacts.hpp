/// The folder of a run: model.safetensors, log.jsonl, rounds.csv, config.toml, report.html.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "runtime/observer.hpp"

namespace annulet::runtime {

/// Tells the time of day, for log lines: "2026-11-22T14:21:58.412Z". Of a simulation too it is that
/// of this machine; virtual time is in the events.
using WallTime = std::function<std::string()>;

/// What to do where the folder named is there already: write into it, make a new one beside it, or
/// go on with the run whose folder it is: log.jsonl grows, rounds.csv from the checkpoint's round.
enum class FolderUse { as_named, new_one, continued };

/// Writes the artefacts of one run into `folder` (made when the run starts); report.html only on
/// the device of rank 0. Lines wait in memory for about a second of the run's own time, so that an
/// SD card is written rarely; from round 10^4 on only some rounds are kept (keeps_round), always
/// the last. A full disk or a read-only folder never ends a run: the first failure is kept in
/// problem(), writing of that file stops.
class Artefacts final : public Observer {
 public:
  Artefacts(std::filesystem::path folder, WallTime wall_time, FolderUse use = FolderUse::as_named);
  ~Artefacts() override;

  /// Takes the folder at once, instead of when the run starts: no other process can write into it
  /// then, nor read a run from it to go on with. One that was made for this goes again if it stays
  /// empty. Throws UserError when another has it, and FileError. Not for a new one.
  void take_folder();

  void started(const RunStarted& event) override;
  void line_chosen(const LineChosen& event) override;
  void round_done(const RoundDone& event, std::span<const float> x) override;
  void evaluated(const Evaluated& event) override;
  /// After the end it is added to the log, and the page is written again.
  void optimum(const OptimumKnown& event) override;
  void checkpointing() override;
  void checkpointed(const Checkpointed& event) override;
  void device_lost(const DeviceLost& event) override;
  void finished(const RunFinished& event, std::span<const float> x) override;

  /// Once the run has started: where they are.
  [[nodiscard]] const std::filesystem::path& folder() const noexcept;
  /// One line for the user, or empty: which file could not be written and why.
  [[nodiscard]] std::string problem() const;

 private:
  class Files;
  std::unique_ptr<Files> files_;
};

}  // namespace annulet::runtime
