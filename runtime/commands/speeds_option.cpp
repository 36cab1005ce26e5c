/// Boards, and boards that are some times slower.
#include "runtime/commands/speeds_option.hpp"

#include <algorithm>
#include <optional>

#include <CLI/CLI.hpp>

#include "devices/profile.hpp"
#include "model/number_text.hpp"
#include "runtime/commands/ending.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

/// The boards by name, for help and messages.
std::string known_profiles() {
  std::string names;
  for (const auto& profile : devices::profiles()) {
    names += (names.empty() ? "" : ", ") + std::string(profile.name);
  }
  return names;
}

/// Nothing where it is no board.
std::optional<double> speed_of(const std::string& board) {
  constexpr double kSlowest = 1e6;
  const auto slash = board.find('/');
  const auto profile = devices::find_profile(board.substr(0, slash));
  if (!profile) return {};
  if (slash == std::string::npos) return profile->flops_per_second;
  const auto divisor = model::parse_number(board.substr(slash + 1));
  const bool fits =
      divisor.flaw == model::NumberFlaw::none && divisor.value >= 1 && divisor.value <= kSlowest;
  return fits ? std::optional(profile->flops_per_second / divisor.value) : std::nullopt;
}

}  // namespace

void add_simulated_options(CLI::App& command, std::string& link, std::string& profile) {
  command.add_option("--link", link, "Rate and one-way delay of every link")
      ->capture_default_str()
      ->type_name("RATE,DELAY");
  command
      .add_option("--profile", profile,
                  "Speed of the boards: " + known_profiles() +
                      "; pi-4/4 is 4 times slower; of several, as in pi-4/4,pi-4, the last is of "
                      "all further devices")
      ->capture_default_str()
      ->type_name("BOARDS");
}

std::vector<double> speeds_option(const std::string& text, std::size_t devices) {
  std::vector<double> speeds;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    const auto board = text.substr(begin, end - begin);
    const auto speed = speed_of(board);
    if (!speed) {
      throw UsageError(
          ErrorCode::bad_option,
          "--profile " + text + ": " +
              (board.empty() ? std::string("a board is missing") : board + " is not known") +
              "; take one of " + known_profiles() +
              ", or several such as pi-4/4,pi-4, where the first is 4 times slower");
    }
    speeds.push_back(*speed);
    begin = end + 1;
  }
  if (speeds.size() <= devices) return speeds;
  throw UsageError(ErrorCode::bad_option,
                   "--profile " + text + " names " + counted_text(speeds.size(), "board") +
                       ", but there are only " + counted_text(devices, "device"));
}

}  // namespace annulet::runtime
