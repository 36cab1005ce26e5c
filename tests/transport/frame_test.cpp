/// Tests of the header: its bytes, and the order in which it is checked.
#include "transport/frame.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/error_code.hpp"
#include "transport/bytes.hpp"
#include "transport/checksum.hpp"
#include "transport/errors.hpp"

using namespace annulet::transport;
using annulet::tests::error_of;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(frame)

namespace {

using HeaderBytes = std::array<std::byte, kHeaderSize>;

constexpr std::uint16_t kLastType = static_cast<std::uint16_t>(FrameType::trial);

std::error_code decode_error(const HeaderBytes& bytes) {
  return error_of([&] { return decode(bytes); });
}

/// Stores a field and makes the header's checksum right again.
template <class T>
HeaderBytes with(HeaderBytes bytes, std::size_t offset, T value) {
  store_le(bytes.data() + offset, value);
  store_le(bytes.data() + 40, checksum(std::span(bytes).first(40)));
  return bytes;
}

}  // namespace

BOOST_DATA_TEST_CASE(every_type_comes_back_as_it_was, data::xrange<std::uint16_t>(1, kLastType + 1),
                     number) {
  const auto type = static_cast<FrameType>(number);
  const FrameHeader header{.type = type,
                           .payload_length = max_payload(type),
                           .epoch = 7,
                           .elements = std::numeric_limits<std::uint32_t>::max(),
                           .round = std::numeric_limits<std::uint64_t>::max() - 1,
                           .digest = 0x0123'4567'89ab'cdef};
  BOOST_TEST((decode(encode(header)) == header));
}

// The layout is a promise to every other device: each byte is named here.
BOOST_AUTO_TEST_CASE(fields_lie_little_endian_at_their_offsets) {
  const HeaderBytes bytes = encode(FrameHeader{.type = FrameType::all_reduce,
                                               .codec = 0,
                                               .payload_length = 0,
                                               .epoch = 0x0302'0104,
                                               .elements = 0x1413'1211,
                                               .round = 0x2827'2625'2423'2221,
                                               .digest = 0x3837'3635'3433'3231});
  const std::array<std::uint8_t, 40> expected{
      'A',  'N',  'L',  '1',  1,    0,    13,   0,     // magic, version, codec, type
      0,    0,    0,    0,    0,    0,    0,    0,     // payload length, flags
      0x04, 0x01, 0x02, 0x03, 0x11, 0x12, 0x13, 0x14,  // epoch, elements
      0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28,  // round
      0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38,  // digest
  };
  BOOST_TEST(std::ranges::equal(std::span(bytes).first(40), std::as_bytes(std::span(expected))));
  BOOST_TEST(load_le<std::uint64_t>(bytes.data() + 40) == checksum(std::span(bytes).first(40)));
}

BOOST_DATA_TEST_CASE(any_flipped_bit_is_noticed, data::xrange(kHeaderSize * 8), bit) {
  HeaderBytes bytes = encode(FrameHeader{.type = FrameType::view, .payload_length = 100});
  bytes.at(bit / 8) ^= static_cast<std::byte>(1U << (bit % 8));
  const bool in_version = bit / 8 == 4;
  BOOST_TEST(decode_error(bytes) ==
             make_error_code(in_version ? errc::version_mismatch : errc::bad_frame));
}

BOOST_AUTO_TEST_CASE(another_version_is_named_whatever_follows_it) {
  HeaderBytes bytes;
  bytes.fill(std::byte{0xff});
  store_le(bytes.data(), std::uint32_t{0x314c'4e41});
  store_le(bytes.data() + 4, std::uint8_t{2});
  BOOST_TEST(decode_error(bytes) == make_error_code(errc::version_mismatch));
}

BOOST_AUTO_TEST_CASE(another_protocol_is_no_version_of_ours) {
  HeaderBytes bytes{};
  std::ranges::copy(std::as_bytes(std::span("GET / HTTP/1.1\r\nHost: a-device.local\r\n\r\n")),
                    bytes.begin());
  BOOST_TEST(decode_error(bytes) == make_error_code(errc::bad_frame));
}

// With a right checksum, so that each field is refused for what it says.
BOOST_AUTO_TEST_CASE(fields_of_no_meaning_are_refused) {
  const HeaderBytes good = encode(FrameHeader{.type = FrameType::heartbeat});
  BOOST_TEST(decode_error(with(good, 5, std::uint8_t{1})) == make_error_code(errc::bad_frame));
  BOOST_TEST(decode_error(with(good, 6, std::uint16_t{0})) == make_error_code(errc::bad_frame));
  BOOST_TEST(decode_error(with(good, 6, static_cast<std::uint16_t>(kLastType + 1))) ==
             make_error_code(errc::bad_frame));
  BOOST_TEST(decode_error(with(good, 12, std::uint32_t{1})) == make_error_code(errc::bad_frame));
  BOOST_TEST(decode_error(with(good, 0, std::uint32_t{0})) == make_error_code(errc::bad_frame));
  BOOST_TEST(!decode_error(with(good, 16, std::uint32_t{1})));
}

// Which codecs there are is for the ring to say, in words of its own.
BOOST_AUTO_TEST_CASE(only_ring_operations_have_a_codec) {
  const FrameHeader header{.type = FrameType::all_reduce, .codec = 200};
  BOOST_TEST((decode(encode(header)) == header));
  BOOST_TEST(decode_error(encode(FrameHeader{.type = FrameType::data_hello, .codec = 1})) ==
             make_error_code(errc::bad_frame));
}

BOOST_DATA_TEST_CASE(a_payload_beyond_its_type_is_too_large,
                     data::xrange<std::uint16_t>(1, kLastType + 1), number) {
  const auto type = static_cast<FrameType>(number);
  const FrameHeader longer{.type = type, .payload_length = max_payload(type) + 1};
  BOOST_TEST(decode_error(encode(longer)) == make_error_code(errc::too_large));
}

BOOST_AUTO_TEST_SUITE_END()
