/// What an all-reduce is said to send is what a ring counts.
#include "transport/ring_bytes.hpp"

#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/codecs.hpp"
#include "tests/support/sim_rings.hpp"

namespace annulet::tests {

namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(ring_bytes)

BOOST_DATA_TEST_CASE(they_are_what_a_ring_sends,
                     data::make<std::size_t>({1, 2, 3, 7, 16}) *
                         data::make<std::size_t>({0, 1, 6, 7, 8, 1003}) *
                         data::make<std::size_t>({0, 6}) *
                         data::make({transport::Compress::none, transport::Compress::f16,
                                     transport::Compress::q8, transport::Compress::q4}),
                     W, d, facts, compress) {
  const transport::Summed summed{d, facts, transport::codec_of(compress)};
  SimRings rings(W);
  rings.on_all([&](std::size_t, transport::Ring& ring) -> asio::awaitable<void> {
    std::vector<float> x(d), tail(facts), residual(d);
    const auto deadline = rings.world().now() + std::chrono::seconds(10);
    co_await ring.all_reduce({.epoch = 1, .number = 1, .digest = 2}, x, tail, deadline,
                             {summed.codec, residual});
  });
  std::uint64_t of_all = 0;
  for (std::size_t r = 0; r < W; ++r) {
    const auto& sent = rings.ring(r).traffic();
    BOOST_TEST(sent.model_sent == transport::all_reduce_bytes(summed, {r, W}));
    BOOST_TEST(sent.control_sent == transport::all_reduce_framing(W));
    of_all += sent.model_sent;
  }
  BOOST_TEST(of_all == transport::all_reduce_bytes_of_all(summed, W));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
