/// Codecs: exact tables, how far values may be off, and what any bytes decode to.
#include "transport/codec.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/codecs.hpp"
#include "transport/bytes.hpp"
#include "transport/checksum.hpp"

namespace annulet::transport {
BOOST_AUTO_TEST_SUITE(codec)

namespace {

namespace data = boost::unit_test::data;

constexpr std::array<std::size_t, 9> kLengths = {1, 2, 3, 7, 8, 31, 128, 255, 256};
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kTiny = std::numeric_limits<float>::min();            // the smallest normal float
constexpr float kTiniest = std::numeric_limits<float>::denorm_min();  // the smallest float

std::vector<std::byte> encoded(Compress compress, const std::vector<float>& values) {
  const Codec& codec = *codec_of(compress);
  std::vector<std::byte> block(codec.block_bytes(values.size()), std::byte{0xcc});
  codec.encode(values, block);
  return block;
}

std::vector<float> decoded(Compress compress, const std::vector<std::byte>& block, std::size_t n) {
  std::vector<float> values(n, 99);
  codec_of(compress)->decode(block, values);
  return values;
}

std::vector<float> there_and_back(Compress compress, const std::vector<float>& values) {
  return decoded(compress, encoded(compress, values), values.size());
}

float scale_of(const std::vector<std::byte>& block) {
  return std::bit_cast<float>(load_le<std::uint32_t>(block.data()));
}

/// The numbers of a block, one byte each.
std::vector<int> bytes_behind_the_scale(const std::vector<std::byte>& block) {
  std::vector<int> bytes;
  std::ranges::transform(std::span(block).subspan(4), std::back_inserter(bytes),
                         [](std::byte b) { return std::to_integer<int>(b); });
  return bytes;
}

std::vector<float> noise(std::size_t n, float size, std::uint32_t seed = 5) {
  std::mt19937 engine(seed);
  std::vector<float> values(n);
  for (auto& value : values) {
    value = (static_cast<float>(engine() >> 8U) * 0x1p-23F - 1) * size;  // exact: 24 bits
  }
  return values;
}

/// How far a value may be off: half a scale where numbers are whole, and the rounding of p * (1/s)
/// and of number * s, each below 2^-16 scales, as numbers are below 2^7 and a float has 24 bits.
double allowed_error(Compress compress, float value, float scale) {
  if (compress == Compress::f16) return std::max(std::abs(value) * 0x1p-11, scale * 0x1p-25);
  return (0.5 + 0x1p-16) * scale;
}

}  // namespace

BOOST_AUTO_TEST_CASE(q8_rounds_to_the_nearest_number_ties_to_even) {
  const std::vector<float> values{127,   -127, 0.5F,  1.5F,   2.5F,   -0.5F,
                                  -1.5F, 0,    -0.0F, 126.5F, 100.4F, -100.6F};
  const auto block = encoded(Compress::q8, values);
  BOOST_TEST(scale_of(block) == 1.0F);
  const std::vector<int> expected{127, 256 - 127, 0, 2, 2, 0, 256 - 2, 0, 0, 126, 100, 256 - 101};
  BOOST_TEST(bytes_behind_the_scale(block) == expected, boost::test_tools::per_element());
}

// Byte j: number j of the first half low, of the second half high.
BOOST_AUTO_TEST_CASE(q4_packs_two_halves_and_rounds_ties_to_even) {
  const auto even = encoded(Compress::q4, {7, -7, 0.5F, 1.5F, 2.5F, -1.5F});
  BOOST_TEST(scale_of(even) == 1.0F);
  BOOST_TEST(bytes_behind_the_scale(even) == (std::vector<int>{0x27, 0x29, 0xe0}),
             boost::test_tools::per_element());
  const auto odd = encoded(Compress::q4, {-7, 6.5F, 3, 1, -3.4F});
  BOOST_TEST(bytes_behind_the_scale(odd) == (std::vector<int>{0x19, 0xd6, 0x03}),
             boost::test_tools::per_element());
  BOOST_TEST(decoded(Compress::q4, odd, 5) == (std::vector<float>{-7, 6, 3, 1, -3}),
             boost::test_tools::per_element());
}

// The largest is 2^14: the scale is 1, and these are the halves of IEEE 754.
BOOST_AUTO_TEST_CASE(f16_has_the_half_floats_of_the_standard) {
  const std::vector<float> values{16384,
                                  1,
                                  -2.5F,
                                  0x1p-14F,             // smallest normal half
                                  0x1p-24F,             // smallest half
                                  0x1p-25F,             // tie: 0
                                  3 * 0x1p-25F,         // tie: 2 * 2^-24
                                  1 + 0x1p-11F,         // tie: 1
                                  1 + 3 * 0x1p-11F,     // tie: 1 + 2^-9
                                  0x1p-14F - 0x1p-25F,  // tie: to the smallest normal
                                  -0.0F};
  const auto block = encoded(Compress::f16, values);
  BOOST_TEST(scale_of(block) == 1.0F);
  const std::vector<std::uint16_t> expected{0x7400, 0x3c00, 0xc100, 0x0400, 0x0001, 0x0000,
                                            0x0002, 0x3c00, 0x3c02, 0x0400, 0x8000};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    BOOST_TEST(load_le<std::uint16_t>(&block[4 + 2 * i]) == expected[i], "value " << i);
  }
}

