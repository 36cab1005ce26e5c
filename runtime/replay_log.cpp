/// Reads the rounds of a run out of its log.jsonl.
#include <algorithm>
#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "runtime/replay.hpp"
#include "runtime/run_file_ends.hpp"
#include "runtime/text.hpp"
#include "transport/messages.hpp"

namespace annulet::runtime {
namespace {

using nlohmann::json;

constexpr auto kNoLog = ErrorCode::no_run_folder;
constexpr std::uintmax_t kLargestLog = 1'000'000'000;

std::optional<std::int64_t> whole(const json& value, std::int64_t least) {
  if (!value.is_number_integer()) return {};
  const auto number = value.get<std::int64_t>();
  return number >= least && number <= kSteps.most ? std::optional(number) : std::nullopt;
}

std::optional<std::int64_t> whole(const json& object, const char* key, std::int64_t least) {
  const auto found = object.find(key);
  return found == object.end() ? std::nullopt : whole(*found, least);
}

std::optional<std::uint64_t> hash_of_text(const json& object, const char* key) {
  constexpr std::size_t kDigits = 16;
  const auto found = object.find(key);
  std::string text;
  if (found != object.end() && found->is_string()) text = found->get<std::string>();
  std::uint64_t hash = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, hash, 16);
  const bool whole = error == std::errc{} && stop == end && text.size() == kDigits;
  return whole ? std::optional(hash) : std::nullopt;
}

/// Takes in line after line.
class LogReader {
 public:
  explicit LogReader(std::string file) { replay_.file = std::move(file); }

  void take(std::string_view line) {
    ++line_;
    const auto event = json::parse(line, nullptr, false);
    if (!event.is_object()) {
      fail("is no line of a log; give the folder of a run, or its log.jsonl");
    }
    const auto kind = event.find("ev");
    if (kind == event.end() || !kind->is_string()) {
      fail("has no event; give the folder of a run, or its log.jsonl");
    }
    if (*kind == "start") take_start(event);
    if (*kind == "round") take_round(event);
  }

  Replay finish() && {
    if (replay_.rounds.empty()) throw ReplayError(kNoLog, replay_.file + " has no round to replay");
    return std::move(replay_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw ReplayError(kNoLog, replay_.file + ":" + std::to_string(line_) + " " + what);
  }

  void take_start(const json& event) {
    const auto devices = event.find("devices");
    const bool fits = devices != event.end() && devices->is_array() && !devices->empty() &&
                      devices->size() <= transport::kMaxMembers &&
                      (!started_ || devices->size() == replay_.devices);
    if (!fits) fail("has devices that cannot be");
    replay_.devices = devices->size();
    // A run that goes on takes the rounds after its checkpoint again.
    const auto resumed = event.contains("resumed") ? whole(event, "resumed", 0) : 0;
    if (!resumed || *resumed > rounds()) {
      fail("goes on after a round that the log does not have");
    }
    if (*resumed == 0 && rounds() > 0) fail("begins a second run: one log, one run");
    replay_.rounds.resize(static_cast<std::size_t>(*resumed));
    started_ = true;
  }

  void take_round(const json& event) {
    if (!started_) fail("is a round of a run whose beginning the log does not have");
    const auto number = whole(event, "round", 1);
    const auto step = whole(event, "step", 1), h = whole(event, "h", 1);
    const auto hash = hash_of_text(event, "model_hash");
    if (!number || !step || !h || !hash || *step < *h) fail("is no whole round");
    ReplayedRound round{.begin = *step - *h, .h = *h, .steps = {}, .model_hash = *hash};
    const bool follows = *number == rounds() + 1 && (rounds() == 0 || round.begin == replay_.end());
    if (!follows) {
      fail("is round " + std::to_string(*number) + " to step " + std::to_string(*step) +
           ", which does not follow on the one before");
    }
    take_steps(event, round);
    replay_.rounds.push_back(std::move(round));
  }

  void take_steps(const json& event, ReplayedRound& round) const {
    const auto all = event.find("all_steps");
    if (all == event.end()) return;
    if (!all->is_array() || all->size() != replay_.devices) fail("is no whole round");
    for (const auto& one : *all) {
      const auto steps = whole(one, 0);
      if (!steps || *steps > round.h) fail("has a device that took more steps than H");
      round.steps.push_back(*steps);
    }
  }

  [[nodiscard]] std::int64_t rounds() const {
    return static_cast<std::int64_t>(replay_.rounds.size());
  }

  Replay replay_;
  std::size_t line_ = 0;
  bool started_ = false;
};

}  // namespace

Replay parse_replay(std::string_view lines, std::string file) {
  LogReader reader(std::move(file));
  while (!lines.empty()) {
    const auto end = std::min(lines.find('\n'), lines.size());
    reader.take(lines.substr(0, end));
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return std::move(reader).finish();
}

Replay read_replay(const std::filesystem::path& log) {
  std::error_code failed;
  const auto file = std::filesystem::is_directory(log, failed) ? log / "log.jsonl" : log;
  const auto name = printable(file.string(), file.string().size());
  const auto size = std::filesystem::file_size(file, failed);
  if (failed) {
    throw ReplayError(kNoLog, "cannot read " + name + ": " + failed.message() +
                                  "; give the folder of a run, or its log.jsonl");
  }
  if (size > kLargestLog) {
    throw ReplayError(
        kNoLog, name + " has " + bytes_text(static_cast<double>(size)) + ", more than a log has");
  }
  std::string text(static_cast<std::size_t>(size), '\0');
  std::ifstream stream(file, std::ios::binary);
  if (!stream.read(text.data(), static_cast<std::streamsize>(size))) {
    throw ReplayError(kNoLog, "cannot read " + name + ": it changed or is not readable");
  }
  return parse_replay(text, name);
}

}  // namespace annulet::runtime
