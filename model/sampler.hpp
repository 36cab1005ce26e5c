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

/// What a sampler needs to draw the same mini-batches again.
struct SamplerState {
  Random::State random{};
  std::uint64_t cursor = 0;
  std::vector<Index> order;  // shuffle only: this epoch's permutation
  bool operator==(const SamplerState&) const = default;
};

/// Draws a device's mini-batches, one after the other.
class Sampler {
 public:
  /// shard_size >= 1, batch >= 1.
  Sampler(Sampling sampling, std::size_t shard_size, std::size_t batch, std::uint64_t seed);

  /// The positions of the next mini-batch: (batch). Valid until the next call but two, so that rows
  /// can be fetched ahead. Allocates nothing.
  [[nodiscard]] std::span<const Index> next();

  /// The draws so far count: they belong to a round that all devices have finished.
  void commit();
  /// Writes where the last commit() was, or the start. Draws since then may belong to a round that
  /// comes to nothing. Memory of `state` is used again.
  void save_committed(SamplerState& state) const;
  /// Goes on from a state of a sampler that was made like this one. False, and nothing changed,
  /// when it is none.
  [[nodiscard]] bool restore(const SamplerState& state);

 private:
  static constexpr std::size_t kBatchesKept = 3;

  Sampling sampling_;
  std::size_t size_;
  std::size_t batch_;
  std::size_t cursor_ = 0;
  Random random_;
  std::vector<Index> order_;    // shuffle only
  std::vector<Index> batches_;  // the last kBatchesKept, one after the other
  std::size_t drawn_ = 0;       // where the next one goes
  // As they were at the last commit. The permutation is copied when the next one is made, so that
  // a round without the end of an epoch costs nothing.
  Random committed_random_;
  std::size_t committed_cursor_ = 0;
  std::vector<Index> committed_order_;
  bool order_changed_ = false;  // since the last commit
};

}  // namespace annulet::model
