/// Boards, and boards that are some times slower.
#include "runtime/commands/speeds_option.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include <CLI/CLI.hpp>

#include "devices/profile.hpp"
#include "model/number_text.hpp"
#include "runtime/commands/ending.hpp"
#include "runtime/commands/text_option.hpp"
#include "runtime/profile_file.hpp"
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

constexpr std::string_view kFile = ".toml";

/// A board and how many times slower: "pi-4/4", "kitchen.toml/4", whose path may have slashes.
struct Board {
  std::string name, divisor;
  bool is_file = false;
};

Board board_of(const std::string& text) {
  const auto last = text.rfind('/');
  if (text.ends_with(kFile)) return {text, "", true};
  if (last != std::string::npos && text.substr(0, last).ends_with(kFile)) {
    return {text.substr(0, last), text.substr(last), true};
  }
  const auto slash = std::min(text.find('/'), text.size());
  return {text.substr(0, slash), text.substr(slash), false};
}

/// Nothing where it is no board.
std::optional<double> speed_of(const std::string& text) {
  constexpr double kSlowest = 1e6;
  const auto board = board_of(text);
  const auto known = devices::find_profile(board.name);
  if (!board.is_file && !known) return {};
  const double speed =
      board.is_file ? read_profile_file(board.name).flops_per_second : known->flops_per_second;
  if (board.divisor.empty()) return speed;
  const auto divisor = model::parse_number(board.divisor.substr(1));
  const bool fits =
      divisor.flaw == model::NumberFlaw::none && divisor.value >= 1 && divisor.value <= kSlowest;
  return fits ? std::optional(speed / divisor.value) : std::nullopt;
}

}  // namespace

void add_simulated_options(CLI::App& command, std::string& link, std::string& profile) {
  text_option(
      command, link,
      {.name = "--link", .type = "RATE,DELAY", .about = "Rate and one-way delay of every link"});
  command
      .add_option(
          "--profile", profile,
          "Speed of the boards: " + known_profiles() +
              ", or a FILE.toml of annulet bench step --profile; pi-4/4 is 4 times slower; of "
              "several, as in pi-4/4,pi-4, the last is of all further devices")
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
              ", a FILE.toml of annulet bench step --profile, or several such as pi-4/4,pi-4, "
              "where the first is 4 times slower");
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
