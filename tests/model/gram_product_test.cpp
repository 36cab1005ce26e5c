/// A'A v, on sparse and dense rows, whole and in parts.
#include <boost/test/unit_test.hpp>

#include "model/read_dataset.hpp"
#include "tests/model/samples.hpp"
#include "tests/support/data_folder.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(gram_product)

namespace {

using boost::test_tools::per_element;
using boost::test_tools::tolerance;

std::vector<double> product(const model::Shard& shard, std::size_t begin, std::size_t end,
                            const std::vector<double>& v) {
  std::vector<double> out(v.size());
  model::add_gram_product(shard, begin, end, 12, v, out);
  return out;
}

/// Row by row with all zeros written out, the bias column as a thirteenth.
std::vector<double> by_definition(const model::Dataset& data, const std::vector<double>& v) {
  std::vector<double> out(v.size());
  std::vector<double> row(v.size());
  for (std::size_t i = 0; i < data.rows(); ++i) {
    data.copy_row(i, std::span(row));
    if (v.size() == 13) {
      row[12] = 1;
    }
    double score = 0;
    for (std::size_t j = 0; j < v.size(); ++j) {
      score += row[j] * v[j];
    }
    for (std::size_t j = 0; j < v.size(); ++j) {
      out[j] += score * row[j];
    }
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(equals_its_definition_on_sparse_and_dense_rows) {
  const auto sparse = whole(sparse_sample(), model::LabelUse::none);
  const auto dense = whole(made_dense(*sparse_sample()), model::LabelUse::none);
  for (const std::size_t d : {12U, 13U}) {
    const auto v = some_parameters<double>(d);
    const auto expected = by_definition(*sparse_sample(), v);
    BOOST_TEST(product(sparse, 0, 60, v) == expected, tolerance(1e-12) << per_element());
    BOOST_TEST(product(dense, 0, 60, v) == expected, tolerance(1e-12) << per_element());
  }
}

BOOST_AUTO_TEST_CASE(adds_to_what_is_there) {
  const auto shard = whole(sparse_sample(), model::LabelUse::none);
  const auto v = some_parameters<double>(13);
  auto out = product(shard, 0, 20, v);
  model::add_gram_product(shard, 20, 60, 12, v, out);
  BOOST_TEST(out == product(shard, 0, 60, v), tolerance(1e-12) << per_element());
}

BOOST_AUTO_TEST_CASE(power_iteration_finds_the_constant_of_w8a,
                     *boost::unit_test::precondition(have_data("w8a.xz"))) {
  const auto data = std::make_shared<const model::Dataset>(
      model::read_dataset({.file = data_folder() / "w8a.xz"}));
  const auto shard = whole(data, model::LabelUse::none);
  std::vector<double> v(300, 1);
  double largest = 0;
  for (int i = 0; i < 60; ++i) {
    std::vector<double> out(300);
    model::add_gram_product(shard, 0, shard.size(), 300, v, out);
    double square = 0;
    for (const double c : out) {
      square += c * c;
    }
    largest = std::sqrt(square);
    for (std::size_t j = 0; j < 300; ++j) {
      v[j] = out[j] / largest;
    }
  }
  const double n = 49749;
  BOOST_TEST(largest / (4 * n) + 1 / n == 0.66121948540, tolerance(1e-9));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
