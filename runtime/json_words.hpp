/// A JSON list of strings, as model files have it in their metadata.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace annulet::runtime {

/// Of ["a","b"] the strings; nothing where the text is anything else. Takes memory in proportion to
/// the text.
[[nodiscard]] std::optional<std::vector<std::string>> parse_words(std::string_view text);

}  // namespace annulet::runtime
