/// Writes JSON objects: log lines, --json, the header of a model file. What reads JSON is
/// runtime/safetensors_header.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace annulet::runtime {

/// `text` as a JSON string with its quotes. Invalid UTF-8 becomes U+FFFD, so that every reader
/// accepts the line; control characters are escaped.
[[nodiscard]] std::string json_string(std::string_view text);

/// One object, its keys in the order they were added. Adding a key twice is the caller's error.
/// Numbers are written so that they read back as the same bits; NaN and the infinities, which JSON
/// lacks, become null. An empty optional leaves its key out.
class JsonObject {
 public:
  JsonObject& add(std::string_view key, std::string_view value);
  /// Without this a string literal would convert to bool.
  JsonObject& add(std::string_view key, const char* value);
  JsonObject& add(std::string_view key, double value);
  JsonObject& add(std::string_view key, bool value);
  template <std::signed_integral Integer>
  JsonObject& add(std::string_view key, Integer value) {
    return add_raw(key, std::to_string(value));
  }
  template <std::unsigned_integral Integer>
  JsonObject& add(std::string_view key, Integer value) {
    return add_raw(key, std::to_string(value));
  }
  JsonObject& add(std::string_view key, const JsonObject& value);
  JsonObject& add(std::string_view key, std::span<const std::string> values);
  JsonObject& add(std::string_view key, std::span<const std::uint64_t> values);
  JsonObject& add(std::string_view key, std::span<const std::int64_t> values);
  JsonObject& add(std::string_view key, std::span<const JsonObject> values);
  template <class Value>
  JsonObject& add(std::string_view key, const std::optional<Value>& value) {
    if (value) add(key, *value);
    return *this;
  }

  /// Adds the members of another object.
  JsonObject& append(const JsonObject& other);

  /// The object on one line, without a line feed.
  [[nodiscard]] std::string text() const;

 private:
  JsonObject& add_raw(std::string_view key, std::string_view json);

  std::string members_;
};

}  // namespace annulet::runtime
