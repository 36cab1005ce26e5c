/// In place of runtime/model_hash.cpp: no model is hashed, so neighbours compare only how many
/// steps theirs have.
#include "runtime/model_hash.hpp"

namespace annulet::runtime {

std::uint64_t hash_of(std::span<const float> /*x*/) { return 0; }
void ModelHash::add(std::span<const float> /*stretch*/) {}
std::uint64_t ModelHash::value() const { return 0; }

}  // namespace annulet::runtime
