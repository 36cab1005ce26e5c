/// Own distributions on mt19937_64, so that every standard library draws the same numbers.
#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <span>

#include "model/types.hpp"

namespace annulet::model {

/// The seed of one purpose on one device, from the run's seed: splitmix64 over the three.
/// Different purposes or ranks never share a stream.
[[nodiscard]] std::uint64_t derive_seed(std::uint64_t run_seed, std::uint64_t rank,
                                        std::uint64_t purpose);

/// The generator is std::mt19937_64, whose bits the standard fixes.
class Random {
 public:
  /// The engine's 312 words and its place in them, as this standard library writes them.
  using State = std::array<std::uint64_t, std::mt19937_64::state_size + 1>;

  explicit Random(std::uint64_t seed) : engine_(seed) {}

  /// From here on restore() gives the same numbers.
  [[nodiscard]] State state() const;
  void restore(const State& state);

  [[nodiscard]] std::uint64_t bits() { return engine_(); }
  /// Uniform in 0..n-1, without bias. n >= 1.
  [[nodiscard]] std::uint64_t below(std::uint64_t n);
  /// Uniform in [0, 1), 53 bits.
  [[nodiscard]] double uniform();
  /// Standard normal (Marsaglia's polar method).
  [[nodiscard]] double normal();
  /// Gamma(shape, 1), shape > 0. Source: Marsaglia and Tsang 2000.
  [[nodiscard]] double gamma(double shape);
  /// Fisher-Yates. O(n).
  void shuffle(std::span<Index> items);

 private:
  std::mt19937_64 engine_;
};

}  // namespace annulet::model