BOOST_AUTO_TEST_CASE(every_half_decodes_to_what_the_standard_says_and_encodes_again) {
  const Codec& f16 = *codec_of(Compress::f16);
  for (std::uint32_t half = 0; half < 65'536; ++half) {
    std::array<std::byte, 8> block{};
    store_le(block.data(), std::bit_cast<std::uint32_t>(1.0F));
    store_le(&block[4], static_cast<std::uint16_t>(half));
    store_le(&block[6], std::uint16_t{0x7400});  // 2^14, so that the scale stays 1
    std::array<float, 2> values{};
    f16.decode(block, values);
    const auto exponent = static_cast<int>(half >> 10U & 31U);
    const double fraction = static_cast<double>(half & 1023U) / 1024;
    const double magnitude =
        exponent == 0 ? std::ldexp(fraction, -14) : std::ldexp(1 + fraction, exponent - 15);
    const double expected = half < 0x8000 ? magnitude : -magnitude;
    BOOST_TEST(values[0] == expected);
    BOOST_TEST(std::signbit(values[0]) == (half >= 0x8000));
    if (magnitude >= 0x1p15) continue;  // never sent
    std::array<std::byte, 8> again{};
    f16.encode(values, again);
    BOOST_TEST((again == block), "half " << half);
  }
}

BOOST_DATA_TEST_CASE(values_are_off_by_half_a_scale_at_most,
                     data::make(kLossy) * data::make(kLengths), compress, n) {
  for (const float size : {1.0F, 1e-30F, 3e-3F, 7e20F, 1e38F}) {
    const auto values = noise(n, size);
    const auto block = encoded(compress, values);
    const auto back = decoded(compress, block, n);
    const float scale = scale_of(block);
    for (std::size_t i = 0; i < n; ++i) {
      const double error = std::abs(static_cast<double>(values[i]) - static_cast<double>(back[i]));
      BOOST_TEST(error <= allowed_error(compress, values[i], scale),
                 "value " << values[i] << " came back as " << back[i] << ", scale " << scale);
    }
  }
}

BOOST_DATA_TEST_CASE(a_block_of_zeros_is_zero_bytes, data::make(kLossy) * data::make(kLengths),
                     compress, n) {
  for (const float zero : {0.0F, -0.0F}) {
    const auto block = encoded(compress, std::vector<float>(n, zero));
    BOOST_TEST(std::ranges::all_of(block, [](std::byte b) { return b == std::byte{0}; }));
    BOOST_TEST(decoded(compress, block, n) == std::vector<float>(n, 0),
               boost::test_tools::per_element());
  }
}

