/// A hundred thousand damaged frames: each is refused, or means what it says.
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <system_error>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/transport/counted_allocations.hpp"
#include "tests/transport/sample_messages.hpp"
#include "transport/bytes.hpp"
#include "transport/checksum.hpp"
#include "transport/messages.hpp"

using namespace annulet::transport;
using namespace annulet::tests;

namespace {

using Frame = std::vector<std::byte>;

/// What a receiver does with the bytes, as receive_message does it.
Message receive(const Frame& frame) {
  if (frame.size() < kHeaderSize)
    throw std::system_error(std::make_error_code(std::errc::io_error));
  const auto header = decode(std::span(frame).first<kHeaderSize>());
  return decode(header, std::span(frame).subspan(kHeaderSize));
}

/// Makes the frame honest about its length and checksums, so that the damage reaches the decoder.
void seal(Frame& frame) {
  if (frame.size() < kHeaderSize) return;
  const auto payload = std::span(frame).subspan(kHeaderSize);
  store_le(frame.data() + 8, static_cast<std::uint32_t>(payload.size()));
  store_le(frame.data() + 32, checksum(payload));
  store_le(frame.data() + 40, checksum(std::span(frame).first(40)));
}

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  [[nodiscard]] std::size_t below(std::size_t bound) {
    return static_cast<std::size_t>(random_() % bound);
  }

  void damage(Frame& frame) {
    const std::size_t from = below(frame.size());
    const std::size_t length = 1 + below(std::min<std::size_t>(16, frame.size() - from));
    const auto at = frame.begin() + static_cast<std::ptrdiff_t>(from);
    const auto end = at + static_cast<std::ptrdiff_t>(length);
    switch (below(7)) {
      case 0:  // a bit
        *at ^= static_cast<std::byte>(1U << below(8));
        break;
      case 1:  // a byte
        *at = static_cast<std::byte>(below(256));
        break;
      case 2:  // cut off
        frame.erase(at, frame.end());
        break;
      case 3:  // gone from the middle
        frame.erase(at, end);
        break;
      case 4:  // more at the end
        frame.insert(frame.end(), length, static_cast<std::byte>(below(256)));
        break;
      case 5: {  // twice
        const Frame field(at, end);
        frame.insert(at, field.begin(), field.end());
        break;
      }
      default:  // a size
        if (frame.size() >= 4) change_size(frame);
    }
  }

 private:
  void change_size(Frame& frame) {
    constexpr std::array<std::uint32_t, 8> kSizes{0, 1, 64, 65, 1024, 1025, 1U << 28, 0xffff'ffff};
    store_le(frame.data() + below(frame.size() - 3), kSizes.at(below(kSizes.size())));
  }

  std::mt19937_64 random_;
};

/// An accepted message has one encoding only, the one that it came in.
bool encodes_again(const Message& message, const Frame& frame) {
  const Frame again = encode(message);
  return receive(again) == message && std::ranges::equal(std::span(again).subspan(kHeaderSize),
                                                         std::span(frame).subspan(kHeaderSize));
}

std::optional<Message> try_receive(const Frame& frame) {
  try {
    return receive(frame);
  } catch (const std::system_error&) {
    return std::nullopt;
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mutations)

BOOST_AUTO_TEST_CASE(a_damaged_frame_is_refused_or_means_what_it_says) {
  constexpr std::uint64_t kSeed = 20'190'506;
  constexpr int kMutations = 100'000;
  BOOST_TEST_INFO_SCOPE("seed " << kSeed);
  Mutator mutator(kSeed);
  std::vector<Frame> frames;
  for (const Message& message : ordinary_messages()) frames.push_back(encode(message));

  int accepted = 0;
  for (int i = 0; i < kMutations; ++i) {
    Frame frame = frames.at(mutator.below(frames.size()));
    const std::size_t times = 1 + mutator.below(3);
    for (std::size_t k = 0; k < times && !frame.empty(); ++k) mutator.damage(frame);
    const bool sealed = i % 2 == 0;
    if (sealed) seal(frame);

    const auto before = allocated_bytes();
    const auto message = try_receive(frame);
    BOOST_REQUIRE_MESSAGE(allocated_bytes() - before <= 8 * frame.size() + 512, "mutation " << i);
    if (!message) continue;
    accepted += sealed ? 1 : 0;
    BOOST_REQUIRE_MESSAGE(encodes_again(*message, frame), "mutation " << i);
  }
  // Else the mutations would only test the checksums.
  BOOST_TEST(accepted > kMutations / 20);
}

// The largest frames, whose many sizes hide deeper: fewer of them, they are slow.
BOOST_AUTO_TEST_CASE(a_damaged_large_frame_is_refused_or_means_what_it_says) {
  constexpr std::uint64_t kSeed = 20'190'507;
  BOOST_TEST_INFO_SCOPE("seed " << kSeed);
  Mutator mutator(kSeed);
  std::vector<Frame> frames;
  for (const Message& message : largest_messages()) frames.push_back(encode(message));
  for (int i = 0; i < 2'000; ++i) {
    Frame frame = frames.at(mutator.below(frames.size()));
    mutator.damage(frame);
    seal(frame);
    const auto before = allocated_bytes();
    const auto message = try_receive(frame);
    BOOST_REQUIRE_MESSAGE(allocated_bytes() - before <= 8 * frame.size() + 512, "mutation " << i);
    if (message) {
      BOOST_REQUIRE_MESSAGE(encodes_again(*message, frame), "mutation " << i);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
