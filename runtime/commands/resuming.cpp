/// --resume, of the commands that train.
#include "runtime/commands/resuming.hpp"

#include <CLI/CLI.hpp>

#include "runtime/commands/ending.hpp"
#include "runtime/disk.hpp"
#include "runtime/run_file.hpp"

namespace annulet::runtime {

void add_resume_option(CLI::App& command, ConsoleOptions& options) {
  command
      .add_option("--resume", options.resume,
                  "Go on from the checkpoints of a run, into its folder: runs/TIME")
      ->type_name("DIR")
      ->excludes("--out");
}

ReadResume read_resume_option(const std::string& folder, ResumedBy who) {
  RealDisk disk;
  auto resume = read_resume(disk, folder, who);
  for (const auto& sentence : resume.refused) {
    tell(ErrorCode::bad_checkpoint, sentence + ". It is passed over.");
  }
  return resume;
}

void require_devices(const ResumeFrom& resume, std::size_t devices) {
  const auto& members = resume.head().members;
  if (members.size() == devices) return;
  throw UsageError(ErrorCode::bad_option,
                   "--devices " + std::to_string(devices) + ": the run in " + resume.folder +
                       " goes on with the " + std::to_string(members.size()) + " devices it had (" +
                       names_text(members) + "): give --devices " + std::to_string(members.size()));
}

void require_same_config(const ResumeFrom& resume, const RunConfig& config,
                         const std::string& file) {
  RunConfig begun = config;
  settle_initial_model(begun, resume.head());
  const auto conflict = config_conflict(resume.head().config_toml, to_toml(begun));
  if (!conflict.empty())
    throw ConfigError(ErrorCode::checkpoint_does_not_fit, file + ": " + conflict);
}

}  // namespace annulet::runtime
