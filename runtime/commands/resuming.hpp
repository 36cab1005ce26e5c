/// --resume, of the commands that train.
#pragma once

#include <cstddef>
#include <string>

#include "runtime/commands/console.hpp"
#include "runtime/resume.hpp"
#include "runtime/run_config.hpp"

namespace annulet::runtime {

/// Adds --resume, which goes with no --out.
void add_resume_option(CLI::App& command, ConsoleOptions& options);

/// What the folder of --resume has; says on standard error which files were passed over. Throws
/// CheckpointError, FileError.
[[nodiscard]] ReadResume read_resume_option(const std::string& folder, ResumedBy who);

/// Throws UsageError when the run had another number of devices.
void require_devices(const ResumeFrom& resume, std::size_t devices);

/// Throws ConfigError when the run file computes something else than the run began with.
void require_same_config(const ResumeFrom& resume, const RunConfig& config,
                         const std::string& file);

}  // namespace annulet::runtime
