/// In place of runtime/model_hash.cpp: no model is hashed, so neighbours compare only how many
/// steps theirs have.
#include "runtime/round.hpp"

namespace annulet::runtime {

std::uint64_t hash_of(std::span<const float> /*x*/) { return 0; }

}  // namespace annulet::runtime
