/// Bytes that go round, against a queue of the standard library.
#include "transport/byte_queue.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <random>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace annulet::transport {
BOOST_AUTO_TEST_SUITE(byte_queue)

namespace {

std::vector<std::byte> all_of(const ByteQueue& queue) {
  std::vector<std::byte> bytes;
  std::array<ConstBytes, 2> stretches;
  const std::size_t count = queue.look(0, queue.size(), stretches);
  for (const auto stretch : std::span(stretches).first(count)) {
    bytes.insert(bytes.end(), stretch.begin(), stretch.end());
  }
  return bytes;
}

}  // namespace

BOOST_AUTO_TEST_CASE(bytes_come_out_in_the_order_in_which_they_went_in) {
  for (const std::size_t capacity : {1U, 2U, 7U, 64U}) {
    std::mt19937 engine(11);
    ByteQueue queue;
    queue.reset(capacity);
    std::deque<std::byte> model;
    std::byte next{0};
    const auto up_to = [&](std::size_t most) { return engine() % (most + 1); };
    for (int i = 0; i < 2'000; ++i) {
      std::vector<std::byte> in(up_to(queue.room()));
      for (auto& byte : in) byte = next = static_cast<std::byte>(std::to_integer<int>(next) + 1);
      model.insert(model.end(), in.begin(), in.end());
      if (i % 2 == 0) {
        queue.push(ConstBytes(in));
      } else {
        std::array<Bytes, 2> places;
        const std::size_t count = queue.next(in.size(), places);
        auto from = in.begin();
        for (const Bytes place : std::span(places).first(count)) {
          std::copy_n(from, place.size(), place.begin());
          from += static_cast<std::ptrdiff_t>(place.size());
        }
        queue.push(in.size());
      }
      BOOST_TEST(queue.size() == model.size());
      BOOST_TEST(queue.room() == capacity - model.size());
      BOOST_TEST(std::ranges::equal(all_of(queue), model));
      const std::size_t from = up_to(model.size());
      std::vector<std::byte> part(up_to(model.size() - from));
      queue.copy(from, part);
      BOOST_TEST(
          std::equal(part.begin(), part.end(), model.begin() + static_cast<std::ptrdiff_t>(from)));
      const std::size_t out = up_to(model.size());
      queue.pop(out);
      model.erase(model.begin(), model.begin() + static_cast<std::ptrdiff_t>(out));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_queue_that_is_reset_is_empty_and_of_its_new_size) {
  ByteQueue queue;
  queue.reset(0);
  BOOST_TEST(queue.room() == 0U);
  BOOST_TEST(all_of(queue).empty());
  queue.reset(10);
  queue.push(ConstBytes(std::vector<std::byte>(8)));
  queue.pop(5);
  queue.reset(4);
  BOOST_TEST(queue.size() == 0U);
  BOOST_TEST(queue.room() == 4U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::transport
