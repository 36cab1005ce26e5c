/// A hundred thousand damaged frames: each is refused, or means what it says.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <system_error>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/support/counted_allocations.hpp"
#include "tests/support/frame_mutator.hpp"
#include "tests/transport/sample_messages.hpp"
#include "transport/messages.hpp"

using namespace annulet::transport;
using namespace annulet::tests;

BOOST_AUTO_TEST_SUITE(mutations)

namespace {

/// What a receiver does with the bytes, as receive_message does it.
Message receive(const Frame& frame) {
  if (frame.size() < kHeaderSize)
    throw std::system_error(std::make_error_code(std::errc::io_error));
  const auto header = decode(std::span(frame).first<kHeaderSize>());
  return decode(header, std::span(frame).subspan(kHeaderSize));
}

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
