/// Cuts text where it is too long.
#include "transport/cut.hpp"

namespace annulet::transport {

std::string_view cut(std::string_view text, std::size_t max) {
  if (text.size() <= max) return text;
  const auto continues = [&](std::size_t i) {
    return (static_cast<unsigned char>(text[i]) & 0xc0U) == 0x80U;
  };
  std::size_t end = max;
  while (end > 0 && continues(end)) --end;
  return text.substr(0, end);
}

}  // namespace annulet::transport
