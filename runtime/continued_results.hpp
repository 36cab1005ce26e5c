/// The files of a run that goes on: what was written after its checkpoint is written again.
#pragma once

#include <cstdint>
#include <filesystem>

namespace annulet::runtime {

/// Leaves the head of rounds.csv and its rows up to `round`, and no half line. A file that is not
/// there gets its head; one that cannot be read stays as it is. Throws FileError.
void cut_rounds(const std::filesystem::path& rounds_csv, std::int64_t round);

/// Cuts off half a line at the end, as when the power went: what follows it could be read by
/// nobody. A file that is not there stays so. Throws FileError.
void cut_half_line(const std::filesystem::path& file);

}  // namespace annulet::runtime
