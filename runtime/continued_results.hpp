/// The files of a run that goes on: what was written after its checkpoint is written again.
#pragma once

#include <cstdint>
#include <filesystem>

namespace annulet::runtime {

/// Leaves the head of rounds.csv and its rows up to `round`, and no half line. A file that is not
/// there gets its head; one that cannot be read stays as it is. Throws FileError.
void cut_rounds(const std::filesystem::path& rounds_csv, std::int64_t round);

/// Does a file that is there end in the middle of a line, as when the power went?
[[nodiscard]] bool ends_within_line(const std::filesystem::path& file);

}  // namespace annulet::runtime
