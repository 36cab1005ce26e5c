/// What a run says at its ends: the opening lines, the --json object, the closing lines, two runs
/// side by side.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/json_writer.hpp"
#include "runtime/observer.hpp"

namespace annulet::runtime {

/// What run this is, how long it lasts, and where it begins or goes on.
[[nodiscard]] std::string opening_lines(const RunStarted& run);

/// Adds the keys of --json that apply; values that are not known are left out: of a run that never
/// began all but its end. model_hash is a string of 16 hexadecimal digits.
void add_summary(JsonObject& object, const RunFinished& run);

/// "annulet: AN101: sentence" and a line feed, without tricks in it; no code where the user wanted
/// it so.
[[nodiscard]] std::string error_line(std::optional<devices::ErrorCode> error,
                                     const std::string& sentence);

/// The same of how a run ended, and what to do when a device was lost.
[[nodiscard]] std::string ending_line(const RunFinished& run);

/// That a ring was measured, and who shows what came of it; "" of any other end.
[[nodiscard]] std::string measured_line(const RunFinished& run);

/// How it ended, what was sent, and which files are in `folder` (empty: none were written).
[[nodiscard]] std::string closing_lines(const RunFinished& run,
                                        const std::filesystem::path& folder);

/// How far the search for f* has come.
[[nodiscard]] std::string search_line(const SearchStep& step);

/// f* and how near to it the search came. `known` has an f_star.
[[nodiscard]] std::string optimum_line(const OptimumKnown& known);

/// A run and the head of its column.
struct NamedRun {
  std::string_view name;
  const RunFinished& run;
};

/// Rounds, bytes sent, time and test accuracy of two runs, and how the second differs from the
/// first. Rows that either run cannot fill are left out.
[[nodiscard]] std::string comparison_table(const NamedRun& first, const NamedRun& second);

}  // namespace annulet::runtime
