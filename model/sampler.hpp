/// Which rows of its shard a device puts in the next mini-batch.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/random.hpp"
#include "model/types.hpp"

namespace annulet::model {

/// replacement: independent draws (the paper). shuffle: epochs, each a fresh permutation; a batch
/// may run over the end of one. cyclic: consecutive rows, round and round (golden values).
enum class Sampling { replacement, shuffle, cyclic };

class Sampler {
 public:
  /// shard_size >= 1, batch >= 1.
  Sampler(Sampling sampling, std::size_t shard_size, std::size_t batch, std::uint64_t seed);

  /// The positions of the next mini-batch: (batch). Valid until the next call. Allocates nothing.
  [[nodiscard]] std::span<const Index> next();

 private:
  Sampling sampling_;
  std::size_t size_;
  std::size_t cursor_ = 0;
  Random random_;
  std::vector<Index> order_;  // shuffle only
  std::vector<Index> batch_;
};

}  // namespace annulet::model
