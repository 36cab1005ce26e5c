/// A run file as a flat list of settings: the one file that knows toml++.
#include "runtime/run_file_settings.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <toml++/toml.h>

#include "model/decimal.hpp"
#include "model/number_text.hpp"
#include "model/utf8.hpp"
#include "runtime/run_config.hpp"
#include "runtime/run_file_guard.hpp"
#include "runtime/short_file.hpp"

namespace annulet::runtime {
namespace {

constexpr std::size_t kLongestShown = 60;  // bytes of a value that a message repeats
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::string_view kBareCharacters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

bool is_bare(std::string_view key) {
  return !key.empty() && key.find_first_not_of(kBareCharacters) == std::string_view::npos;
}

SettingValue value_of(const toml::node& node) {
  if (node.is_table()) return Table{};
  if (const auto* boolean = node.as_boolean()) return boolean->get();
  if (const auto* integer = node.as_integer()) return integer->get();
  if (const auto* number = node.as_floating_point()) return number->get();
  if (const auto* string = node.as_string()) return string->get();
  if (const auto* array = node.as_array()) {
    if (array->is_homogeneous(toml::node_type::string)) {
      std::vector<std::string> words;
      for (const auto& one : *array) words.push_back(one.value_or(std::string()));
      return words;
    }
    std::vector<std::int64_t> numbers;
    for (const auto& one : *array) numbers.push_back(one.value_or(std::int64_t{0}));
    return numbers;
  }
  throw std::logic_error("guarded() let through what no run file takes");
}

/// Appends node and all below it. Quoted keys stay quoted, so that "run.steps" is not run.steps.
void flatten(const std::string& key, const toml::node& node, std::size_t line,
             std::vector<Setting>& settings) {
  settings.push_back({.key = key, .value = value_of(node), .where = {}, .line = line});
  if (const auto* table = node.as_table()) {
    for (const auto& [child_key, child] : *table) {
      const auto name = child_key.str();
      auto child_key_path = key;
      child_key_path += '.';
      child_key_path += is_bare(name) ? std::string(name) : toml_string(name);
      flatten(child_key_path, child, child_key.source().begin.line, settings);
    }
  }
}

std::vector<Setting> flatten(const toml::table& document) {
  std::vector<Setting> settings;
  for (const auto& [key, node] : document) {
    const auto name = key.str();
    flatten(is_bare(name) ? std::string(name) : toml_string(name), node, key.source().begin.line,
            settings);
  }
  return settings;
}

/// One character inside a basic TOML string. Bytes of UTF-8 above 0x7f stay as they are.
std::string escaped(char c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x20 && byte != 0x7f) return {c};
  constexpr std::string_view kHex = "0123456789ABCDEF";
  return std::string("\\u00") + kHex[byte >> 4U] + kHex[byte & 0xfU];
}

/// A message is one line and holds no terminal codes, whatever the file is called.
std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    line += byte < 0x20 || byte == 0x7f ? escaped(c) : std::string{c};
  }
  return line;
}

[[noreturn]] void refuse_table(const std::string& where, std::string_view why) {
  throw ConfigError(ErrorCode::run_file_syntax,
                    where + ": the table is not TOML: " + one_line(why) +
                        R"(; one is { key = value, key = value }, words in quotes: "fixed")");
}

/// The settings of `key = value`, or nullopt where the value is not TOML. A value with a line break
/// is not: it could bring keys of its own. What begins like a table must be one.
std::optional<std::vector<Setting>> parse_value(const std::string& key, std::string_view value,
                                                const std::string& where) {
  if (value.find_first_of("\r\n") != std::string_view::npos) return std::nullopt;
  const auto safe = guarded("value = " + std::string(value));
  if (std::holds_alternative<Flaw>(safe)) return std::nullopt;
  try {
    const auto document = toml::parse(std::get<std::string>(safe));
    std::vector<Setting> settings;
    flatten(key, *document.get("value"), 0, settings);
    return settings;
  } catch (const toml::parse_error& error) {
    if (value.starts_with('{')) refuse_table(where, error.description());
    return std::nullopt;
  }
}

bool is_below(std::string_view key, std::string_view table) {
  return key.size() > table.size() && key.starts_with(table) && key[table.size()] == '.';
}

/// `old` gives way to a setting `key` that comes later.
bool is_replaced(const Setting& old, std::string_view key) {
  const bool scalar_above = is_below(key, old.key) && !std::holds_alternative<Table>(old.value);
  return old.key == key || is_below(old.key, key) || scalar_above;
}

