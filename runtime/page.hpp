/// Pages of plots: a template with places, and data that cannot break out of it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace annulet::runtime {

/// JSON that an HTML parser cannot see an end tag or a comment in.
[[nodiscard]] std::string embeddable(std::string_view json);

/// The template with each {{name}} replaced once, in the order given: text that was put in is not
/// searched again. Throws std::logic_error where the template lacks one.
[[nodiscard]] std::string fill(
    std::string_view page, std::span<const std::pair<std::string_view, std::string_view>> parts);

/// Packed bytes as they stand in a page, for unpack.js: base64.
[[nodiscard]] std::string packed_text(std::span<const unsigned char> packed);

}  // namespace annulet::runtime
