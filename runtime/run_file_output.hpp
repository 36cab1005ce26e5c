/// Reads run.output and run.average_shift.
#pragma once

#include "runtime/run_config.hpp"
#include "runtime/run_file_reader.hpp"

namespace annulet::runtime {

/// lr: what train.lr is, whose a "paper" means. Throws ConfigError.
void read_output(const RunFileReader& reader, const model::StepSizeOptions& lr, RunSection& run);

}  // namespace annulet::runtime
