/// The scale that a ring agrees on, against that of all rows together.
#include "runtime/ring_scale.hpp"

#include <numeric>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/model/samples.hpp"
#include "tests/support/sim_rings.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(ring_scale)

namespace {

namespace data = boost::unit_test::data;
using tests::SimRings;

struct Agreed {
  model::Scale scale;
  std::uint64_t operations = 0;
};

/// As W devices agree on it that have file-order parts of the rows; the same bits on all.
Agreed agreed_scale(std::size_t W, const std::shared_ptr<const model::Dataset>& rows,
                    std::size_t features) {
  SimRings rings(W);
  const model::Shard shard =
      model::make_shard(rows, tests::counting(0, rows->rows()), model::LabelUse::none, {});
  std::vector<Agreed> found(W);
  rings.on_all([&](std::size_t rank, transport::Ring& ring) -> asio::awaitable<void> {
    devices::VirtualProcessor processor(rings.world(), 1e9);
    const std::size_t n = shard.size();
    auto& mine = found[rank];
    const auto next = [&mine] { return transport::Operation{1, mine.operations++, 0, true}; };
    const auto never = [] { return devices::TimePoint{std::chrono::hours(1)}; };
    const RingScaleInputs inputs{processor, ring, {shard, n * rank / W, n * (rank + 1) / W},
                                 features,  next, never};
    mine.scale = co_await standard_scale_over(inputs);
  });
  for (const auto& one : found) BOOST_TEST((one.scale == found[0].scale));
  BOOST_TEST(rings.ring(0).traffic().model_sent == 0U);
  return found[0];
}

}  // namespace

// 50 devices have empty parts among them.
BOOST_DATA_TEST_CASE(all_rings_agree_on_the_scale_of_all_rows, data::make({1, 2, 3, 4, 7, 50}),
                     workers) {
  const auto W = static_cast<std::size_t>(workers);
  for (const auto& rows : {tests::dense_sample(), tests::sparse_sample()}) {
    const auto all = tests::counting(0, rows->rows());
    const auto expected =
        model::standard_scale(model::moments_of(*rows, all, rows->features()), rows->is_sparse());
    const auto agreed = agreed_scale(W, rows, rows->features());
    BOOST_TEST((agreed.scale == expected));
    BOOST_TEST(agreed.operations == 1U);
  }
}

BOOST_AUTO_TEST_CASE(very_many_features_come_in_several_all_reduces) {
  const std::size_t features = 200'000;
  const auto agreed = agreed_scale(2, tests::sparse_sample(), features);
  const auto few = agreed_scale(2, tests::sparse_sample(), 12);
  BOOST_TEST(agreed.operations == 3U);
  BOOST_TEST(agreed.scale.factor.size() == features);
  for (std::size_t j = 0; j < features; ++j) {
    BOOST_TEST_REQUIRE(agreed.scale.factor[j] == (j < 12 ? few.scale.factor[j] : 1.0F));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
