/// The words of a run file: unknown ones are errors with a suggestion.
#include "runtime/run_file_names.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "runtime/run_config.hpp"
#include "runtime/suggestion.hpp"

namespace annulet::runtime {
namespace {

constexpr auto kSections = std::to_array<std::string_view>(
    {"run", "model", "data", "train", "schedule", "outer", "round", "net", "output"});
constexpr auto kKeys = std::to_array<std::string_view>(
    {// run
     "run.steps", "run.start_step", "run.seed", "run.output", "run.average_shift", "run.time",
     "run.target_loss", "run.target_gap", "run.max_memory",
     // model
     "model.kind", "model.l2", "model.bias", "model.layers", "model.activation", "model.loss",
     "model.init",
     // data
     "data.train", "data.train.images", "data.train.labels", "data.test", "data.test.images",
     "data.test.labels", "data.label", "data.classes", "data.features", "data.scale",
     "data.partition", "data.sampling",
     // train
     "train.batch", "train.lr", "train.lr.kind", "train.lr.value", "train.lr.lr0", "train.lr.tau",
     "train.lr.mu", "train.lr.a", "train.lr.max", "train.lr.scale", "train.lr.from", "train.lr.to",
     "train.correct_drift", "train.drift_rate", "train.threads",
     // schedule
     "schedule.kind", "schedule.h", "schedule.alpha", "schedule.t0", "schedule.h_max",
     "schedule.horizon", "schedule.kappa", "schedule.guard", "schedule.budget",
     // outer
     "outer.momentum", "outer.rate",
     // round
     "round.weights", "round.pace",
     // net
     "net.peer_timeout", "net.compress", "net.overlap", "net.exchange", "net.streams",
     "net.congestion", "net.spin",
     // output
     "output.eval_every", "output.checkpoint_every"});

bool has(std::span<const std::string_view> words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

bool is_known(const FileWords& words, std::string_view key) {
  return has(words.keys, key) || has(words.sections, key);
}

std::string_view parent(std::string_view key) {
  const auto dot = key.rfind('.');
  return dot == std::string_view::npos ? std::string_view{} : key.substr(0, dot);
}

std::string_view leaf(std::string_view key) { return key.substr(key.rfind('.') + 1); }

std::string_view section(std::string_view key) { return key.substr(0, key.find('.')); }

/// The last words of all keys directly below a table; the sections for "".
std::vector<std::string_view> words_below(const FileWords& words, std::string_view table) {
  if (table.empty()) return {words.sections.begin(), words.sections.end()};
  std::vector<std::string_view> below;
  for (const auto key : words.keys) {
    if (parent(key) == table) below.push_back(leaf(key));
  }
  return below;
}

/// The key that an unknown one was meant to be: the same word elsewhere (in its own section
/// first), else a like word beside it, else, where there is no such table, a like key anywhere.
std::optional<std::string_view> meant_by(const FileWords& words, std::string_view key) {
  std::optional<std::string_view> same_word;
  for (const auto known : words.keys) {
    if (leaf(known) != leaf(key)) continue;
    if (!same_word || section(known) == section(key)) same_word = known;
  }
  if (same_word) return same_word;
  const auto below = words_below(words, parent(key));
  return below.empty() ? nearest(key, words.keys) : nearest(leaf(key), below);
}

/// What comes after "x is not a key of the run file".
std::string advice(const FileWords& words, std::string_view key) {
  if (const auto meant = meant_by(words, key)) return "did you mean " + std::string(*meant) + "?";
  const auto below = words_below(words, parent(key));
  if (below.empty() || parent(key).empty()) {
    return (words.sections.size() == 1 ? "its section is " : "its sections are ") +
           listed(words.sections, "and");
  }
  return std::string(parent(key)) + " takes " + listed(below, "and");
}

[[noreturn]] void fail(const Setting& setting, ErrorCode error, const std::string& message) {
  throw ConfigError(error, setting.where + ": " + setting.key + " " + message);
}

/// The keys of a kind without the empty ones.
std::vector<std::string_view> keys_of(const Kind& kind) {
  std::vector<std::string_view> keys(kind.keys.begin(), kind.keys.end());
  std::erase(keys, std::string_view{});
  return keys;
}

bool takes(const Kind& kind, std::string_view key) {
  return std::ranges::find(kind.keys, key) != kind.keys.end();
}

[[noreturn]] void fail_wrong_kind(const Setting& setting, std::string_view table,
                                  std::span<const Kind> kinds, const Kind& chosen) {
  std::vector<std::string_view> owners;
  for (const auto& kind : kinds) {
    if (takes(kind, leaf(setting.key))) owners.push_back(kind.name);
  }
  const auto own = keys_of(chosen);
  const auto takes_what = own.empty() ? "no keys" : listed(own, "and");
  fail(setting, ErrorCode::key_of_other_kind,
       "does not go with " + std::string(table) + ".kind " + std::string(chosen.name) +
           ", which takes " + takes_what + "; it belongs to " + listed(owners, "and"));
}

/// Throws where a section or train.lr is no table.
void check_table(const Setting& setting, const FileWords& words) {
  if (std::holds_alternative<Table>(setting.value)) return;
  if (has(words.sections, setting.key)) {
    fail(setting, ErrorCode::bad_value,
         "is " + describe(setting.value) + ", but must be a section: write [" + setting.key +
             "] and its keys below");
  }
  if (setting.key == "train.lr") {
    fail(setting, ErrorCode::bad_value,
         "is " + describe(setting.value) +
             R"(, but must be a table, such as { kind = "constant", value = 0.1 })");
  }
}

}  // namespace

std::string listed(std::span<const std::string_view> words, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " " + std::string(last) + " " : ", ";
    text += words[i];
  }
  return text;
}

FileWords run_file_words() noexcept {
  return {.file = "the run file", .sections = kSections, .keys = kKeys};
}

void check_names(std::span<const Setting> settings, const FileWords& words) {
  for (const auto& setting : settings) {
    if (is_known(words, setting.key)) {
      check_table(setting, words);
      continue;
    }
    const auto table = parent(setting.key);
    // Below a key that takes a single value: the one who reads that key will complain.
    if (is_known(words, table) && words_below(words, table).empty()) continue;
    const bool new_section = std::holds_alternative<Table>(setting.value) && table.empty();
    fail(setting, ErrorCode::unknown_key,
         std::string("is not a ") + (new_section ? "section" : "key") + " of " +
             std::string(words.file) + "; " + advice(words, setting.key));
  }
}

void keep_keys_of_kind(std::vector<Setting>& settings, std::string_view table,
                       std::span<const Kind> kinds, const Kind& chosen) {
  const auto kind_key = std::string(table) + ".kind";
  const bool kind_was_set = std::ranges::any_of(settings, [&](const Setting& setting) {
    return setting.key == kind_key && setting.from_command_line;
  });
  std::erase_if(settings, [&](const Setting& setting) {
    const bool concerned = parent(setting.key) == table && setting.key != kind_key;
    if (!concerned || takes(chosen, leaf(setting.key))) return false;
    if (!kind_was_set || setting.from_command_line) {
      fail_wrong_kind(setting, table, kinds, chosen);
    }
    return true;
  });
}

}  // namespace annulet::runtime
