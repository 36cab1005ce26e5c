/// Tests of control messages: they come back as they were, and hostile ones do not come through.
#include "transport/messages.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <string>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/counted_allocations.hpp"
#include "tests/support/error_code.hpp"
#include "tests/transport/sample_messages.hpp"
#include "transport/bytes.hpp"
#include "transport/checksum.hpp"
#include "transport/errors.hpp"

using namespace annulet::transport;
using namespace annulet::tests;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(messages)

namespace {

using Payload = std::vector<std::byte>;

Payload payload_of(const Message& message) {
  const auto frame = encode(message);
  return {frame.begin() + kHeaderSize, frame.end()};
}

FrameType type_of(const Message& message) { return static_cast<FrameType>(message.index() + 1); }

/// Decodes it under a header that fits.
Message decode_payload(FrameType type, const Payload& payload) {
  return decode({.type = type,
                 .payload_length = static_cast<std::uint32_t>(payload.size()),
                 .digest = checksum(payload)},
                payload);
}

std::error_code decode_error(FrameType type, const Payload& payload) {
  return error_of([&] { return decode_payload(type, payload); });
}

std::error_code decode_error(const Message& message) {
  return decode_error(type_of(message), payload_of(message));
}

Payload with_u32(Payload payload, std::size_t offset, std::uint32_t value) {
  store_le(payload.data() + offset, value);
  return payload;
}

const auto kBadFrame = make_error_code(errc::bad_frame);

}  // namespace

BOOST_DATA_TEST_CASE(every_message_comes_back_as_it_was, data::xrange(12), index) {
  for (const auto& messages : {ordinary_messages(), largest_messages()}) {
    const Message& message = messages.at(static_cast<std::size_t>(index));
    const auto frame = encode(message);
    const auto header = decode(std::span(frame).template first<kHeaderSize>());
    BOOST_TEST((decode(header, std::span(frame).subspan(kHeaderSize)) == message));
  }
}

BOOST_DATA_TEST_CASE(the_default_message_comes_back_as_it_was, data::xrange(12), index) {
  const std::array<Message, 12> messages{
      Hello{},  Refused{},  RunFile{},   Survey{}, View{.members = {{}}},
      Ready{1}, Go{},       Heartbeat{}, Broken{}, Lost{},
      Bye{},    DataHello{}};
  const Message& message = messages.at(static_cast<std::size_t>(index));
  BOOST_TEST((decode_payload(type_of(message), payload_of(message)) == message));
}

// The layout is a promise to every other device.
BOOST_AUTO_TEST_CASE(a_payload_is_its_fields_little_endian_in_order) {
  const Payload payload =
      payload_of(Hello{.name = "pi", .token = "t", .data_port = 0x0201, .own_data = true});
  const std::array<std::uint8_t, 14> expected{2, 0, 0, 0, 'p', 'i', 1, 0, 0, 0, 't', 1, 2, 1};
  BOOST_TEST(std::ranges::equal(payload, std::as_bytes(std::span(expected))));
}

BOOST_AUTO_TEST_CASE(texts_are_cut_between_two_characters) {
  const std::string ascii(kMaxText - 1, 'a');
  const auto sent = [](const std::string& reason) {
    return std::get<Bye>(decode_payload(FrameType::bye, payload_of(Bye{.reason = reason}))).reason;
  };
  BOOST_TEST(sent(ascii + "b") == ascii + "b");
  BOOST_TEST(sent(ascii + "bc") == ascii + "b");
  BOOST_TEST(sent(ascii + "\u00fc") == ascii);
  BOOST_TEST(sent(ascii + "\U0001f353") == ascii);
  BOOST_TEST(sent(std::string(2 * kMaxText, '\x80')).empty());  // no character begins anywhere
  const auto hello = decode_payload(FrameType::hello, payload_of(Hello{.name = ascii}));
  BOOST_TEST(std::get<Hello>(hello).name == std::string(kMaxName, 'a'));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_cut_is_not_sent) {
  const auto too_large = make_error_code(errc::too_large);
  const auto error = [](const Message& message) {
    return error_of([&] { return encode(message); });
  };
  BOOST_TEST(error(Hello{.token = std::string(kMaxName + 1, 't')}) == too_large);
  BOOST_TEST(error(RunFile{.toml = std::string(kMaxRunFile + 1, '#')}) == too_large);
  BOOST_TEST(error(Survey{.labels = std::vector(1025, 0.0F)}) == too_large);
  BOOST_TEST(error(View{.members = std::vector(kMaxMembers + 1, Member{})}) == too_large);
  BOOST_TEST(error(Go{.samples = std::vector(kMaxMembers + 1, std::uint64_t{1})}) == too_large);
}

BOOST_DATA_TEST_CASE(a_payload_of_any_other_length_is_refused, data::xrange(12), index) {
  const Message message = ordinary_messages().at(static_cast<std::size_t>(index));
  Payload payload = payload_of(message);
  payload.push_back(std::byte{0});
  BOOST_TEST(decode_error(type_of(message), payload) == kBadFrame);
  payload.pop_back();
  while (!payload.empty()) {
    payload.pop_back();
    BOOST_TEST(decode_error(type_of(message), payload) == kBadFrame);
  }
}

