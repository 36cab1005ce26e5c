/// Reads and writes boards that were measured.
#include "runtime/profile_file.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <variant>

#include "runtime/run_config.hpp"
#include "runtime/run_file_names.hpp"
#include "runtime/run_file_reader.hpp"
#include "runtime/run_file_settings.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

constexpr std::array<std::string_view, 3> kProfileKeys{"flops_per_second", "measured", "board"};

void require_known(const Setting& setting) {
  if (std::ranges::find(kProfileKeys, setting.key) != kProfileKeys.end()) return;
  throw ConfigError(ErrorCode::unknown_key, setting.where + ": " + setting.key +
                                                " is not a key of a profile, which has " +
                                                listed(kProfileKeys, "and"));
}

double speed_in(const Setting& setting) {
  double speed = 0;
  if (const auto* number = std::get_if<double>(&setting.value)) speed = *number;
  if (const auto* whole = std::get_if<std::int64_t>(&setting.value)) {
    speed = static_cast<double>(*whole);
  }
  // Slower and faster is no board, and no time that can be counted.
  if (speed >= 1000 && speed <= 1e18) return speed;
  RunFileReader::fail(setting, "a number from 1000 to 1e18");
}

std::string words_in(const Setting& setting) {
  if (const auto* words = std::get_if<std::string>(&setting.value)) return *words;
  RunFileReader::fail(setting, "a string");
}

}  // namespace

std::string to_toml(const MeasuredProfile& profile) {
  const auto text = [](const std::string& words) {
    return toml_string(fits_in_toml(words) ? words : printable(words));
  };
  std::string file =
      "# A board as `annulet bench step` measured it: --profile of `annulet simulate` and `annulet "
      "plan`\n# takes this file.\n";
  file += "flops_per_second = " + toml_float(profile.flops_per_second) + '\n';
  if (!profile.measured.empty()) file += "measured = " + text(profile.measured) + '\n';
  if (!profile.board.empty()) file += "board = " + text(profile.board) + '\n';
  return file;
}

MeasuredProfile read_profile_file(const std::filesystem::path& file) {
  const auto settings =
      read_settings(read_settings_file(file, "give the path of a profile"), file.string());
  MeasuredProfile profile;
  for (const auto& setting : settings) {
    require_known(setting);
    if (setting.key == "flops_per_second") profile.flops_per_second = speed_in(setting);
    if (setting.key == "measured") profile.measured = words_in(setting);
    if (setting.key == "board") profile.board = words_in(setting);
  }
  if (profile.flops_per_second > 0) return profile;
  throw ConfigError(ErrorCode::missing_key,
                    file.string() +
                        ":1: flops_per_second is missing; make a profile on the board itself: "
                        "annulet bench step --profile FILE.toml");
}

}  // namespace annulet::runtime
