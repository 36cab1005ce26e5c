/// A run file as a flat list of settings: what the TOML says, before anyone asks what it means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/read_dataset.hpp"

namespace annulet::runtime {

/// Marks that a table of this name is there; its keys are settings of their own.
struct Table {
  bool operator==(const Table&) const = default;
};

using SettingValue = std::variant<Table, bool, std::int64_t, double, std::string,
                                  std::vector<std::int64_t>, std::vector<std::string>>;

struct Setting {
  std::string key;  // dotted, from the top: "train.lr.kind"
  SettingValue value;
  std::string where;  // what messages start with: "mnist.toml:18" or "--set schedule.h=4"
  std::size_t line = 0;
  bool from_command_line = false;
};

/// A run file larger than this is refused: it travels, and nobody writes one by hand.
inline constexpr std::size_t kLargestRunFile = 65'536;

/// Reads TOML into settings in the order of their lines. Throws ConfigError naming `name` and line.
[[nodiscard]] std::vector<Setting> read_settings(std::string_view text, std::string_view name);

/// The text of such a file; of one that is too large, enough for read_settings to say so. Throws
/// ConfigError (run_file_unreadable), which ends with `advice`: what to type.
[[nodiscard]] std::string read_settings_file(const std::filesystem::path& file,
                                             std::string_view advice);

/// Applies one "section.key=value" on top: it replaces the key, and all below it where it is a
/// table. The value is read as TOML where that parses, else taken as a string as it stands.
/// Throws ConfigError where there is no `=` or no key.
void apply_command_line(std::vector<Setting>& settings, std::string_view setting);

/// The value as messages show it: 0.5, "by-label", [64, 32], "a table". One line, never long.
[[nodiscard]] std::string describe(const SettingValue& value);

/// A TOML string on one line, in quotes, with everything escaped that needs it.
[[nodiscard]] std::string toml_string(std::string_view text);

/// A data path as run files have it: a string, or a table of an IDX pair.
[[nodiscard]] std::string toml_path(const model::DataPath& path);

/// Whether toml_string(text) can be read back: it can unless text is not UTF-8.
[[nodiscard]] bool fits_in_toml(std::string_view text);

/// A TOML float: the shortest that reads back as the same bits. value: finite.
[[nodiscard]] std::string toml_float(double value);

}  // namespace annulet::runtime
