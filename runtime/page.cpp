/// Filling in templates.
#include "runtime/page.hpp"

#include <stdexcept>

#include <cereal/external/base64.hpp>

namespace annulet::runtime {

std::string embeddable(std::string_view json) {
  std::string text;
  for (const char c : json) {
    if (c == '<') {
      text += "\\u003c";
    } else {
      text += c;
    }
  }
  return text;
}

std::string fill(std::string_view page,
                 std::span<const std::pair<std::string_view, std::string_view>> parts) {
  std::string filled;
  for (const auto& [place, text] : parts) {
    const auto at = page.find(place);
    if (at == std::string_view::npos)
      throw std::logic_error("the page's template lacks " + std::string(place));
    filled += page.substr(0, at);
    filled += text;
    page.remove_prefix(at + place.size());
  }
  return filled.append(page);
}

std::string packed_text(std::span<const unsigned char> packed) {
  return cereal::base64::encode(packed.data(), packed.size());
}

}  // namespace annulet::runtime
