/// Cuts text where it is too long.
#pragma once

#include <cstddef>
#include <string_view>

namespace annulet::transport {

/// The longest prefix of at most `max` bytes that ends between two UTF-8 characters.
[[nodiscard]] std::string_view cut(std::string_view text, std::size_t max);

}  // namespace annulet::transport
