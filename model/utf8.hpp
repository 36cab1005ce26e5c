/// Reads UTF-8 one code point at a time, telling valid bytes from bytes that only look like text.
#pragma once

#include <cstddef>
#include <string_view>

namespace annulet::model {

struct CodePoint {
  char32_t value = 0;      // 0 where invalid
  std::size_t length = 0;  // bytes taken, >= 1
  bool valid = false;
};

/// The first code point of `text`, which must not be empty. Overlong forms, surrogates, values
/// above 0x10FFFF and cut sequences are invalid and take one byte.
[[nodiscard]] CodePoint first_code_point(std::string_view text);

/// What to say of text in a data file that is not.
inline constexpr const char* kNotUtf8 = " is not UTF-8 text: save the file as UTF-8";

/// All of it is valid.
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace annulet::model
