/// The largest eigenvalue of A'A, over the rows of all devices.
#include "runtime/smoothness.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "devices/processor.hpp"
#include "model/read_dataset.hpp"
#include "tests/support/data_folder.hpp"
#include "tests/support/sim_rings.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(smoothness)

namespace {

namespace data = boost::unit_test::data;
namespace tolerances = boost::test_tools;
using model::Dataset;
using tests::SimRings;

/// As W devices compute it that have file-order parts of the rows; the same bits on all.
double largest_eigenvalue(std::size_t W, const std::shared_ptr<const Dataset>& rows,
                          bool bias = false) {
  SimRings rings(W);
  std::vector<model::Index> all(rows->rows());
  std::iota(all.begin(), all.end(), model::Index{0});
  const model::Shard shard = model::make_shard(rows, all, model::LabelUse::none, {});
  std::vector<double> found(W);
  rings.on_all([&](std::size_t rank, transport::Ring& ring) -> asio::awaitable<void> {
    devices::VirtualProcessor processor(rings.world(), 1e9);
    const std::size_t n = shard.size();
    const ShardPart part{shard, n * rank / W, n * (rank + 1) / W};
    std::uint64_t number = 0;
    const auto next = [&number] { return transport::Operation{1, number++, 0, true}; };
    const auto never = [] { return devices::TimePoint{std::chrono::hours(1)}; };
    const std::size_t columns = rows->features() + (bias ? 1 : 0);
    found[rank] = co_await largest_gram_eigenvalue(
        ring, processor, GramRows{part, rows->features(), columns}, {}, next, never);
  });
  for (std::size_t r = 1; r < W; ++r) BOOST_TEST(found[r] == found[0]);
  BOOST_TEST(rings.ring(0).traffic().model_sent == 0U);
  return found[0];
}

std::shared_ptr<const Dataset> dense(std::vector<float> values, std::size_t features) {
  std::vector<float> labels(values.size() / features, 0);
  return std::make_shared<const Dataset>(
      Dataset::dense(std::move(values), std::move(labels), features));
}

}  // namespace

BOOST_DATA_TEST_CASE(diagonal_rows_give_the_largest_square, data::make({1, 2, 3}), workers) {
  const auto rows = dense({2, 0, 0, 0, 5, 0, 0, 0, -3}, 3);
  BOOST_TEST(largest_eigenvalue(static_cast<std::size_t>(workers), rows) == 25.0,
             tolerances::tolerance(1e-6));
}

// A'A = (5 4; 4 5) has the eigenvalues 9 and 1.
BOOST_DATA_TEST_CASE(two_by_two_in_closed_form, data::make({1, 2}), workers) {
  const auto rows = dense({1, 2, 2, 1}, 2);
  BOOST_TEST(largest_eigenvalue(static_cast<std::size_t>(workers), rows) == 9.0,
             tolerances::tolerance(1e-6));
}

// Rows that each sum to 0, as centred or +-1 coded features give them, are orthogonal to
// (1, ..., 1). A'A = (2 -1 -1; -1 2 -1; -1 -1 2) has the eigenvalues 3, 3 and 0; with a stretched
// first row it is (5 -4 -1; -4 5 -1; -1 -1 2) of 9, 3 and 0.
BOOST_DATA_TEST_CASE(rows_that_sum_to_zero_have_curvature, data::make({1, 2, 3}), workers) {
  const auto W = static_cast<std::size_t>(workers);
  const auto even = dense({1, -1, 0, 0, 1, -1, -1, 0, 1}, 3);
  BOOST_TEST(largest_eigenvalue(W, even) == 3.0, tolerances::tolerance(1e-6));
  const auto stretched = dense({2, -2, 0, 0, 1, -1, -1, 0, 1}, 3);
  BOOST_TEST(largest_eigenvalue(W, stretched) == 9.0, tolerances::tolerance(1e-6));
}

// Eigenvalues b^2 (1 + gap) and b^2 and smaller ones: what an iteration improves soon is less than
// what is still missing, by a factor of 1 / gap.
BOOST_DATA_TEST_CASE(two_close_eigenvalues_are_told_apart, data::make({0.1F, 0.01F, 0.002F, 1e-7F}),
                     gap) {
  std::vector<float> rows(25, 0);
  for (std::size_t i = 0; i < 5; ++i) rows[6 * i] = static_cast<float>(i + 1);
  rows[6] = 5 * std::sqrt(1 + gap);
  const double largest = static_cast<double>(std::max(rows[6], 5.0F));
  BOOST_TEST(largest_eigenvalue(2, dense(rows, 5)) == largest * largest,
             tolerances::tolerance(1e-6));
}

// Too close to be told apart in 10,000 iterations: it ends, within what the header says.
BOOST_AUTO_TEST_CASE(it_ends_where_two_eigenvalues_are_hardly_apart) {
  const auto rows = dense({1, 0, 0, 1 + 5e-5F}, 2);
  const double largest = std::pow(1 + 5e-5, 2), found = largest_eigenvalue(2, rows);
  BOOST_TEST(found == largest, tolerances::tolerance(2e-5));
  BOOST_TEST(found < largest);
}

// One row a and the bias column: |a|^2 + 1.
BOOST_AUTO_TEST_CASE(the_bias_is_a_column_of_ones) {
  BOOST_TEST(largest_eigenvalue(1, dense({3, 4}, 2), true) == 26.0, tolerances::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(l_is_the_mean_curvature_and_that_of_the_penalty) {
  BOOST_TEST(smoothness_of({.factor = 0.25, .largest = 8, .rows = 4, .l2 = 0.125}) == 0.625);
  BOOST_TEST(smoothness_of({.factor = 0, .largest = 0, .rows = 4, .l2 = 0.125}) == 1.125);
}

BOOST_AUTO_TEST_CASE(rows_of_zeros_have_no_curvature) {
  BOOST_TEST(largest_eigenvalue(2, dense({0, 0, 0, 0}, 2)) == 0.0);
}

// L = lambda_max / (4 n) + 1/n of the paper's logistic loss, from an independent computation.
BOOST_AUTO_TEST_CASE(w8a_has_the_known_smoothness,
                     *boost::unit_test::precondition(tests::have_data("w8a.xz"))) {
  model::DataPath path;
  path.file = tests::data_folder() / "w8a.xz";
  const auto rows = std::make_shared<const Dataset>(model::read_dataset(path));
  const auto n = static_cast<double>(rows->rows());
  for (const std::size_t workers : {1U, 4U}) {
    const double eigenvalue = largest_eigenvalue(workers, rows);
    BOOST_TEST(eigenvalue / (4 * n) + 1 / n == 0.66121948540, tolerances::tolerance(1e-6));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
