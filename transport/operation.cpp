/// How a vector is cut.
#include "transport/operation.hpp"

#include <algorithm>

namespace annulet::transport {

Segment segment(std::size_t d, std::size_t size, std::size_t s) noexcept {
  const std::size_t base = d / size, longer = d % size;
  const std::size_t begin = s * base + std::min(s, longer);
  return {begin, begin + base + (s < longer ? 1 : 0)};
}

}  // namespace annulet::transport
