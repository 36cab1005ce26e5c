/// The words of a run file: its sections, keys and kinds, and which key goes with which kind.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "model/iterate_average.hpp"
#include "runtime/run_file_settings.hpp"

namespace annulet::runtime {

/// "last", then the kinds of averages in the order of model::AverageKind.
inline constexpr std::array<std::string_view, 4> kOutputNames = {"last", "uniform", "linear",
                                                                 "quadratic"};
/// The words of an enum in the order of its values; name(kSamplingNames, sampling) is its word.
inline constexpr std::array<std::string_view, 3> kSamplingNames = {"replacement", "shuffle",
                                                                   "cyclic"};
inline constexpr std::array<std::string_view, 2> kScaleNames = {"none", "standard"};
inline constexpr std::array<std::string_view, 2> kActivationNames = {"tanh", "relu"};
inline constexpr std::array<std::string_view, 2> kLossNames = {"softmax", "squared"};
inline constexpr std::array<std::string_view, 2> kHorizonNames = {"start", "end"};
inline constexpr std::array<std::string_view, 4> kCompressNames = {"none", "f16", "q8", "q4"};
inline constexpr std::array<std::string_view, 2> kExchangeNames = {"ring", "auto"};
inline constexpr std::array<std::string_view, 3> kSpinNames = {"auto", "on", "off"};
inline constexpr std::array<std::string_view, 2> kWeightsNames = {"samples", "equal"};
inline constexpr std::array<std::string_view, 2> kPaceNames = {"steps", "time"};

template <class Enum, std::size_t N>
[[nodiscard]] constexpr std::string_view name(const std::array<std::string_view, N>& names,
                                              Enum value) {
  return names.at(static_cast<std::size_t>(value));
}

/// The word of run.output.
[[nodiscard]] constexpr std::string_view output_name(std::optional<model::AverageKind> output) {
  return kOutputNames.at(output ? 1 + static_cast<std::size_t>(*output) : 0);
}

/// A kind of schedule or step size and the keys that only some kinds have (unused ones are empty).
struct Kind {
  std::string_view name;
  std::array<std::string_view, 8> keys;
};

/// In the order of model::StepSizeKind.
inline constexpr std::array kStepSizes = {Kind{"constant", {"value"}},
                                          Kind{"inverse", {"lr0", "tau"}},
                                          Kind{"paper", {"mu", "a"}},
                                          Kind{"inverse-sqrt", {"lr0", "tau"}},
                                          Kind{"capped-inverse", {"max", "scale"}},
                                          Kind{"linear", {"from", "to"}}};

/// "a, b or c", or with another last word: how messages list what is allowed.
[[nodiscard]] std::string listed(std::span<const std::string_view> words, std::string_view last);

/// What may stand in a kind of file, and what messages call it.
struct FileWords {
  std::string_view file;  // "the run file"
  std::span<const std::string_view> sections;
  std::span<const std::string_view> keys;  // dotted, from the top: "train.lr.kind"
};

[[nodiscard]] FileWords run_file_words() noexcept;

/// Throws ConfigError at the first setting that is none of these words, with a suggestion, and at a
/// section or train.lr that is no table.
void check_names(std::span<const Setting> settings, const FileWords& words);

/// Checks the keys below `table` (such as "schedule") against the chosen kind. A key of another
/// kind is a ConfigError, with one exception: where the command line chose the kind, the file's
/// keys for its own kind are stale, and are dropped without a word.
void keep_keys_of_kind(std::vector<Setting>& settings, std::string_view table,
                       std::span<const Kind> kinds, const Kind& chosen);

}  // namespace annulet::runtime
