/// "Did you mean": the known word that is nearest to a mistyped one.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace annulet::runtime {

/// The word of `known` with the smallest edit distance to `word` (insert, delete or replace a
/// character, or swap two neighbours), the first among equals. nullopt where even that one differs
/// in more than a third of its characters: a wild guess helps nobody.
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view word,
                                                      std::span<const std::string_view> known);

}  // namespace annulet::runtime
