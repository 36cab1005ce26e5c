/// What toml++ 3.3 must not be given: legal or not, it answers with undefined behaviour.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace annulet::runtime {

struct Flaw {
  std::size_t line;       // from 1
  std::string_view what;  // "starts with [ but ..."
};

/// The first place where text is nothing a run file needs and toml++ 3.3 does not survive:
/// - a line that starts with "[" and no name, such as "[=" or "[[[": it breaks a promise the parser
///   makes to itself (it aborts, or does worse where assertions are off);
/// - an array: "[1,2,}" breaks another such promise;
/// - a byte above 0x7f outside quotes and comments: its table of white space calls some characters
///   unreachable code.
/// Strings over several lines are refused, too, so that a line alone says what is in quotes.
[[nodiscard]] std::optional<Flaw> find_flaw(std::string_view text);

}  // namespace annulet::runtime
