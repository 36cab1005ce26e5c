/// Reads and writes run files (TOML): the only configuration there is.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "model/catalogue.hpp"
#include "runtime/run_config.hpp"
#include "runtime/schedule.hpp"

namespace annulet::runtime {

/// Reads `file`, then applies settings of the form "section.key=value" (--set) on top. Relative
/// data paths are taken from the run file's folder and made absolute; model.kind must be in the
/// catalogue, schedule.kind in `schedules`. Throws ConfigError.
[[nodiscard]] RunConfig read_run_file(
    const std::filesystem::path& file, std::span<const std::string> settings,
    const model::Catalogue& catalogue = model::Catalogue::builtin(),
    const Schedules& schedules = Schedules::builtin());

/// The same from text (what travelled, or a test's); `name` is what messages call it and `folder`
/// is where relative paths start.
[[nodiscard]] RunConfig parse_run_file(
    std::string_view text, std::string_view name, const std::filesystem::path& folder,
    std::span<const std::string> settings,
    const model::Catalogue& catalogue = model::Catalogue::builtin(),
    const Schedules& schedules = Schedules::builtin());

/// A run file that reads back as the same config, every key written out: of a schedule that is
/// not in `schedules`, its name.
[[nodiscard]] std::string to_toml(const RunConfig& config,
                                  const Schedules& schedules = Schedules::builtin());

}  // namespace annulet::runtime
