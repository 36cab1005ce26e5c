/// Moments of rows and of parts of them, and what rows are under a scale.
#include "model/scale.hpp"

#include <cmath>

#include <boost/test/unit_test.hpp>

#include "tests/model/samples.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(scale)

namespace {

using model::Dataset;
using model::Moments;
using model::Scale;
using Doubles = std::vector<double>;
using Floats = std::vector<float>;

Dataset dense(Floats values, std::size_t features) {
  Floats labels(values.size() / features, 0);
  return Dataset::dense(std::move(values), std::move(labels), features);
}

Moments all_moments(const Dataset& data) {
  return model::moments_of(data, counting(0, data.rows()), data.features());
}

Floats row(const Dataset& data, std::size_t i) {
  Floats out(data.features());
  data.copy_row(i, std::span(out));
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(moments_are_means_and_deviations) {
  const auto found = all_moments(dense({1, 5, 3, 5, 2, 5, 6, 5}, 2));
  BOOST_TEST(found.rows == 4);
  BOOST_TEST(found.mean == (Doubles{3, 5}));
  BOOST_TEST(found.deviation == (Doubles{std::sqrt(14.0 / 4), 0}));
}

BOOST_AUTO_TEST_CASE(zeros_that_sparse_rows_leave_out_count) {
  const auto sparse = sparse_sample();
  const auto found = all_moments(*sparse), expected = all_moments(*made_dense(*sparse));
  BOOST_TEST(found.mean == expected.mean);  // quarters: both sums are exact
  for (std::size_t j = 0; j < 12; ++j) {
    // Squares of rounded distances, added in another order.
    BOOST_TEST(found.deviation[j] == expected.deviation[j], boost::test_tools::tolerance(1e-14));
  }
  // Columns that this device's rows do not have are zeros, too.
  const auto wider = model::moments_of(*sparse, counting(0, 60), 14);
  BOOST_TEST(wider.mean[13] == 0);
  BOOST_TEST(wider.deviation[13] == 0);
}

// One pass with a sum of squares would find a variance of about 0, or less than that.
BOOST_AUTO_TEST_CASE(a_mean_far_from_0_costs_no_digits) {
  Floats values;
  for (int i = 0; i < 1000; ++i) values.push_back(1e6F + static_cast<float>(i % 2));
  BOOST_TEST(all_moments(dense(std::move(values), 1)).deviation[0] == 0.5);
}

BOOST_AUTO_TEST_CASE(parts_pool_to_the_whole) {
  const auto data = dense_sample();
  const auto whole = all_moments(*data);
  std::vector<Moments> parts;
  for (const auto& [begin, end] : {std::pair{0U, 3U}, {3U, 3U}, {3U, 30U}, {30U, 40U}}) {
    parts.push_back(model::moments_of(*data, counting(begin, end), 6));
  }
  const auto found = model::pooled(parts);
  BOOST_TEST(found.rows == 40);
  for (std::size_t j = 0; j < 6; ++j) {
    // A few roundings of doubles.
    BOOST_TEST(std::abs(found.mean[j] - whole.mean[j]) < 1e-14);
    BOOST_TEST(found.deviation[j] == whole.deviation[j], boost::test_tools::tolerance(1e-14));
  }
  BOOST_TEST((model::standard_scale(found, false) == model::standard_scale(whole, false)));
}

BOOST_AUTO_TEST_CASE(scaled_columns_have_mean_0_and_variance_1) {
  const auto data = dense_sample();
  const auto found = all_moments(data->scaled(model::standard_scale(all_moments(*data), false)));
  for (std::size_t j = 0; j < 6; ++j) {
    // Shift and factor are rounded to float32.
    BOOST_TEST(std::abs(found.mean[j]) < 1e-6);
    // Column 4 does not vary: 5i + 12 + 4i is always 3 above a multiple of 9.
    BOOST_TEST(std::abs(found.deviation[j] - (j == 4 ? 0 : 1)) < 1e-6);
  }
}

BOOST_AUTO_TEST_CASE(columns_that_do_not_vary_keep_their_factor) {
  const auto data = dense({7, 1e8F, 7, 1e8F + 8}, 2);
  const auto scale = model::standard_scale(all_moments(data), false);
  BOOST_TEST(scale.factor == (Floats{1, 1}));
  BOOST_TEST(scale.shift == (Floats{7, 1e8F}));
  BOOST_TEST(row(data.scaled(scale), 0)[0] == 0.0F);
}

BOOST_AUTO_TEST_CASE(sparse_rows_are_multiplied_and_never_shifted) {
  const auto data = sparse_sample();
  const auto scale = model::standard_scale(all_moments(*data), true);
  BOOST_TEST(scale.shift == Floats(12, 0.0F));
  const auto scaled = data->scaled(scale);
  for (std::size_t i = 0; i < data->rows(); ++i) {
    const auto before = data->sparse_row(i), after = scaled.sparse_row(i);
    BOOST_TEST(after.index.data() == before.index.data());  // shared
    for (std::size_t k = 0; k < before.index.size(); ++k) {
      BOOST_TEST(after.value[k] == before.value[k] * scale.factor[before.index[k]]);
    }
  }
}

BOOST_AUTO_TEST_CASE(images_are_scaled_as_they_are_read) {
  const auto images = Dataset::images({0, 255, 51, 0}, {0, 1}, 2);
  const Scale scale{{0.5F, 0}, {2, 10}};
  BOOST_TEST(row(images.scaled(scale), 0) == (Floats{-1, 10}));
  BOOST_TEST(row(images.scaled(scale), 1) == (Floats{(0.2F - 0.5F) * 2, 0}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
