/// What neighbours know each other's models by.
#pragma once

#include <cstdint>
#include <span>

#include "transport/checksum.hpp"

namespace annulet::runtime {

/// XXH3-64 of a model's bytes.
[[nodiscard]] std::uint64_t hash_of(std::span<const float> x);
/// The same of a model that comes in stretches.
class ModelHash {
 public:
  void add(std::span<const float> stretch);
  [[nodiscard]] std::uint64_t value() const;

 private:
  transport::RunningChecksum sum_;
};

}  // namespace annulet::runtime
