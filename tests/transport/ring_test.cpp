/// The ring over a simulated LAN: sums, bits, bytes, and what happens when a link breaks.
#include "transport/ring.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <numeric>
#include <random>
#include <vector>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "devices/world.hpp"
#include "transport/errors.hpp"
#include "transport/sim_network.hpp"

namespace annulet::transport {
BOOST_AUTO_TEST_SUITE(ring)

namespace {

namespace data = boost::unit_test::data;
using devices::TimePoint;
using devices::World;
using namespace std::chrono_literals;

constexpr TimePoint kNever{std::chrono::hours(1)};

/// W rings on one simulated LAN, each with a vector and two facts of its own.
class Cluster {
 public:
  Cluster(std::size_t W, std::size_t d, devices::LinkSpeed speed = {1.25e6, 1ms})
      : lan_(world_, speed), x(W), facts(W), errors(W) {
    std::mt19937 engine(7);
    for (std::size_t r = 0; r < W; ++r) {
      x[r].resize(d);
      for (auto& value : x[r]) value = static_cast<float>(engine()) / 4e9F - 0.5F;
      facts[r] = {static_cast<float>(r), 1.0F};
    }
    std::vector<std::unique_ptr<Link>> from(W), to(W);
    for (std::size_t r = 0; W > 1 && r < W; ++r) {
      asio::co_spawn(world_.context(), connect(r, W, from, to), asio::detached);
    }
    world_.run();
    for (std::size_t r = 0; r < W; ++r) {
      rings.push_back(std::make_unique<Ring>(Ring::Place{r, W}, std::move(from[r]),
                                             std::move(to[r]), world_,
                                             world_.context().get_executor()));
    }
  }

  /// One all-reduce on all; rank r may say another operation than the others.
  void run(const std::vector<Operation>& operations) {
    for (std::size_t r = 0; r < rings.size(); ++r) {
      asio::co_spawn(world_.context(), rings[r]->all_reduce(operations[r], x[r], facts[r], kNever),
                     [this, r](std::exception_ptr error, RingTiming) { errors[r] = error; });
    }
    world_.run();
  }
  void run() { run(std::vector<Operation>(rings.size(), Operation{1, 1, 42, true})); }

  [[nodiscard]] std::error_code code(std::size_t r) const {
    if (!errors[r]) return {};
    try {
      std::rethrow_exception(errors[r]);
    } catch (const std::system_error& error) {
      return error.code();
    }
  }

  World world_;
  SimNetwork lan_;
  std::vector<std::vector<float>> x;
  std::vector<std::array<float, 2>> facts;
  std::vector<std::exception_ptr> errors;
  std::vector<std::unique_ptr<Ring>> rings;

