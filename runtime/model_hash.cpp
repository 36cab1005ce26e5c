/// What neighbours know each other's models by.
#include "runtime/round.hpp"
#include "transport/bytes.hpp"
#include "transport/checksum.hpp"

namespace annulet::runtime {

std::uint64_t hash_of(std::span<const float> x) {
  return transport::checksum(transport::bytes_of(x));
}

}  // namespace annulet::runtime
