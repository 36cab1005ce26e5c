/// Draws are pinned: another standard library or processor has to give the same ones.
#include "model/random.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(random)

namespace {

using model::Random;

template <class Draw>
std::vector<double> draws(std::size_t count, Draw draw) {
  std::vector<double> out(count);
  std::generate(out.begin(), out.end(), draw);
  return out;
}

double mean(const std::vector<double>& numbers) {
  double sum = 0;
  for (const double v : numbers) {
    sum += v;
  }
  return sum / static_cast<double>(numbers.size());
}

double variance(const std::vector<double>& numbers) {
  const double m = mean(numbers);
  double sum = 0;
  for (const double v : numbers) {
    sum += (v - m) * (v - m);
  }
  return sum / static_cast<double>(numbers.size());
}

}  // namespace

// Found by an independent program; where it used the C library's logarithm the last digits are
// ours.
BOOST_AUTO_TEST_CASE(draws_are_pinned) {
  using Draws = std::vector<double>;
  Random integers(1);
  BOOST_TEST(draws(6, [&] { return static_cast<double>(integers.below(10)); }) ==
             (Draws{1, 1, 4, 0, 3, 9}));
  Random uniform(1);
  BOOST_TEST(draws(3, [&] { return uniform.uniform(); }) ==
             (Draws{0.13387664401253263, 0.13640703636619722, 0.4512149038445381}));
  Random normal(1);
  BOOST_TEST(draws(4, [&] { return normal.normal(); }) ==
             (Draws{-0x1.42c3b2b72217p-5, -0x1.fdd85e535a47ap-3, -0x1.bfaac17196979p-5,
                    0x1.003e6b2410a3cp+0}));
  Random small(1);
  BOOST_TEST(draws(4, [&] { return small.gamma(0.3); }) ==
             (Draws{0.0002883279833912313, 0.031693533784458404, 0.14934583671721152,
                    0.0024672326258488907}));
  Random large(1);
  BOOST_TEST(
      draws(4, [&] { return large.gamma(2.5); }) ==
      (Draws{2.1091874138710369, 3.7278925595151491, 3.9992310160196651, 2.5997954083170534}));
  BOOST_TEST(model::derive_seed(7, 3, 2) == 0x9bbf433b1e927914U);
}

BOOST_AUTO_TEST_CASE(seeds_of_ranks_and_purposes_are_all_different) {
  std::set<std::uint64_t> seeds;
  for (std::uint64_t run = 0; run < 4; ++run) {
    for (std::uint64_t rank = 0; rank < 64; ++rank) {
      for (std::uint64_t purpose = 0; purpose < 8; ++purpose) {
        seeds.insert(model::derive_seed(run, rank, purpose));
      }
    }
  }
  BOOST_TEST(seeds.size() == 4U * 64U * 8U);
}

BOOST_AUTO_TEST_CASE(below_reaches_all_and_only_the_numbers_below) {
  Random random(3);
  for (const std::uint64_t n : {1U, 2U, 7U}) {
    std::set<std::uint64_t> seen;
    for (int i = 0; i < 200; ++i) {
      seen.insert(random.below(n));
    }
    BOOST_TEST(seen.size() == n);
    BOOST_TEST(*seen.rbegin() == n - 1);
  }
  constexpr std::uint64_t kWide = (std::uint64_t{1} << 63U) + 1;
  for (int i = 0; i < 200; ++i) {
    BOOST_TEST(random.below(kWide) < kWide);
  }
}

BOOST_AUTO_TEST_CASE(below_is_uniform) {
  // Chi-squared with 9 degrees of freedom exceeds 33.7 once in 10^4 seeds; this seed is fixed.
  Random random(4);
  std::vector<double> count(10);
  constexpr int kDraws = 100000;
  for (int i = 0; i < kDraws; ++i) {
    count[random.below(10)] += 1;
  }
  double chi = 0;
  for (const double c : count) {
    chi += (c - kDraws / 10.0) * (c - kDraws / 10.0) / (kDraws / 10.0);
  }
  BOOST_TEST(chi < 33.7);
}

BOOST_AUTO_TEST_CASE(below_is_uniform_where_words_cannot_be_dealt_out_evenly) {
  // 2^32 words for 3 * 2^30 numbers: dealt out as they come, multiples of 3 would take half.
  Random random(4);
  constexpr int kDraws = 10000;
  double multiples = 0;
  for (int i = 0; i < kDraws; ++i) {
    multiples += random.below(3ULL << 30U) % 3 == 0 ? 1 : 0;
  }
  BOOST_TEST(std::abs(multiples / kDraws - 1.0 / 3) < 5 * std::sqrt(2.0 / 9 / kDraws));
}

// The bounds are five standard errors of the mean, and of the variance, over 10^5 draws.
BOOST_AUTO_TEST_CASE(distributions_have_their_moments) {
  Random random(5);
  const auto uniform = draws(100000, [&] { return random.uniform(); });
  BOOST_TEST(std::abs(mean(uniform) - 0.5) < 5 * std::sqrt(1 / 12.0 / 1e5));
  BOOST_TEST(*std::min_element(uniform.begin(), uniform.end()) >= 0.0);
  BOOST_TEST(*std::max_element(uniform.begin(), uniform.end()) < 1.0);
  const auto normal = draws(100000, [&] { return random.normal(); });
  BOOST_TEST(std::abs(mean(normal)) < 5 / std::sqrt(1e5));
  BOOST_TEST(std::abs(variance(normal) - 1) < 5 * std::sqrt(2 / 1e5));
  for (const double shape : {0.1, 0.5, 1.0, 3.0, 50.0}) {
    const auto gamma = draws(100000, [&] { return random.gamma(shape); });
    BOOST_TEST(std::abs(mean(gamma) - shape) < 5 * std::sqrt(shape / 1e5));
    const double spread = shape * std::sqrt((2 + 6 / shape) / 1e5);
    BOOST_TEST(std::abs(variance(gamma) - shape) < 5 * spread);
    BOOST_TEST(*std::min_element(gamma.begin(), gamma.end()) >= 0.0);
  }
}

BOOST_AUTO_TEST_CASE(a_shuffle_keeps_all_items) {
  Random random(6);
  std::vector<model::Index> items{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  auto shuffled = items;
  random.shuffle(shuffled);
  BOOST_TEST(shuffled != items);
  BOOST_TEST(std::is_permutation(shuffled.begin(), shuffled.end(), items.begin()));
  std::vector<model::Index> none;
  random.shuffle(none);
  BOOST_TEST(none.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