 private:
  asio::awaitable<void> connect(std::size_t r, std::size_t W,
                                std::vector<std::unique_ptr<Link>>& from,
                                std::vector<std::unique_ptr<Link>>& to) {
    auto host = lan_.host(std::to_string(r));
    auto listener = host->listen({"", 7});
    to[r] = co_await host->dial({std::to_string((r + 1) % W), 7});
    from[r] = co_await listener->accept();
  }
};

/// The sum as the ring's order of additions defines it: segment s starts at rank s.
std::vector<float> ring_order_sum(const std::vector<std::vector<float>>& x) {
  const std::size_t W = x.size();
  std::vector<float> sum(x[0].size());
  for (std::size_t s = 0; s < W; ++s) {
    const Segment part = segment(sum.size(), W, s);
    for (std::size_t i = part.begin; i < part.end; ++i) {
      sum[i] = x[s][i];
      for (std::size_t k = 1; k < W; ++k) sum[i] = sum[i] + x[(s + k) % W][i];
    }
  }
  return sum;
}

const std::vector<std::size_t> kWorkers{1, 2, 3, 7, 16};
std::vector<std::size_t> sizes_for(std::size_t W) { return {0, 1, W - 1, W, W + 1, 1003, 300000}; }

}  // namespace

BOOST_AUTO_TEST_CASE(segments_cover_the_vector_and_differ_by_one_at_most) {
  for (const std::size_t W : kWorkers) {
    for (const std::size_t d : sizes_for(W)) {
      std::size_t end = 0;
      for (std::size_t s = 0; s < W; ++s) {
        const Segment part = segment(d, W, s);
        BOOST_TEST(part.begin == end);
        BOOST_TEST((part.length() == d / W || part.length() == d / W + 1));
        end = part.end;
      }
      BOOST_TEST(end == d);
    }
  }
}

// Every element is summed in ring order by one owner, so no worker can differ in a single bit.
BOOST_DATA_TEST_CASE(sum_is_bit_identical_on_every_worker, data::make(kWorkers), W) {
  for (const std::size_t d : sizes_for(W)) {
    Cluster cluster(W, d);
    const auto expected = ring_order_sum(cluster.x);
    cluster.run();
    for (std::size_t r = 0; r < W; ++r) {
      BOOST_TEST(!cluster.errors[r]);
      BOOST_TEST((cluster.x[r] == expected), "rank " << r << " of " << W << ", d " << d);
      BOOST_TEST(cluster.facts[r][0] == static_cast<float>(W * (W - 1)) / 2);
      BOOST_TEST(cluster.facts[r][1] == static_cast<float>(W));
    }
  }
}

BOOST_DATA_TEST_CASE(bytes_are_those_of_the_formula, data::make(kWorkers), W) {
  for (const std::size_t d : sizes_for(W)) {
    if (W == 1) continue;
    Cluster cluster(W, d);
    cluster.run();
    for (std::size_t r = 0; r < W; ++r) {
      const std::size_t elements =
          2 * d - segment(d, W, (r + 1) % W).length() - segment(d, W, (r + 2) % W).length();
      const bool owns_tail_edge = (r + 1) % W == W - 1 || (r + 2) % W == W - 1;
      const std::size_t tails = W == 2 ? 1 : (owns_tail_edge ? 1 : 2);
      BOOST_TEST(cluster.rings[r]->traffic().model_sent == 4 * (elements + 2 * tails));
      BOOST_TEST(cluster.rings[r]->traffic().control_sent == 48 + 8 * (2 * W - 2));
    }
  }
}

// Cut-through: a step's first bytes leave before its last have come, so of the 2(W-1) delays of
// the cost formula all but one are hidden behind the data: nobody's line ever stands still.
BOOST_AUTO_TEST_CASE(large_vectors_take_the_time_of_their_bytes_and_one_delay) {
  Cluster cluster(4, 100000);
  const auto start = cluster.world_.now();
  cluster.run();
  std::uint64_t most = 0;  // the facts ride on different lines different times
  for (const auto& worker : cluster.rings) most = std::max(most, worker->traffic().sent());
  BOOST_TEST((cluster.world_.now() - start == most * 800ns + 1ms));
}

BOOST_AUTO_TEST_CASE(another_round_is_refused_by_the_neighbour) {
  Cluster cluster(3, 10);
  std::vector<Operation> operations(3, Operation{1, 5, 42, true});
  operations[1].number = 6;
  cluster.run(operations);
  BOOST_TEST(cluster.code(2) == make_error_code(errc::out_of_step));
  BOOST_TEST(cluster.code(1) == make_error_code(errc::out_of_step));
  BOOST_TEST((cluster.rings[2]->blamed() == 1U));
}

BOOST_AUTO_TEST_CASE(another_model_is_found_by_the_neighbour) {
  Cluster cluster(3, 10);
  std::vector<Operation> operations(3, Operation{1, 5, 42, true});
  operations[0].digest = 43;
  cluster.run(operations);
  BOOST_TEST(cluster.code(1) == make_error_code(errc::model_mismatch));
}

BOOST_AUTO_TEST_CASE(several_rounds_reuse_the_same_links) {
  Cluster cluster(5, 1003);
  for (std::uint64_t round = 1; round <= 20; ++round) {
    const auto expected = ring_order_sum(cluster.x);
    cluster.run(std::vector<Operation>(5, Operation{1, round, round, true}));
    for (const auto& x : cluster.x) BOOST_TEST((x == expected));
  }
}

BOOST_AUTO_TEST_CASE(a_deadline_ends_an_operation_that_stands_still) {
  Cluster cluster(3, 1000);
  cluster.lan_.cut("1");
  cluster.run();
  for (std::size_t r = 0; r < 3; ++r) {
    BOOST_TEST(cluster.code(r) == std::make_error_code(std::errc::timed_out));
  }
  BOOST_TEST(devices::seconds(cluster.world_.now().since_start) == 3600.0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::transport
