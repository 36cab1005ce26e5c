/// How many bytes a ring lets a link wait for.
#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "devices/side_by_side.hpp"
#include "devices/world.hpp"
#include "tests/support/link_pair.hpp"
#include "tests/support/play.hpp"
#include "tests/support/wrapped_network.hpp"
#include "transport/ring.hpp"
#include "transport/sim_network.hpp"

namespace annulet::transport {
BOOST_AUTO_TEST_SUITE(awaited_bytes)

namespace {

namespace data = boost::unit_test::data;
using namespace std::chrono_literals;

/// What a link was told, in turn.
using Asked = std::vector<std::size_t>;

/// A link that writes down how many bytes are worth waking up for.
class AskedLink final : public tests::WrappedLink {
 public:
  AskedLink(std::unique_ptr<Link> inner, Asked& asked)
      : WrappedLink(std::move(inner)), asked_(asked) {}
  void set_least(std::size_t bytes) override { asked_.push_back(bytes); }

 private:
  Asked& asked_;
};

/// What the first of two workers told its link, in one sum of d elements.
Asked asked_in_a_sum_of(std::size_t d) {
  devices::World world;
  SimNetwork lan(world, {1e6, 1ms});
  const auto host = lan.host("here");
  Asked asked, others;
  std::array<Asked*, 2> of{&asked, &others};
  std::array<std::unique_ptr<Link>, 2> from, to;
  for (std::size_t r = 0; r < 2; ++r) {
    auto pair = tests::play(world, tests::connect(*host, *host, "here"));
    to[r] = std::move(pair.dialled);
    from[1 - r] = std::make_unique<AskedLink>(std::move(pair.accepted), *of[1 - r]);
  }
  std::vector<std::unique_ptr<Ring>> rings;
  std::array<std::vector<float>, 2> x{std::vector<float>(d, 1.0F), std::vector<float>(d, 1.0F)};
  for (std::size_t r = 0; r < 2; ++r) {
    rings.push_back(std::make_unique<Ring>(Place{r, 2}, std::move(from[r]), std::move(to[r]), world,
                                           world.context().get_executor()));
  }
  const auto sum = [&](std::size_t r) -> asio::awaitable<void> {
    co_await rings[r]->all_reduce({}, x[r], {}, world.now() + 1h);
  };
  tests::play(world, devices::both(sum(0), sum(1)));
  BOOST_TEST((x[0] == std::vector<float>(d, 2.0F)));
  return asked;
}

}  // namespace

// If all waited for more than a segment, nobody would have a reason to send it.
BOOST_DATA_TEST_CASE(of_a_long_segment_a_part_is_awaited,
                     data::make<std::size_t>({40'000, 200'000}), d) {
  const auto asked = asked_in_a_sum_of(d);
  BOOST_REQUIRE(!asked.empty());
  BOOST_TEST(std::ranges::max(asked) == d / 2 * sizeof(float) / 4);
}

BOOST_AUTO_TEST_CASE(at_most_128_kib_are_awaited) {
  BOOST_TEST(std::ranges::max(asked_in_a_sum_of(2'000'000)) == std::size_t{128} << 10);
}

// Messages come by the same link.
BOOST_AUTO_TEST_CASE(after_a_sum_each_byte_is_awaited) {
  for (const std::size_t d : {40'000U, 200'000U}) BOOST_TEST(asked_in_a_sum_of(d).back() == 1U);
}

BOOST_AUTO_TEST_CASE(of_short_segments_each_byte_is_awaited) {
  for (const std::size_t d : {7U, 30'000U}) BOOST_TEST(asked_in_a_sum_of(d).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::transport
