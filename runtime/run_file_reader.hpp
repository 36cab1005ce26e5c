/// Typed values out of the settings of a run file, or another file: each missing or wrong one is a
/// one-line ConfigError.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "devices/units.hpp"
#include "runtime/run_file_names.hpp"
#include "runtime/run_file_settings.hpp"

namespace annulet::runtime {

struct WholeRange {
  std::int64_t least;
  std::int64_t most;
};

struct DurationRange {
  devices::Duration least;
  devices::Duration most;
};

/// In bytes.
struct SizeRange {
  std::uint64_t least;
  std::uint64_t most;
};

class RunFileReader {
 public:
  /// Checks all names. `name` is what messages about missing keys call the file.
  RunFileReader(std::vector<Setting> settings, std::string name,
                const FileWords& words = run_file_words());

  [[nodiscard]] const Setting* find(std::string_view key) const;
  /// Throws where the key is missing, showing `example` as what to add.
  void require(std::string_view key, std::string_view example) const;
  /// Throws "KEY is VALUE, but must be ...".
  [[noreturn]] static void fail(const Setting& setting, std::string_view must_be);

  /// nullopt (or the fallback) where the key is missing, as for all that follow.
  [[nodiscard]] std::optional<std::int64_t> whole(std::string_view key, WholeRange range) const;
  /// A list of 1 to `most` such numbers.
  [[nodiscard]] std::optional<std::vector<std::int64_t>> wholes(std::string_view key,
                                                                WholeRange range,
                                                                std::size_t most) const;
  [[nodiscard]] std::optional<double> positive(std::string_view key) const;
  struct Bounds {
    double least, most;  // both belong
  };
  /// Fails outside the bounds, which must_be says in words: "a number from 0 to 1".
  [[nodiscard]] std::optional<double> within(std::string_view key, Bounds bounds,
                                             std::string_view must_be) const;
  [[nodiscard]] std::optional<double> not_negative(std::string_view key) const;
  [[nodiscard]] bool flag(std::string_view key, bool fallback) const;
  [[nodiscard]] std::optional<std::string> text(std::string_view key,
                                                std::string_view must_be) const;
  [[nodiscard]] std::optional<std::vector<std::string>> texts(std::string_view key,
                                                              std::string_view must_be) const;
  [[nodiscard]] std::optional<devices::Duration> duration(std::string_view key,
                                                          DurationRange range) const;
  /// The same, or 0 where it says 0 or "0".
  [[nodiscard]] std::optional<devices::Duration> duration_or_none(std::string_view key,
                                                                  DurationRange range) const;
  [[nodiscard]] std::optional<std::uint64_t> size(std::string_view key, SizeRange range) const;

  /// The index of the key's word in `words`, or `fallback`.
  [[nodiscard]] std::size_t word(std::string_view key, std::span<const std::string_view> words,
                                 std::size_t fallback) const;
  /// The index of TABLE.kind in `kinds`, or `fallback`; then keep_keys_of_kind.
  [[nodiscard]] std::size_t kind(std::string_view table, std::span<const Kind> kinds,
                                 std::size_t fallback);

 private:
  [[nodiscard]] std::optional<devices::Duration> duration(std::string_view key, DurationRange range,
                                                          const std::string& must_be) const;
  [[nodiscard]] std::optional<double> number(std::string_view key, bool zero_too,
                                             std::string_view must_be) const;

  std::vector<Setting> settings_;
  std::string name_;
};

}  // namespace annulet::runtime