// Below the smallest normal scale whole numbers would be of a few bits or none.
BOOST_AUTO_TEST_CASE(blocks_below_the_normal_floats_are_zeros_or_exact) {
  for (const auto& [compress, most] : {std::pair{Compress::q8, 127.0F}, {Compress::q4, 7.0F}}) {
    BOOST_TEST(there_and_back(compress, {most * kTiny, 0})[0] == most * kTiny);
    const float below = std::nextafter(most * kTiny, 0.0F);
    BOOST_TEST(there_and_back(compress, {below, 0, -kTiniest}) == (std::vector<float>{0, 0, 0}),
               boost::test_tools::per_element());
  }
  const std::vector<float> small{kTiniest, -kTiniest, 0, 3 * kTiniest, 1000 * kTiniest};
  BOOST_TEST(there_and_back(Compress::f16, small) == small, boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(a_block_that_is_not_finite_is_nan_as_a_whole, data::make(kLossy), compress) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float largest = std::numeric_limits<float>::max();
  for (const float bad : {nan, -nan, kInfinity, -kInfinity}) {
    for (const std::size_t at : {0U, 1U, 6U}) {
      std::vector<float> values(7, 1);
      values[at] = bad;
      const auto block = encoded(compress, values);
      BOOST_TEST(load_le<std::uint32_t>(block.data()) == 0x7fc0'0000U);  // one form on all CPUs
      for (const int number : bytes_behind_the_scale(block)) BOOST_TEST(number == 0);
      for (const float value : decoded(compress, block, 7)) BOOST_TEST(std::isnan(value));
    }
  }
  // Finite values never become infinite: near the largest float they stay, or are NaN.
  for (float value = largest; value > largest * 0.999F; value -= largest * 0x1p-20F) {
    const float back = there_and_back(compress, {value, 1})[0];
    BOOST_TEST(!std::isinf(back));
    BOOST_TEST((!std::isnan(back) || value > largest * 0.9995F));
  }
}

BOOST_DATA_TEST_CASE(any_bytes_decode_to_something, data::make(kLossy) * data::make(kLengths),
                     compress, n) {
  std::mt19937 engine(3);
  for (int i = 0; i < 200; ++i) {
    std::vector<std::byte> block(codec_of(compress)->block_bytes(n));
    for (auto& byte : block) byte = static_cast<std::byte>(engine());
    const auto values = decoded(compress, block, n);
    const float scale = scale_of(block);
    // The largest number that bytes can name, times the scale.
    const double most = (compress == Compress::f16 ? 131'008.0 : 128.0) * std::abs(scale);
    for (const float value : values) {
      BOOST_TEST((std::isfinite(scale) ? std::abs(value) <= most || std::isinf(value)
                                       : std::isnan(value)));
    }
  }
}

BOOST_AUTO_TEST_CASE(every_byte_of_q8_and_q4_is_a_number) {
  for (int byte = 0; byte < 256; ++byte) {
    std::vector<std::byte> block(5);
    store_le(block.data(), std::bit_cast<std::uint32_t>(2.0F));
    block[4] = static_cast<std::byte>(byte);
    BOOST_TEST(decoded(Compress::q8, block, 1)[0] == 2 * (byte < 128 ? byte : byte - 256));
    const auto two = decoded(Compress::q4, block, 2);
    const auto number = [](int bits) { return bits < 8 ? bits : bits - 16; };
    BOOST_TEST(two[0] == 2 * number(byte & 15));
    BOOST_TEST(two[1] == 2 * number(byte >> 4));
  }
}

BOOST_DATA_TEST_CASE(blocks_may_lie_at_any_address, data::make(kLossy), compress) {
  const auto values = noise(100, 1);
  const auto expected = encoded(compress, values);
  std::vector<std::byte> moved(expected.size() + 1);
  codec_of(compress)->encode(values, std::span(moved).subspan(1));
  BOOST_TEST(std::ranges::equal(std::span(moved).subspan(1), expected));
  std::vector<float> back(101);
  codec_of(compress)->decode(std::span(moved).subspan(1), std::span(back).subspan(1));
  BOOST_TEST(std::ranges::equal(std::span(back).subspan(1), decoded(compress, expected, 100)));
}

BOOST_AUTO_TEST_CASE(sizes_count_a_scale_for_each_block) {
  const auto bytes = [](Compress compress, std::size_t n) {
    return encoded_bytes(codec_of(compress), n);
  };
  BOOST_TEST(bytes(Compress::none, 300) == 1200U);
  BOOST_TEST(bytes(Compress::f16, 300) == 2 * 4 + 600U);
  BOOST_TEST(bytes(Compress::q8, 300) == 2 * 4 + 300U);
  BOOST_TEST(bytes(Compress::q4, 300) == 2 * 4 + 128 + 22U);
  BOOST_TEST(bytes(Compress::q4, 301) == 2 * 4 + 128 + 23U);
  for (const auto compress : kLossy) {
    BOOST_TEST(bytes(compress, 0) == 0U);
    BOOST_TEST(bytes(compress, 256) == codec_of(compress)->block_bytes(256));
    BOOST_TEST(bytes(compress, 257) == bytes(compress, 256) + codec_of(compress)->block_bytes(1));
    BOOST_TEST((codec_of(compress)->kind() == compress));
  }
}

// Found once on x86-64: other CPUs and compilers must give the same bytes, and the same values.
BOOST_AUTO_TEST_CASE(bits_are_the_same_everywhere) {
  const std::array<std::array<std::uint64_t, 2>, 3> expected{
      {{0xb4d86614e74b236c, 0x79678e2ac4022507},
       {0x8e0c697bf7e1c1ff, 0x6b31a6723185c5d6},
       {0x1f3dfe7eae29558e, 0xc9d097c06f200449}}};
  for (std::size_t c = 0; c < kLossy.size(); ++c) {
    std::vector<std::byte> all;
    std::vector<float> back;
    for (std::uint32_t seed = 0; seed < 50; ++seed) {
      const auto values =
          noise(200 + seed, std::ldexp(1.3F, static_cast<int>(5 * seed) - 125), seed);
      const auto block = encoded(kLossy.at(c), values);
      const auto decoded_values = decoded(kLossy.at(c), block, values.size());
      all.insert(all.end(), block.begin(), block.end());
      back.insert(back.end(), decoded_values.begin(), decoded_values.end());
    }
    BOOST_TEST_CONTEXT(kLossy.at(c)) {
      BOOST_TEST(checksum(all) == expected.at(c)[0]);
      BOOST_TEST(checksum(bytes_of(std::span<const float>(back))) == expected.at(c)[1]);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::transport
