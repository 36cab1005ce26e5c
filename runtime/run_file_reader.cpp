/// Typed values out of a run file's settings: each missing or wrong one is a one-line ConfigError.
#include "runtime/run_file_reader.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "runtime/durations.hpp"
#include "runtime/run_config.hpp"
#include "runtime/suggestion.hpp"

namespace annulet::runtime {

RunFileReader::RunFileReader(std::vector<Setting> settings, std::string name,
                             const FileWords& words)
    : settings_(std::move(settings)), name_(std::move(name)) {
  check_names(settings_, words);
}

const Setting* RunFileReader::find(std::string_view key) const {
  const auto setting = std::ranges::find(settings_, key, &Setting::key);
  return setting == settings_.end() ? nullptr : &*setting;
}

void RunFileReader::require(std::string_view key, std::string_view example) const {
  if (find(key) != nullptr) return;
  const std::string table(key.substr(0, key.rfind('.')));
  // What is not there has no line: the one of its section, else the first.
  const auto* section = find(table);
  const auto where = section == nullptr ? name_ + ":1" : section->where;
  throw ConfigError(ErrorCode::missing_key, where + ": " + std::string(key) + " is missing; add " +
                                                std::string(example) + " to [" + table + "]");
}

void RunFileReader::fail(const Setting& setting, std::string_view must_be) {
  throw ConfigError(ErrorCode::bad_value, setting.where + ": " + setting.key + " is " +
                                              describe(setting.value) + ", but must be " +
                                              std::string(must_be));
}

std::optional<std::int64_t> RunFileReader::whole(std::string_view key, WholeRange range) const {
  const auto* setting = find(key);
  if (setting == nullptr) return std::nullopt;
  const auto* value = std::get_if<std::int64_t>(&setting->value);
  if (value == nullptr || *value < range.least || *value > range.most) {
    fail(*setting, "a whole number from " + std::to_string(range.least) + " to " +
                       std::to_string(range.most));
  }
  return *value;
}

std::optional<std::vector<std::int64_t>> RunFileReader::wholes(std::string_view key,
                                                               WholeRange range,
                                                               std::size_t most) const {
  const auto* setting = find(key);
  if (setting == nullptr) return std::nullopt;
  const auto* values = std::get_if<std::vector<std::int64_t>>(&setting->value);
  const auto fits = [&](std::int64_t value) { return value >= range.least && value <= range.most; };
  if (values == nullptr || values->empty() || values->size() > most ||
      !std::ranges::all_of(*values, fits)) {
    fail(*setting, "1 to " + std::to_string(most) + " whole numbers from " +
                       std::to_string(range.least) + " to " + std::to_string(range.most) +
                       ", such as [64, 32]");
  }
  return *values;
}

std::optional<double> RunFileReader::number(std::string_view key, bool zero_too,
                                            std::string_view must_be) const {
  const auto* setting = find(key);
  if (setting == nullptr) return std::nullopt;
  double value = -1;
  if (const auto* real = std::get_if<double>(&setting->value)) value = *real;
  if (const auto* integer = std::get_if<std::int64_t>(&setting->value)) {
    value = static_cast<double>(*integer);
  }
  if (!std::isfinite(value) || value < 0 || (value == 0 && !zero_too)) fail(*setting, must_be);
  return value;
}

std::optional<double> RunFileReader::positive(std::string_view key) const {
  return number(key, false, "a finite number > 0");
}

std::optional<double> RunFileReader::within(std::string_view key, Bounds bounds,
                                            std::string_view must_be) const {
  const auto value = number(key, true, must_be);
  if (value && !(*value >= bounds.least && *value <= bounds.most)) fail(*find(key), must_be);
  return value;
}

std::optional<double> RunFileReader::not_negative(std::string_view key) const {
  return number(key, true, "a finite number >= 0");
}

std::optional<std::uint64_t> RunFileReader::size(std::string_view key, SizeRange range) const {
  const auto* setting = find(key);
  if (setting == nullptr) return std::nullopt;
  const auto* text = std::get_if<std::string>(&setting->value);
  const auto size = text == nullptr ? std::nullopt : parse_size(*text);
  if (!size || *size < range.least || *size > range.most) {
    fail(*setting, "a size from " + exact_size_text(range.least) + " to " +
                       exact_size_text(range.most) + R"(, such as "64MB")");
  }
  return size;
}

bool RunFileReader::flag(std::string_view key, bool fallback) const {
  const auto* setting = find(key);
  if (setting == nullptr) return fallback;
  const auto* value = std::get_if<bool>(&setting->value);
  if (value == nullptr) fail(*setting, "true or false");
  return *value;
}

std::optional<std::string> RunFileReader::text(std::string_view key,
                                               std::string_view must_be) const {
  const auto* setting = find(key);
  if (setting == nullptr) return std::nullopt;
  const auto* value = std::get_if<std::string>(&setting->value);
  if (value == nullptr) fail(*setting, must_be);
  return *value;
}

std::optional<std::vector<std::string>> RunFileReader::texts(std::string_view key,
                                                             std::string_view must_be) const {
  const auto* setting = find(key);
  if (setting == nullptr) return std::nullopt;
  const auto* values = std::get_if<std::vector<std::string>>(&setting->value);
  if (values == nullptr) fail(*setting, must_be);
  return *values;
}

std::optional<devices::Duration> RunFileReader::duration(std::string_view key,
                                                         DurationRange range) const {
  return duration(key, range,
                  "a duration from " + to_text(range.least) + " to " + to_text(range.most) +
                      R"(, such as "5s")");
}

std::optional<devices::Duration> RunFileReader::duration_or_none(std::string_view key,
                                                                 DurationRange range) const {
  const auto* setting = find(key);
  if (setting == nullptr) return std::nullopt;
  if (setting->value == SettingValue(std::int64_t{0}) ||
      setting->value == SettingValue(std::string("0"))) {
    return devices::Duration{};
  }
  return duration(key, range,
                  "a duration from " + to_text(range.least) + " to " + to_text(range.most) +
                      R"(, such as "2m", or "0" for none)");
}

std::optional<devices::Duration> RunFileReader::duration(std::string_view key, DurationRange range,
                                                         const std::string& must_be) const {
  const auto written = text(key, must_be);
  if (!written) return std::nullopt;
  const auto value = parse_duration(*written);
  if (!value || *value < range.least || *value > range.most) fail(*find(key), must_be);
  return value;
}

std::size_t RunFileReader::word(std::string_view key, std::span<const std::string_view> words,
                                std::size_t fallback) const {
  const auto must_be = listed(words, "or");
  const auto written = text(key, must_be);
  if (!written) return fallback;
  const auto found = std::ranges::find(words, *written);
  if (found == words.end()) {
    const auto meant = nearest(*written, words);
    fail(*find(key), must_be + (meant ? "; did you mean " + std::string(*meant) + "?" : ""));
  }
  return static_cast<std::size_t>(found - words.begin());
}

std::size_t RunFileReader::kind(std::string_view table, std::span<const Kind> kinds,
                                std::size_t fallback) {
  std::vector<std::string_view> names(kinds.size());
  std::ranges::transform(kinds, names.begin(), &Kind::name);
  const auto index = word(std::string(table) + ".kind", names, fallback);
  keep_keys_of_kind(settings_, table, kinds, kinds[index]);
  return index;
}

}  // namespace annulet::runtime
