/// Own distributions on mt19937_64, so that every standard library draws the same numbers.
#include "model/random.hpp"

#include <cmath>
#include <limits>
#include <sstream>
#include <string>
#include <utility>

#include "model/portable_math.hpp"

namespace annulet::model {
namespace {

/// The finaliser of splitmix64 (Steele, Lea and Flood 2014) after one step: a bijection.
std::uint64_t splitmix64(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31U);
}

}  // namespace

std::uint64_t derive_seed(std::uint64_t run_seed, std::uint64_t rank, std::uint64_t purpose) {
  // Both steps are bijections, so two (rank, purpose) pairs below 2^32 never meet within a run.
  return splitmix64(splitmix64(run_seed) + ((purpose << 32U) | rank));
}

// The standard gives engines no other way in and out than text.

Random::State Random::state() const {
  std::stringstream text;
  text << engine_;
  State words{};
  for (auto& word : words) text >> word;
  return words;
}

void Random::restore(const State& state) {
  std::string text;
  for (const auto word : state) text += std::to_string(word) + ' ';
  std::istringstream(text) >> engine_;
}

std::uint64_t Random::below(std::uint64_t n) {
  constexpr auto kMax = std::numeric_limits<std::uint64_t>::max();
  constexpr std::uint64_t kWord = std::uint64_t{1} << 32U;
  if (n > kWord) {
    const std::uint64_t fair = kMax - kMax % n;
    std::uint64_t x = bits();
    while (x >= fair) {
      x = bits();
    }
    return x % n;
  }
  // Lemire 2019: the high word of a product, redrawn in the few cases that would be unfair.
  std::uint64_t product = (bits() >> 32U) * n;
  if (product % kWord < n) {
    const std::uint64_t unfair = (kWord - n) % n;
    while (product % kWord < unfair) {
      product = (bits() >> 32U) * n;
    }
  }
  return product >> 32U;
}

double Random::uniform() { return std::ldexp(static_cast<double>(bits() >> 11U), -53); }

double Random::normal() {
  for (;;) {
    const double u = 2 * uniform() - 1;
    const double v = 2 * uniform() - 1;
    const double square = u * u + v * v;
    if (square > 0 && square < 1) {
      return u * std::sqrt(-2 * portable_log(square) / square);
    }
  }
}

double Random::gamma(double shape) {
  if (shape < 1) {
    // Gamma(a) = Gamma(a + 1) U^(1/a); 1 - U is never 0.
    const double boosted = gamma(shape + 1);
    return boosted * portable_exp(portable_log(1 - uniform()) / shape);
  }
  const double d = shape - 1.0 / 3.0;
  const double c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = normal();
    const double root = 1 + c * x;
    const double cube = root * root * root;
    if (cube > 0 &&
        portable_log(1 - uniform()) < 0.5 * x * x + d - d * cube + d * portable_log(cube)) {
      return d * cube;
    }
  }
}

void Random::shuffle(std::span<Index> items) {
  for (std::size_t i = items.size(); i > 1; --i) {
    std::swap(items[i - 1], items[static_cast<std::size_t>(below(i))]);
  }
}

}  // namespace annulet::model
