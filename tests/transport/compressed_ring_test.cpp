/// The ring with a codec: values, residuals, bytes, and that it never waits for itself.
#include <cmath>
#include <numeric>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/codecs.hpp"
#include "tests/support/coded_rings.hpp"
#include "tests/support/counted_allocations.hpp"
#include "tests/support/lossy_sum.hpp"
#include "transport/errors.hpp"

namespace annulet::transport {
BOOST_AUTO_TEST_SUITE(compressed_ring)

namespace {

namespace data = boost::unit_test::data;
using tests::CodedRings;
using Shape = CodedRings::Shape;

const std::vector<std::size_t> kWorkers{1, 2, 3, 4, 8};
std::vector<std::size_t> sizes_for(std::size_t W) {
  return {0, 1, W - 1, W, W + 1, 300, 255 * W, 256 * W + 1, 1003};
}

/// After a round: all ranks hold what one device computes, residuals too, and the facts are exact.
void check_round(Shape shape, Compress compress, const CodedRings::MakeLink& links) {
  CodedRings cluster(shape, links);
  auto residuals = cluster.residuals;
  const auto expected = tests::lossy_sum(*codec_of(compress), cluster.x, residuals);
  const auto alone = cluster.x;
  cluster.run(compress);
  BOOST_TEST_REQUIRE(cluster.ended == shape.W);
  for (std::size_t r = 0; r < shape.W; ++r) {
    BOOST_TEST_CONTEXT("rank " << r << " of " << shape.W << ", d " << shape.d) {
      BOOST_TEST(!cluster.errors[r]);
      BOOST_TEST((cluster.x[r] == (shape.W > 1 ? expected : alone[0])));
      BOOST_TEST((cluster.residuals[r] ==
                  (shape.W > 1 ? residuals[r] : std::vector<float>(shape.d, 0.0F))));
      BOOST_TEST(cluster.facts[r][0] == static_cast<float>(shape.W * (shape.W - 1)) / 2);
      BOOST_TEST(cluster.facts[r][1] == static_cast<float>(shape.W));
    }
  }
}

/// What rank r sends of segment s and the facts, over all steps.
std::size_t bytes_of_formula(std::size_t r, Shape shape, const Codec* codec, std::size_t facts) {
  std::size_t bytes = 0;
  for (std::size_t k = 0; k < 2 * shape.W - 2; ++k) {
    const std::size_t s = (r + 2 * shape.W - k) % shape.W;
    bytes += encoded_bytes(codec, segment(shape.d, shape.W, s).length());
    if (s == shape.W - 1) bytes += facts * sizeof(float);
  }
  return bytes;
}

}  // namespace

BOOST_DATA_TEST_CASE(every_worker_holds_the_owners_values,
                     data::make(kWorkers) * data::make(kLossy), W, compress) {
  for (const std::size_t d : sizes_for(W)) check_round({W, d}, compress, CodedRings::sim_link);
}

// More than the buffers hold: 64 KiB of blocks at once.
BOOST_DATA_TEST_CASE(long_segments_go_through_in_parts, data::make(kLossy), compress) {
  check_round({3, 700'003}, compress, CodedRings::sim_link);
}

// A link without memory takes a byte only when the next device does. Where all hold a whole segment
// that waits for room, nothing would move: the buffer is one block longer than that.
BOOST_DATA_TEST_CASE(links_without_memory_do_not_stop_it, data::make(kWorkers) * data::make(kLossy),
                     W, compress) {
  for (const std::size_t d : sizes_for(W)) {
    check_round({W, d}, compress, CodedRings::tight(1 << 20));
    check_round({W, d}, compress, CodedRings::tight(1));
    check_round({W, d}, compress, CodedRings::tight(13));
  }
}

BOOST_DATA_TEST_CASE(bytes_are_those_of_the_blocks, data::make(kWorkers) * data::make(kLossy), W,
                     compress) {
  for (const std::size_t d : sizes_for(W)) {
    if (W == 1) continue;
    CodedRings cluster({W, d});
    cluster.run(compress);
    std::uint64_t sent = 0, received = 0;
    for (std::size_t r = 0; r < W; ++r) {
      const Traffic& traffic = cluster.rings[r]->traffic();
      BOOST_TEST(traffic.model_sent == bytes_of_formula(r, {W, d}, codec_of(compress), 2));
      BOOST_TEST(traffic.control_sent == 48 + 8 * (2 * W - 2));
      sent += traffic.sent();
      received += traffic.received();
    }
    BOOST_TEST(sent == received);
  }
}

// Scales count, facts, headers and checksums do not.
BOOST_AUTO_TEST_CASE(ratios_are_those_promised) {
  const auto ratio = [](Compress compress, Shape shape) {
    std::size_t plain = 0, coded = 0;
    for (std::size_t r = 0; r < shape.W; ++r) {
      plain += bytes_of_formula(r, shape, nullptr, 0);
      coded += bytes_of_formula(r, shape, codec_of(compress), 0);
    }
    return static_cast<double>(coded) / static_cast<double>(plain);
  };
  BOOST_TEST(ratio(Compress::q8, {8, 300}) <= 0.30);
  BOOST_TEST(ratio(Compress::q8, {8, 10'000}) <= 0.26);
  BOOST_TEST(ratio(Compress::q8, {4, 50'890}) <= 0.26);
  BOOST_TEST(ratio(Compress::q4, {8, 300}) <= 0.17);
  BOOST_TEST(ratio(Compress::q4, {8, 10'000}) <= 0.17);
  BOOST_TEST(ratio(Compress::f16, {8, 300}) <= 0.53);
}

// What a round leaves out is sent with the next: over many rounds of the same vectors the mean of
// what comes is the sum. What is missing is the residuals' sum, which stays as large as that of one
// round, W halves of a scale, whose numbers are below W, by 7 steps a scale.
BOOST_DATA_TEST_CASE(errors_do_not_add_up_over_rounds, data::make(kLossy), compress) {
  const std::size_t W = 4, d = 1003;
  constexpr int kRounds = 50;
  CodedRings cluster({W, d});
  const auto x = cluster.x;
  auto residuals = cluster.residuals;
  std::vector<double> came(d);
  for (int round = 0; round < kRounds; ++round) {
    cluster.x = x;
    const auto expected = tests::lossy_sum(*codec_of(compress), x, residuals);
    cluster.run(compress, static_cast<std::uint64_t>(round));
    for (std::size_t r = 0; r < W; ++r) {
      BOOST_TEST((cluster.x[r] == expected));
      BOOST_TEST((cluster.residuals[r] == residuals[r]));
    }
    for (std::size_t i = 0; i < d; ++i) came[i] += static_cast<double>(expected[i]);
  }
  for (std::size_t i = 0; i < d; ++i) {
    double sum = 0, missing = 0;
    for (std::size_t r = 0; r < W; ++r) {
      sum += static_cast<double>(x[r][i]);
      missing += static_cast<double>(residuals[r][i]);
    }
    BOOST_TEST(std::abs(missing) <= W * 0.5 * (W + 1.0) / 7);
    // float32's rounding of sums below 8: three additions and two of residuals on each of 4 ranks.
    BOOST_TEST(std::abs(kRounds * sum - came[i] - missing) <= kRounds * 20 * 8 * 0x1p-24);
  }
}

BOOST_AUTO_TEST_CASE(another_codec_is_refused_by_the_neighbour) {
  for (const Compress other : {Compress::none, Compress::q4, Compress::f16}) {
    CodedRings cluster({3, 1000});
    cluster.run({Compress::q8, other, Compress::q8});
    BOOST_TEST(cluster.code(2) == make_error_code(errc::codec_mismatch));
    BOOST_TEST(cluster.code(1) == make_error_code(errc::codec_mismatch));
    BOOST_TEST((cluster.rings[2]->blamed() == 1U));
  }
}

BOOST_AUTO_TEST_CASE(a_residual_of_another_length_is_a_broken_promise) {
  CodedRings cluster({2, 10});
  cluster.residuals[0].resize(9);
  cluster.residuals[1].resize(9);
  cluster.run(Compress::q8);
  for (const auto& error : cluster.errors) {
    BOOST_REQUIRE(error);
    BOOST_CHECK_THROW(std::rethrow_exception(error), std::logic_error);
  }
}

// As without a codec, what has left the floats has on all devices; all other blocks are sound, and
// what follows is no worse.
BOOST_DATA_TEST_CASE(a_block_that_is_not_finite_is_nan_everywhere, data::make(kLossy), compress) {
  const std::size_t W = 3, d = 3 * 600;
  CodedRings cluster({W, d});
  const auto x = cluster.x;
  cluster.x[1][300] = std::numeric_limits<float>::infinity();
  cluster.run(compress);
  for (std::size_t r = 0; r < W; ++r) {
    BOOST_TEST(!cluster.errors[r]);
    for (std::size_t i = 0; i < d; ++i) {
      BOOST_TEST(std::isnan(cluster.x[r][i]) == (i >= 256 && i < 512), "element " << i);
      BOOST_TEST(std::isfinite(cluster.residuals[r][i]));
    }
  }
  cluster.x = x;
  cluster.run(compress, 2);
  for (const float value : cluster.x[0]) BOOST_TEST(std::isfinite(value));
}

// The same ring sums what must stay exact without a codec, in between.
BOOST_AUTO_TEST_CASE(operations_with_and_without_a_codec_take_turns) {
  CodedRings cluster({4, 1003});
  for (std::uint64_t number = 1; number <= 8; ++number) {
    const Compress compress = number % 2 == 0 ? Compress::none : Compress::q4;
    cluster.x = tests::noise(4, 1003, static_cast<std::uint32_t>(number));
    const auto before = cluster.x;
    auto residuals = cluster.residuals;
    cluster.run(compress, number);
    BOOST_TEST(!cluster.errors[0]);
    if (compress == Compress::none) {
      BOOST_TEST((cluster.residuals == residuals));
      BOOST_TEST(cluster.x[0][0] == before[0][0] + before[1][0] + before[2][0] + before[3][0]);
    } else {
      BOOST_TEST((cluster.x[2] == tests::lossy_sum(*codec_of(compress), before, residuals)));
    }
  }
}

// Its buffers are those of the first time: a window of 64 KiB and a segment of 333,337 bytes. What
// more there is are frames of the links' coroutines, a few for each call.
BOOST_AUTO_TEST_CASE(a_later_round_allocates_no_more_than_frames) {
  const auto allocated = [](std::size_t d) {
    CodedRings cluster({3, d}, CodedRings::tight(std::size_t{1} << 30));
    cluster.run(Compress::q8, 1);
    const auto before = tests::allocated_bytes();
    cluster.run(Compress::q8, 2);
    return tests::allocated_bytes() - before;
  };
  BOOST_TEST(allocated(1'000'000) <= allocated(1'000) + 32'768);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::transport
