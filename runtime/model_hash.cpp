/// What neighbours know each other's models by.
#include "runtime/model_hash.hpp"

#include "transport/bytes.hpp"

namespace annulet::runtime {

std::uint64_t hash_of(std::span<const float> x) {
  return transport::checksum(transport::bytes_of(x));
}

void ModelHash::add(std::span<const float> stretch) { sum_.add(transport::bytes_of(stretch)); }
std::uint64_t ModelHash::value() const { return sum_.value(); }

}  // namespace annulet::runtime
