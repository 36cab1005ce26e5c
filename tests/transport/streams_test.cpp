/// A ring of several streams a hop, and the greetings that put them in their places.
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "transport/ring_links.hpp"
#include "transport/striped_link.hpp"

namespace annulet::transport {
BOOST_AUTO_TEST_SUITE(streams)

namespace {

/// It only has a name.
class NamedLink final : public Link {
 public:
  explicit NamedLink(std::uint16_t name) : name_(name) {}
  asio::awaitable<std::size_t> send_some(std::span<const ConstBytes> /*pieces*/) override {
    co_return 0;
  }
  asio::awaitable<std::size_t> receive_some(std::span<const Bytes> /*pieces*/) override {
    co_return 0;
  }
  std::size_t try_send(std::span<const ConstBytes> pieces) override {
    order.push_back(name_);
    return pieces.front().size();
  }
  void finish_sending() override {}
  [[nodiscard]] Endpoint local() const override { return {"here", name_}; }
  [[nodiscard]] Endpoint peer() const override { return {"there", name_}; }

  static inline std::vector<std::uint16_t> order;  // who was given bytes

 private:
  std::uint16_t name_;
};

std::unique_ptr<Link> named(std::uint16_t name) { return std::make_unique<NamedLink>(name); }

}  // namespace

BOOST_AUTO_TEST_CASE(they_may_come_in_any_order) {
  Streams streams;
  BOOST_TEST(!streams.has(1));
  for (const auto number : std::to_array<std::uint16_t>({2, 0, 1})) {
    BOOST_TEST(!streams.has(3));
    streams.take(number, named(number));
  }
  BOOST_TEST(streams.has(3));
  const auto link = streams.join(3);
  NamedLink::order.clear();
  const std::vector<std::byte> bytes(StripedLink::kStripe * 4);
  const ConstBytes piece(bytes);
  BOOST_TEST(link->try_send({&piece, 1}) == bytes.size());
  BOOST_TEST((NamedLink::order == std::vector<std::uint16_t>{0, 1, 2, 0}));
}

BOOST_AUTO_TEST_CASE(the_first_of_a_number_counts) {
  Streams streams;
  streams.take(0, named(5));
  streams.take(0, named(6));
  BOOST_TEST(streams.join(1)->local().port == 5);
  BOOST_TEST(!streams.has(1));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::transport