/// At most kLongestShown bytes, cut before a whole character of UTF-8, never inside one.
std::string shortened(std::string_view text) {
  if (text.size() <= kLongestShown) return std::string(text);
  auto end = kLongestShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return std::string(text.substr(0, end)) + "...";
}

}  // namespace

std::vector<Setting> read_settings(std::string_view text, std::string_view name) {
  const auto label = one_line(name);
  if (text.size() > kLargestRunFile) {
    throw ConfigError(ErrorCode::run_file_syntax,
                      label + ":1: is larger than " + std::to_string(kLargestRunFile) +
                          " bytes; a run file holds settings, data stays in files of its own");
  }
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const auto safe = guarded(text);
  if (const auto* flaw = std::get_if<Flaw>(&safe)) {
    throw ConfigError(ErrorCode::run_file_syntax,
                      label + ":" + std::to_string(flaw->line) + ": " + std::string(flaw->what));
  }
  try {
    auto settings = flatten(toml::parse(std::get<std::string>(safe)));
    for (auto& setting : settings) setting.where = label + ":" + std::to_string(setting.line);
    std::ranges::stable_sort(settings, {}, &Setting::line);
    return settings;
  } catch (const toml::parse_error& error) {
    throw ConfigError(ErrorCode::run_file_syntax,
                      label + ":" + std::to_string(error.source().begin.line) + ": is not TOML: " +
                          one_line(error.description()) + "; a line is key = value, or [section]");
  }
}

std::string read_settings_file(const std::filesystem::path& file, std::string_view advice) {
  try {
    return read_short_file(file, kLargestRunFile + 1);
  } catch (const std::system_error& error) {
    throw ConfigError(
        ErrorCode::run_file_unreadable,
        file.string() + ": cannot be read: " + error.code().message() + "; " + std::string(advice));
  }
}

void apply_command_line(std::vector<Setting>& settings, std::string_view setting) {
  const auto where = "--set " + one_line(shortened(setting));
  const auto equals = setting.find('=');
  const auto key = one_line(model::trimmed(setting.substr(0, equals)));
  if (equals == std::string_view::npos || key.empty()) {
    throw ConfigError(ErrorCode::run_file_syntax,
                      where + ": must be section.key=value, such as --set run.steps=1000");
  }
  const auto value = model::trimmed(setting.substr(equals + 1));
  auto added =
      parse_value(key, value, where)
          .value_or(std::vector<Setting>{{.key = key, .value = std::string(value), .where = {}}});
  for (auto& one : added) {
    one.where = where;
    one.from_command_line = true;
  }
  std::erase_if(settings, [&](const Setting& old) { return is_replaced(old, key); });
  std::ranges::move(added, std::back_inserter(settings));
}

std::string toml_path(const model::DataPath& path) {
  if (path.images.empty()) return toml_string(path.file.native());
  return "{ images = " + toml_string(path.images.native()) +
         ", labels = " + toml_string(path.labels.native()) + " }";
}

bool fits_in_toml(std::string_view text) {
  while (!text.empty()) {
    const auto point = model::first_code_point(text);
    if (!point.valid) return false;
    text.remove_prefix(point.length);
  }
  return true;
}

std::string describe(const SettingValue& value) {
  struct Describe {
    std::string operator()(Table) const { return "a table"; }
    std::string operator()(bool boolean) const { return boolean ? "true" : "false"; }
    std::string operator()(std::int64_t integer) const { return std::to_string(integer); }
    std::string operator()(double number) const { return toml_float(number); }
    std::string operator()(const std::string& text) const { return toml_string(shortened(text)); }
    std::string operator()(const std::vector<std::int64_t>& numbers) const {
      std::string text;
      for (const auto number : numbers) text += (text.empty() ? "" : ", ") + std::to_string(number);
      return "[" + text + "]";
    }
    std::string operator()(const std::vector<std::string>& words) const {
      constexpr std::size_t kMostShown = 4;
      std::string text;
      for (std::size_t i = 0; i < std::min(words.size(), kMostShown); ++i) {
        text += (i == 0 ? "" : ", ") + toml_string(shortened(words[i]));
      }
      return "[" + text + (words.size() > kMostShown ? ", ..." : "") + "]";
    }
  };
  return std::visit(Describe{}, value);
}

std::string toml_string(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) result += escaped(c);
  return result + "\"";
}

std::string toml_float(double value) {
  std::string text = model::shortest_decimal(value);
  if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
  return text;
}

}  // namespace annulet::runtime
