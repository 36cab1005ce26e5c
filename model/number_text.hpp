/// Decimal numbers in data files, and how messages quote what is none.
#pragma once

#include <string>
#include <string_view>

namespace annulet::model {

enum class NumberFlaw { none, no_number, out_of_range, not_finite };

struct ParsedNumber {
  float value = 0;
  NumberFlaw flaw = NumberFlaw::none;
};

/// The whole text as a decimal number, to the nearest float32; it may have a leading +. Too small
/// for float32 or even for double counts as 0, as -0 does; too large is out of range, inf and nan
/// are not finite.
[[nodiscard]] ParsedNumber parse_number(std::string_view text);
[[nodiscard]] inline bool is_number(std::string_view text) {
  return parse_number(text).flaw == NumberFlaw::none;
}

/// What is wrong with it, behind the number: " is not a number".
[[nodiscard]] std::string flaw_text(NumberFlaw flaw);

/// What a message shows of the file: short, and without bytes that a terminal would obey.
[[nodiscard]] std::string quoted(std::string_view text);

/// Without blanks and tabs at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

}  // namespace annulet::model
