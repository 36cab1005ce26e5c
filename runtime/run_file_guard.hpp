/// Makes the text of a run file safe for toml++ 3.3, which answers some texts with undefined
/// behaviour.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace annulet::runtime {

/// Why a text is refused.
struct Flaw {
  std::size_t line;       // from 1
  std::string_view what;  // "has an array; ..."
};

/// The same document in ASCII (comments dropped, characters in double quotes as \u escapes, lines
/// where they were), or the first flaw: something no run file needs and toml++ 3.3 does not
/// survive.
/// - A line that starts with "[" and no name, such as "[=" or "[[[", breaks a promise the parser
///   makes to itself: it aborts, or does worse where assertions are off.
/// - An array or a date: "[1,2,}" and "2024-01-01T:" break other such promises. Two forms of array
///   pass: after a "=", on one line, with commas between them, up to 16 whole numbers of up to 9
///   digits, such as [64, 32], or up to 1,024 strings, such as ["no", "yes"].
/// - A character outside ASCII: the parser's table of white space calls some unreachable code.
/// - A string over several lines, so that a line alone says what is in quotes.
/// - A name of thousands of parts, "a.a.a...": each is a table within a table, and who walks them
///   down runs out of stack. (Tables in braces toml++ itself lets go 256 deep.)
[[nodiscard]] std::variant<std::string, Flaw> guarded(std::string_view text);

}  // namespace annulet::runtime
