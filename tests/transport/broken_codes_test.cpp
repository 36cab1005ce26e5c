/// The ring with a codec when a link breaks or lies, at any byte.
#include <algorithm>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/codecs.hpp"
#include "tests/support/coded_rings.hpp"
#include "tests/support/lossy_sum.hpp"
#include "transport/errors.hpp"
#include "transport/faulty_link.hpp"

namespace annulet::transport {
BOOST_AUTO_TEST_SUITE(broken_codes)

namespace {

namespace data = boost::unit_test::data;
using tests::CodedRings;
using tests::Ends;

constexpr CodedRings::Shape kShape{4, 1100};  // segments of 275: two blocks

/// The link from rank 1 to rank 2 has a fault.
CodedRings::MakeLink faulty(const FaultPlan& plan) {
  return [plan](CodedRings& rings, std::size_t rank) -> Ends {
    Ends ends = CodedRings::sim_link(rings, rank);
    if (rank == 1) {
      ends.sends = std::make_unique<FaultyLink>(std::move(ends.sends), plan,
                                                rings.world.context().get_executor());
    }
    return ends;
  };
}

std::uint64_t bytes_of_rank_1(Compress compress) {
  CodedRings sound(kShape);
  sound.run(compress);
  return sound.rings[1]->traffic().sent();
}

}  // namespace

BOOST_DATA_TEST_CASE(a_link_that_breaks_at_any_byte_ends_the_round_or_it_happened,
                     data::make(kLossy), compress) {
  CodedRings sound(kShape);
  sound.run(compress);
  const auto error = std::make_error_code(std::errc::host_unreachable);
  const auto bytes = bytes_of_rank_1(compress);
  std::uint64_t byte = 0;
  for (const Fault fault : {Fault::cut, Fault::fail, Fault::stall}) {
    for (byte %= 37; byte < bytes; byte += 37) {  // others for each fault
      CodedRings cluster(kShape, faulty({fault, Way::sending, byte, error}));
      cluster.run(compress);
      BOOST_TEST(cluster.ended == kShape.W);
      BOOST_TEST(std::ranges::count_if(cluster.errors, [](const auto& e) { return !!e; }) > 0);
      for (std::size_t r = 0; r < kShape.W; ++r) {
        if (cluster.errors[r]) continue;
        BOOST_TEST((cluster.x[r] == sound.x[r]), "rank " << r << " after byte " << byte);
      }
    }
  }
}

// Only the next device sees it: the checksum of what it sent on does not leave.
BOOST_DATA_TEST_CASE(a_flipped_bit_is_found_by_the_next_device, data::make(kLossy), compress) {
  int by_checksum = 0;
  const auto bytes = bytes_of_rank_1(compress);
  for (std::uint64_t byte = 0; byte < bytes; byte += 11) {
    CodedRings cluster(kShape, faulty({Fault::corrupt, Way::sending, byte}));
    cluster.run(compress);
    const auto code = cluster.code(2);
    by_checksum += code == make_error_code(errc::bad_checksum);
    BOOST_TEST(
        (code == make_error_code(errc::bad_checksum) || code == make_error_code(errc::bad_frame) ||
         code == make_error_code(errc::version_mismatch)),
        "byte " << byte << ": " << code.message());
    BOOST_TEST((cluster.rings[2]->blamed() == 1U));
  }
  BOOST_TEST(by_checksum > 50);
}

// A round that was given up has changed residuals and vectors; with the copies of its caller it is
// as if it had never been.
BOOST_DATA_TEST_CASE(a_round_that_is_taken_again_from_copies_is_the_same, data::make(kLossy),
                     compress) {
  CodedRings sound(kShape), broken(kShape, faulty({Fault::cut, Way::sending, 700, {}}));
  sound.residuals = tests::noise(kShape.W, kShape.d, 3);
  const auto x = broken.x;
  const auto residuals = sound.residuals;
  broken.residuals = residuals;
  sound.run(compress);
  broken.run(compress);
  BOOST_TEST((broken.residuals[1] != residuals[1]));
  CodedRings again(kShape);
  again.x = x;
  again.residuals = residuals;
  again.run(compress);
  BOOST_TEST((again.x == sound.x));
  BOOST_TEST((again.residuals == sound.residuals));
}

// A device that is no ring at all: a sound header, then anything.
BOOST_DATA_TEST_CASE(bytes_without_sense_are_refused_and_nothing_else, data::make(kLossy),
                     compress) {
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    std::shared_ptr<Link> stranger;
    CodedRings cluster({2, 3000}, [&](CodedRings& rings, std::size_t rank) -> Ends {
      Ends ends = CodedRings::sim_link(rings, rank);
      if (rank == 1) {
        stranger = std::move(ends.sends);
        ends.sends = std::make_unique<tests::TightLink>(
            std::make_shared<tests::TightPipe>(rings.world.context().get_executor(), 1));
      }
      return ends;
    });
    const auto header = encode(FrameHeader{.type = FrameType::all_reduce,
                                           .codec = static_cast<std::uint8_t>(compress),
                                           .epoch = 1,
                                           .elements = 3000,
                                           .round = 1,
                                           .digest = 42});
    std::mt19937 engine(seed);
    std::vector<std::byte> bytes(header.begin(), header.end());
    for (int i = 0; i < 20'000; ++i) bytes.push_back(static_cast<std::byte>(engine()));
    asio::co_spawn(cluster.world.context(), send_all(*stranger, bytes), [](std::exception_ptr) {});
    cluster.run(compress);
    BOOST_TEST(cluster.code(0) == make_error_code(errc::bad_checksum));
    stranger.reset();  // before its network
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::transport
