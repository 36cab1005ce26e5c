/// Writes JSON objects: log lines, --json, the header of a model file. Nothing here reads JSON.
#include "runtime/json_writer.hpp"

#include <array>
#include <cmath>

#include "model/utf8.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

std::string control_escape(char32_t c) {
  switch (c) {
    case U'\b':
      return "\\b";
    case U'\t':
      return "\\t";
    case U'\n':
      return "\\n";
    case U'\f':
      return "\\f";
    case U'\r':
      return "\\r";
    default: {
      constexpr std::array kDigits = {'0', '1', '2', '3', '4', '5', '6', '7',
                                      '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
      return std::string("\\u00") + kDigits[c >> 4U & 0xFU] + kDigits[c & 0xFU];
    }
  }
}

template <class Values, class ToJson>
std::string json_array(const Values& values, ToJson to_json) {
  std::string text = "[";
  for (const auto& value : values) {
    if (text.size() > 1) text += ',';
    text += to_json(value);
  }
  return text + "]";
}

}  // namespace

std::string json_string(std::string_view text) {
  std::string json = "\"";
  while (!text.empty()) {
    const auto point = model::first_code_point(text);
    if (!point.valid) {
      json += kReplacement;
    } else if (point.value == U'"' || point.value == U'\\') {
      json += '\\';
      json += text.front();
    } else if (point.value < 0x20 || point.value == 0x7F) {
      json += control_escape(point.value);
    } else {
      json += text.substr(0, point.length);
    }
    text.remove_prefix(point.length);
  }
  return json + '"';
}

JsonObject& JsonObject::add(std::string_view key, std::string_view value) {
  return add_raw(key, json_string(value));
}

JsonObject& JsonObject::add(std::string_view key, const char* value) {
  return add(key, std::string_view(value));
}

JsonObject& JsonObject::add(std::string_view key, double value) {
  return add_raw(key, std::isfinite(value) ? shortest_text(value) : "null");
}

JsonObject& JsonObject::add(std::string_view key, bool value) {
  return add_raw(key, value ? "true" : "false");
}

JsonObject& JsonObject::add(std::string_view key, const JsonObject& value) {
  return add_raw(key, value.text());
}

JsonObject& JsonObject::add(std::string_view key, std::span<const std::string> values) {
  return add_raw(key, json_array(values, [](const auto& value) { return json_string(value); }));
}

JsonObject& JsonObject::add(std::string_view key, std::span<const std::uint64_t> values) {
  return add_raw(key, json_array(values, [](auto value) { return std::to_string(value); }));
}

JsonObject& JsonObject::add(std::string_view key, std::span<const std::int64_t> values) {
  return add_raw(key, json_array(values, [](auto value) { return std::to_string(value); }));
}

JsonObject& JsonObject::add(std::string_view key, std::span<const JsonObject> values) {
  return add_raw(key, json_array(values, [](const auto& value) { return value.text(); }));
}

JsonObject& JsonObject::append(const JsonObject& other) {
  if (!members_.empty() && !other.members_.empty()) members_ += ',';
  members_ += other.members_;
  return *this;
}

std::string JsonObject::text() const { return "{" + members_ + "}"; }

JsonObject& JsonObject::add_raw(std::string_view key, std::string_view json) {
  if (!members_.empty()) members_ += ',';
  members_ += json_string(key);
  members_ += ':';
  members_ += json;
  return *this;
}

}  // namespace annulet::runtime
