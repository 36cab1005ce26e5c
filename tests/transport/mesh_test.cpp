/// Sums in one hop: the ring's bits, the bytes of their formula, and what happens when a link
/// breaks.
#include "transport/mesh.hpp"

#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <system_error>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "devices/side_by_side.hpp"
#include "tests/support/sim_rings.hpp"
#include "transport/errors.hpp"
#include "transport/ring_bytes.hpp"

namespace annulet::transport {
BOOST_AUTO_TEST_SUITE(mesh)

namespace {

namespace data = boost::unit_test::data;
using namespace std::chrono_literals;
using tests::SimRings;

constexpr devices::TimePoint kNever{std::chrono::hours(1)};

struct Vectors {
  Vectors(std::size_t W, std::size_t d) : x(W), facts(W) {
    std::mt19937 engine(7);
    for (std::size_t r = 0; r < W; ++r) {
      x[r].resize(d);
      for (auto& value : x[r]) value = static_cast<float>(engine()) / 4e9F - 0.5F;
      facts[r] = {static_cast<float>(r) / 3.0F, 1.0F};
    }
  }
  bool operator==(const Vectors&) const = default;

  std::vector<std::vector<float>> x;
  std::vector<std::array<float, 2>> facts;
};

void add_up(SimRings& rings, Vectors& vectors, const Operation& operation = {1, 1, 42, true}) {
  rings.on_all([&](std::size_t r, Ring& ring) -> asio::awaitable<void> {
    co_await ring.all_reduce(operation, vectors.x[r], vectors.facts[r], kNever);
  });
}

/// Every rank's error of one operation; rank r may say another one than the others.
std::vector<std::error_code> errors(SimRings& rings, Vectors& vectors,
                                    const std::vector<Operation>& operations) {
  std::vector<std::error_code> codes(operations.size());
  rings.on_all([&](std::size_t r, Ring& ring) -> asio::awaitable<void> {
    try {
      co_await ring.all_reduce(operations[r], vectors.x[r], vectors.facts[r], kNever);
    } catch (const std::system_error& error) {
      codes[r] = error.code();
    }
  });
  return codes;
}

}  // namespace

// Which way a sum takes must not change a model.
BOOST_DATA_TEST_CASE(the_bits_are_those_of_the_ring,
                     data::make<std::size_t>({2, 3, 4, 7, 16}) *
                         data::make<std::size_t>({0, 1, 2, 15, 16, 17, 1003}),
                     W, d) {
  Vectors around(W, d), across(W, d);
  SimRings ring(W), mesh(W);
  mesh.add_mesh();
  for (int i = 0; i < 3; ++i) {
    add_up(ring, around);
    add_up(mesh, across);
    BOOST_TEST((across == around));
  }
}

// More than any buffer on the way holds: nobody may wait for room that only the other can make.
BOOST_AUTO_TEST_CASE(vectors_that_fit_into_no_buffer) {
  const std::size_t W = 3, d = (kMostMeshBytes / 2 - 8) / 4;  // and two facts
  Vectors around(W, d), across(W, d);
  SimRings ring(W), mesh(W);
  mesh.add_mesh();
  add_up(ring, around);
  add_up(mesh, across);
  BOOST_TEST((across == around));
}

BOOST_DATA_TEST_CASE(bytes_are_those_of_the_formula,
                     data::make<std::size_t>({2, 3, 4, 7}) * data::make<std::size_t>({0, 1, 1003}),
                     W, d) {
  SimRings rings(W);
  rings.add_mesh();
  Vectors vectors(W, d);
  add_up(rings, vectors);
  for (std::size_t r = 0; r < W; ++r) {
    const auto traffic = rings.ring(r).traffic();
    BOOST_TEST(traffic.model_sent == (W - 1) * (d + 2) * 4);
    BOOST_TEST(traffic.model_sent == mesh_bytes({d, 2}, W));
    BOOST_TEST(traffic.model_sent == bytes_of(rings.ring(r), {d, 2}));
    BOOST_TEST(traffic.control_sent == mesh_framing(W));
    BOOST_TEST(traffic.model_received == traffic.model_sent);
    BOOST_TEST(traffic.control_received == traffic.control_sent);
  }
}

BOOST_AUTO_TEST_CASE(larger_sums_go_around_the_ring) {
  const std::size_t W = 5, most = kMostMeshBytes / 4 / 4 - 2;  // and two facts
  SimRings rings(W), without(W);
  rings.add_mesh();
  for (const std::size_t d : {most, most + 1, most}) {
    Vectors here(W, d), there(W, d);
    const auto before = rings.ring(1).traffic();
    add_up(rings, here);
    add_up(without, there);
    BOOST_TEST((here == there));
    const auto sent = rings.ring(1).traffic().model_sent - before.model_sent;
    BOOST_TEST(sent == (d == most ? mesh_bytes({d, 2}, W) : all_reduce_bytes({d, 2}, {1, W})));
    BOOST_TEST(sent == bytes_of(rings.ring(1), {d, 2}));
  }
}

// The links have 1 ms each way: a ring of four would need six of them.
BOOST_AUTO_TEST_CASE(it_takes_one_hop) {
  SimRings rings(4);
  rings.add_mesh();
  Vectors vectors(4, 100);
  const auto start = rings.world().now();
  add_up(rings, vectors);
  BOOST_TEST((rings.world().now() - start == 1ms));
}

// Processors do not agree on the bits of a NaN that they make; workers must.
BOOST_AUTO_TEST_CASE(a_nan_has_the_same_bits_on_all) {
  const std::size_t W = 4;
  SimRings rings(W);
  rings.add_mesh();
  Vectors vectors(W, 4);
  vectors.x[0][0] = std::numeric_limits<float>::infinity();
  vectors.x[2][0] = -std::numeric_limits<float>::infinity();
  vectors.x[1][1] = -std::numeric_limits<float>::quiet_NaN();
  add_up(rings, vectors);
  constexpr std::uint32_t kQuiet = 0x7fc0'0000;
  for (const auto& x : vectors.x) {
    BOOST_TEST(std::bit_cast<std::uint32_t>(x[0]) == kQuiet);
    BOOST_TEST(std::bit_cast<std::uint32_t>(x[1]) == kQuiet);
  }
}

BOOST_AUTO_TEST_CASE(another_round_and_another_model_are_refused) {
  const std::size_t W = 4;
  const Operation usual{1, 5, 42, true};
  for (const bool is_round : {true, false}) {
    SimRings rings(W);
    rings.add_mesh();
    Vectors vectors(W, 10);
    std::vector<Operation> operations(W, usual);
    (is_round ? operations[1].number : operations[1].digest) += 1;
    const auto expected = is_round ? errc::out_of_step : errc::model_mismatch;
    const auto codes = errors(rings, vectors, operations);
    for (std::size_t r = 0; r < W; ++r) {
      BOOST_TEST(codes[r] == make_error_code(expected));
      if (r != 1) BOOST_TEST((rings.ring(r).blamed() == 1U));
    }
  }
}

// Between ranks 0 and 2, which are no neighbours: on the way from 0, the one byte that is flipped.
BOOST_DATA_TEST_CASE(damage_is_found, data::make<std::uint64_t>({0, 47, 48, 90, 95, 103}), byte) {
  const std::size_t W = 4, d = 10;  // 48 + 4 (10 + 2) + 8 bytes
  SimRings rings(W);
  rings.add_mesh(0, {.fault = Fault::corrupt, .way = Way::sending, .byte = byte});
  Vectors vectors(W, d);
  const auto codes = errors(rings, vectors, std::vector<Operation>(W, Operation{1, 5, 42, true}));
  const auto expected = byte < kHeaderSize ? errc::bad_frame : errc::bad_checksum;
  BOOST_TEST(codes[2] == make_error_code(expected));
  BOOST_TEST((rings.ring(2).blamed() == 0U));
}

BOOST_AUTO_TEST_CASE(a_link_that_breaks_is_blamed_on_its_other_end) {
  const std::size_t W = 5;
  SimRings rings(W);
  rings.add_mesh(2, {.fault = Fault::cut, .way = Way::sending, .byte = 50});  // ranks 1 and 3
  Vectors vectors(W, 10);
  const auto codes = errors(rings, vectors, std::vector<Operation>(W, Operation{1, 5, 42, true}));
  BOOST_TEST(codes[1] == std::make_error_code(std::errc::connection_reset));
  BOOST_TEST(codes[3] == make_error_code(errc::closed));
  BOOST_TEST((rings.ring(1).blamed() == 3U));
  BOOST_TEST((rings.ring(3).blamed() == 1U));
}

BOOST_AUTO_TEST_CASE(small_vectors_over_slow_hops_are_faster_so) {
  const devices::LinkSpeed wifi{2.5e6, 5ms}, wire{125e6, 30us}, free{0, 1us};
  BOOST_TEST(is_mesh_faster(4, 1024, wifi));
  BOOST_TEST(is_mesh_faster(4, 1024, wire));
  BOOST_TEST(is_mesh_faster(2, 1024, wire));
  BOOST_TEST(!is_mesh_faster(4, 65536, wire));
  BOOST_TEST(is_mesh_faster(4, 65536, {12.5e6, 20ms}));
  BOOST_TEST(!is_mesh_faster(4, 1 << 20, wifi));
  BOOST_TEST(is_mesh_faster(4, 4096, free));
  BOOST_TEST(!is_mesh_faster(4, 65536, free));        // it would have to be added up afterwards
  BOOST_TEST(!is_mesh_faster(64, 65536, {0, 50ms}));  // 4 MiB to send
  BOOST_TEST(!is_mesh_faster(1, 1024, wire));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::transport
