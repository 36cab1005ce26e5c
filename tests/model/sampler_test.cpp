/// Mini-batches by three ways of drawing them.
#include "model/sampler.hpp"

#include <algorithm>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(sampler)

namespace {

using model::Sampler;
using model::SamplerState;
using model::Sampling;

std::vector<model::Index> take(Sampler& sampler, int batches) {
  std::vector<model::Index> out;
  for (int i = 0; i < batches; ++i) {
    const auto batch = sampler.next();
    out.insert(out.end(), batch.begin(), batch.end());
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(cyclic_goes_round_and_round) {
  Sampler sampler(Sampling::cyclic, 5, 2, 9);
  BOOST_TEST(take(sampler, 4) == (std::vector<model::Index>{0, 1, 2, 3, 4, 0, 1, 2}));
  Sampler wider(Sampling::cyclic, 3, 7, 9);
  BOOST_TEST(take(wider, 1) == (std::vector<model::Index>{0, 1, 2, 0, 1, 2, 0}));
}

BOOST_AUTO_TEST_CASE(each_epoch_of_shuffle_holds_every_row_once) {
  constexpr std::size_t kRows = 10;
  Sampler sampler(Sampling::shuffle, kRows, 4, 9);
  const auto drawn = take(sampler, 15);
  std::vector<std::vector<model::Index>> epochs;
  for (std::size_t i = 0; i < drawn.size(); i += kRows) {
    const auto begin = drawn.begin() + static_cast<std::ptrdiff_t>(i);
    epochs.emplace_back(begin, begin + kRows);
    auto sorted = epochs.back();
    std::sort(sorted.begin(), sorted.end());
    BOOST_TEST(sorted == (std::vector<model::Index>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  }
  BOOST_TEST(epochs.size() == 6U);
  BOOST_TEST(epochs[0] != epochs[1]);
  BOOST_TEST(epochs[0] != (std::vector<model::Index>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

BOOST_AUTO_TEST_CASE(replacement_draws_from_all_rows_and_repeats_some) {
  Sampler sampler(Sampling::replacement, 10, 5, 9);
  auto drawn = take(sampler, 20);
  std::sort(drawn.begin(), drawn.end());
  BOOST_TEST(drawn.front() == 0U);
  BOOST_TEST(drawn.back() == 9U);
  const bool each_ten_times = std::all_of(drawn.begin(), drawn.end(), [&](auto row) {
    return std::count(drawn.begin(), drawn.end(), row) == 10;
  });
  BOOST_TEST(!each_ten_times);
}

BOOST_AUTO_TEST_CASE(the_seed_decides) {
  for (const auto sampling : {Sampling::replacement, Sampling::shuffle}) {
    Sampler one(sampling, 1000, 8, 1);
    Sampler same(sampling, 1000, 8, 1);
    Sampler other(sampling, 1000, 8, 2);
    const auto drawn = take(one, 10);
    BOOST_TEST(drawn == take(same, 10));
    BOOST_TEST(drawn != take(other, 10));
  }
}

BOOST_AUTO_TEST_CASE(draws_are_pinned) {
  Sampler replacement(Sampling::replacement, 49749, 4, 1);
  Sampler shuffle(Sampling::shuffle, 8, 8, 1);
  BOOST_TEST(take(replacement, 1) == (std::vector<model::Index>{6660, 6786, 22447, 1045}));
  BOOST_TEST(take(shuffle, 1) == (std::vector<model::Index>{3, 4, 5, 7, 6, 2, 0, 1}));
}

// What a checkpoint rests on: wherever it is cut, the draws go on as if it had not been.
BOOST_AUTO_TEST_CASE(a_restored_sampler_goes_on_with_the_same_draws) {
  for (const auto sampling : {Sampling::replacement, Sampling::shuffle, Sampling::cyclic}) {
    for (int before = 0; before < 12; ++before) {
      Sampler uncut(sampling, 10, 4, 9);
      static_cast<void>(take(uncut, before));
      uncut.commit();
      SamplerState state;
      uncut.save_committed(state);
      const auto expected = take(uncut, 9);

      Sampler resumed(sampling, 10, 4, 77);
      static_cast<void>(take(resumed, 5));
      BOOST_REQUIRE(resumed.restore(state));
      BOOST_TEST(take(resumed, 9) == expected, boost::test_tools::per_element());
    }
  }
}

// A round that fails has drawn already: its draws, and the epochs it began, must not count.
BOOST_AUTO_TEST_CASE(draws_since_the_commit_are_not_saved) {
  for (const auto sampling : {Sampling::replacement, Sampling::shuffle, Sampling::cyclic}) {
    Sampler sampler(sampling, 10, 4, 9);
    static_cast<void>(take(sampler, 3));
    sampler.commit();
    SamplerState at_commit, later;
    sampler.save_committed(at_commit);
    static_cast<void>(take(sampler, 8));  // three more epochs begin
    sampler.save_committed(later);
    BOOST_TEST((at_commit == later));
  }
}

BOOST_AUTO_TEST_CASE(a_state_of_another_sampler_is_refused) {
  Sampler shuffle(Sampling::shuffle, 10, 4, 9);
  SamplerState state;
  shuffle.save_committed(state);
  Sampler larger(Sampling::shuffle, 11, 4, 9), cyclic(Sampling::cyclic, 10, 4, 9);
  BOOST_TEST(!larger.restore(state));
  BOOST_TEST(!cyclic.restore(state));
  auto twice = state;
  twice.order[0] = twice.order[1];
  BOOST_TEST(!shuffle.restore(twice));
  auto outside = state;
  outside.order[3] = 10;
  BOOST_TEST(!shuffle.restore(outside));
  auto past_the_end = state;
  past_the_end.cursor = 11;
  BOOST_TEST(!shuffle.restore(past_the_end));
  BOOST_TEST(shuffle.restore(state));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
