/// Cuts of a data set among devices.
#include "model/partition.hpp"

#include <algorithm>
#include <cmath>

#include <boost/test/unit_test.hpp>

#include "tests/model/samples.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(partition)

namespace {

using model::Partition;
using model::PartitionKind;
using Rows = std::vector<model::Index>;

std::vector<Rows> shares(const Partition& partition, const model::Dataset& data, std::size_t count,
                         std::uint64_t seed = 1) {
  std::vector<Rows> out;
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(model::partition_rows(partition, data, i, count, seed));
  }
  return out;
}

/// n rows with labels 0 to `classes` - 1 in turn.
model::Dataset labelled(std::size_t n, std::size_t classes) {
  std::vector<float> labels(n);
  for (std::size_t i = 0; i < n; ++i) {
    labels[i] = static_cast<float>(i % classes);
  }
  return model::Dataset::dense(std::vector<float>(n), labels, 1);
}

const std::vector<Partition> kCuts = {{PartitionKind::iid},
                                      {PartitionKind::by_label},
                                      {PartitionKind::file_order},
                                      {PartitionKind::dirichlet, 0.05},
                                      {PartitionKind::dirichlet, 0.3},
                                      {PartitionKind::dirichlet, 100}};

}  // namespace

BOOST_AUTO_TEST_CASE(texts_are_read_back) {
  for (const auto* text :
       {"all", "iid", "by-label", "file-order", "dirichlet(0.3)", "dirichlet(1)"}) {
    const auto read = model::parse_partition(text);
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(model::to_text(*read) == text);
  }
  BOOST_TEST(model::parse_partition("dirichlet(0.5)")->alpha == 0.5);
}

BOOST_AUTO_TEST_CASE(other_texts_are_not_partitions) {
  for (const auto* text :
       {"", "IID", "dirichlet", "dirichlet()", "dirichlet(0)", "dirichlet(-1)", "dirichlet(nan)",
        "dirichlet(inf)", "dirichlet(0.3", "dirichlet(0.3))", "dirichlet(0.3) ", "by_label"}) {
    BOOST_TEST(!model::parse_partition(text).has_value(), text);
  }
}

BOOST_AUTO_TEST_CASE(shares_are_disjoint_and_complete) {
  const auto data = labelled(101, 3);
  for (const auto& partition : kCuts) {
    for (const std::size_t count : {1U, 2U, 3U, 7U, 16U, 101U}) {
      Rows all;
      for (const auto& share : shares(partition, data, count)) {
        BOOST_TEST(!share.empty());
        all.insert(all.end(), share.begin(), share.end());
      }
      std::sort(all.begin(), all.end());
      BOOST_TEST(all == counting(0, 101), model::to_text(partition) << " W=" << count);
    }
  }
}

BOOST_AUTO_TEST_CASE(all_gives_every_row_to_every_device) {
  for (const auto& share : shares({PartitionKind::all}, labelled(10, 2), 3)) {
    BOOST_TEST(share == counting(0, 10));
  }
}

BOOST_AUTO_TEST_CASE(file_order_cuts_at_the_floor_of_n_i_over_w) {
  const auto parts = shares({PartitionKind::file_order}, labelled(10, 2), 4);
  BOOST_TEST(parts[0] == counting(0, 2));
  BOOST_TEST(parts[1] == counting(2, 5));
  BOOST_TEST(parts[2] == counting(5, 7));
  BOOST_TEST(parts[3] == counting(7, 10));
}

BOOST_AUTO_TEST_CASE(more_devices_than_rows_leave_some_without) {
  for (const auto& partition : kCuts) {
    std::size_t rows = 0;
    for (const auto& share : shares(partition, labelled(3, 2), 5)) {
      rows += share.size();
    }
    BOOST_TEST(rows == 3U);
  }
}

BOOST_AUTO_TEST_CASE(by_label_sorts_stably) {
  const auto parts = shares({PartitionKind::by_label}, labelled(9, 3), 3);
  BOOST_TEST(parts[0] == (Rows{0, 3, 6}));
  BOOST_TEST(parts[1] == (Rows{1, 4, 7}));
  BOOST_TEST(parts[2] == (Rows{2, 5, 8}));
  const auto quarter = model::partition_rows({PartitionKind::by_label}, labelled(1000, 2), 1, 4, 1);
  BOOST_TEST(quarter.front() == 500U);  // the later half of the even rows
  BOOST_TEST(quarter.size() == 250U);
}

BOOST_AUTO_TEST_CASE(iid_is_mixed_by_the_seed) {
  const auto data = labelled(1000, 2);
  const auto first = shares({PartitionKind::iid}, data, 2, 1);
  BOOST_TEST(first[0] == shares({PartitionKind::iid}, data, 2, 1)[0]);
  BOOST_TEST(first[0] != shares({PartitionKind::iid}, data, 2, 2)[0]);
  BOOST_TEST(!std::is_sorted(first[0].begin(), first[0].end()));
  // 500 of 1000 rows, hypergeometric: the number of odd rows has a deviation of 7.9.
  const auto odd = std::count_if(first[0].begin(), first[0].end(), [](auto r) { return r % 2; });
  BOOST_TEST(std::abs(static_cast<double>(odd) - 250) < 5 * 7.9);
}

BOOST_AUTO_TEST_CASE(dirichlet_is_uneven_for_small_alpha_and_even_for_large) {
  constexpr std::size_t kRows = 4000;
  constexpr std::size_t kDevices = 4;
  const auto data = labelled(kRows, 4);
  // The largest share of class 0 that one device holds, of 1000 rows.
  const auto largest = [&](double alpha) {
    std::ptrdiff_t out = 0;
    for (const auto& share : shares({PartitionKind::dirichlet, alpha}, data, kDevices)) {
      out = std::max(out,
                     std::count_if(share.begin(), share.end(), [](auto r) { return r % 4 == 0; }));
    }
    return out;
  };
  BOOST_TEST(largest(0.05) > 600);
  // A share of Dirichlet(1000, ...) is 1/4 with a deviation of 0.007.
  BOOST_TEST(largest(1000) < 250 + 5 * 7);
  BOOST_TEST(largest(1e-6) >= 997);  // all of it, but for what fills the shares left empty
}

// Found by an independent program.
BOOST_AUTO_TEST_CASE(draws_are_pinned) {
  const auto data = labelled(12, 2);
  BOOST_TEST(shares({PartitionKind::iid}, data, 2)[0] == (Rows{3, 9, 10, 5, 8, 7}));
  BOOST_TEST(shares({PartitionKind::dirichlet, 0.3}, data, 3)[0] == (Rows{1, 2, 4, 6, 7, 8, 11}));
  // The second device was left empty: row 9 is the last that the first had been dealt.
  BOOST_TEST(shares({PartitionKind::dirichlet, 0.3}, data, 3)[1] == (Rows{9}));
  BOOST_TEST(shares({PartitionKind::dirichlet, 0.3}, data, 3)[2] == (Rows{0, 3, 5, 10}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