BOOST_AUTO_TEST_CASE(a_bool_is_zero_or_one) {
  Payload payload = payload_of(Heartbeat{});
  payload.at(8) = std::byte{2};
  BOOST_TEST(decode_error(FrameType::heartbeat, payload) == kBadFrame);
}

BOOST_AUTO_TEST_CASE(labels_are_finite) {
  for (const float label :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
        -std::numeric_limits<float>::infinity()}) {
    BOOST_TEST(decode_error(Survey{.labels = {1.0F, label}}) == kBadFrame);
    BOOST_TEST(decode_error(View{.members = {{}}, .labels = {label}}) == kBadFrame);
  }
}

BOOST_AUTO_TEST_CASE(rows_are_what_indices_can_count) {
  BOOST_TEST(decode_error(Survey{.rows = kMaxRows + 1}) == kBadFrame);
  BOOST_TEST(!decode_error(Survey{.rows = kMaxRows}));
  BOOST_TEST(!decode_error(Survey{.rows = 0}));  // refused in words
  for (const std::uint64_t samples : {std::uint64_t{0}, kMaxRows + 1}) {
    BOOST_TEST(decode_error(Ready{samples}) == kBadFrame);
    BOOST_TEST(decode_error(Go{{1, samples}}) == kBadFrame);
  }
}

BOOST_AUTO_TEST_CASE(a_rank_is_one_of_the_members) {
  BOOST_TEST(decode_error(View{.rank = 0, .members = {}}) == kBadFrame);
  BOOST_TEST(decode_error(View{.rank = 2, .members = {{}, {}}}) == kBadFrame);
  BOOST_TEST(!decode_error(View{.rank = 1, .members = {{}, {}}}));
  BOOST_TEST(decode_error(Broken{.rank = kMaxMembers}) == kBadFrame);
  BOOST_TEST(decode_error(Lost{.rank = kMaxMembers}) == kBadFrame);
  BOOST_TEST(decode_error(DataHello{.rank = kMaxMembers}) == kBadFrame);
  BOOST_TEST(decode_error(DataHello{.stream = kMaxStreams}) == kBadFrame);
}

// Sizes of 2^32-1, one too many for the bytes that follow, and one beyond the bound.
BOOST_AUTO_TEST_CASE(a_size_that_lies_allocates_nothing) {
  struct Case {
    FrameType type;
    Payload payload;
    std::size_t size_offset;
    std::uint32_t one_too_many;
  };
  const Case cases[]{
      {FrameType::hello, payload_of(Hello{.token = std::string(40, 't')}), 0, 60},
      {FrameType::refused, Payload(4 + kMaxText + 1), 0, kMaxText + 1},
      {FrameType::survey, payload_of(Survey{.labels = {1.0F, 2.0F}}), 26, 3},
      {FrameType::view, payload_of(View{.members = {{}, {}}}), 8, 5},
      {FrameType::go, payload_of(Go{.samples = {1, 2}}), 0, 3},
      {FrameType::go, Payload(4 + 8 * (kMaxMembers + 1)), 0, kMaxMembers + 1},
  };
  for (const auto& c : cases) {
    for (const std::uint32_t size : {c.one_too_many, std::numeric_limits<std::uint32_t>::max()}) {
      const Payload payload = with_u32(c.payload, c.size_offset, size);
      const auto before = allocated_bytes();
      BOOST_REQUIRE(decode_error(c.type, payload) == kBadFrame);
      // The exception itself and its text, never a container.
      BOOST_TEST(allocated_bytes() - before < 512);
    }
  }
}

BOOST_DATA_TEST_CASE(decoding_allocates_a_few_times_the_payload, data::xrange(12), index) {
  for (const auto& messages : {ordinary_messages(), largest_messages()}) {
    const Message& message = messages.at(static_cast<std::size_t>(index));
    const Payload payload = payload_of(message);
    const auto before = allocated_bytes();
    const Message decoded = decode_payload(type_of(message), payload);
    BOOST_TEST(allocated_bytes() - before <= 8 * payload.size());
    BOOST_TEST((decoded == message));
  }
}

BOOST_AUTO_TEST_CASE(a_header_that_does_not_fit_its_payload_is_refused) {
  const Payload payload = payload_of(Ready{.samples = 5});
  const FrameHeader good{
      .type = FrameType::ready, .payload_length = 8, .digest = checksum(payload)};
  const auto error = [&](FrameHeader header) {
    return error_of([&] { return decode(header, payload); });
  };
  FrameHeader header = good;
  BOOST_TEST(!error(header));
  header.digest ^= 1;
  BOOST_TEST(error(header) == make_error_code(errc::bad_checksum));
  header = good;
  header.payload_length = 9;
  BOOST_TEST(error(header) == kBadFrame);
  header = good;
  header.type = FrameType::all_reduce;
  BOOST_TEST(error(header) == make_error_code(errc::unexpected_message));
}

BOOST_AUTO_TEST_SUITE_END()
