/// Rows out of the three ways a data set can be held.
#include "model/dataset.hpp"

#include <stdexcept>

#include <boost/test/unit_test.hpp>

#include "tests/model/files.hpp"
#include "tests/model/samples.hpp"

namespace annulet::tests {

using model::Dataset;

BOOST_AUTO_TEST_SUITE(dataset)

BOOST_AUTO_TEST_CASE(sparse_rows_are_copied_with_zeros_between) {
  const auto data = Dataset::sparse({0, 2, 2, 3}, {0, 2, 1}, {1.5F, -2, 4}, {1, 0, 1}, 3);
  std::vector<float> row(4, 9);
  data.copy_row(0, std::span(row));
  BOOST_TEST(row == (std::vector<float>{1.5F, 0, -2, 0}));
  data.copy_row(1, std::span(row));
  BOOST_TEST(row == (std::vector<float>{0, 0, 0, 0}));
  data.copy_row(2, std::span(row));
  BOOST_TEST(row == (std::vector<float>{0, 4, 0, 0}));
}

BOOST_AUTO_TEST_CASE(dense_rows_are_copied_and_padded) {
  const auto data = Dataset::dense({1, 2, 3, 4}, {0, 1}, 2);
  std::vector<double> row(3, 9);
  data.copy_row(1, std::span(row));
  BOOST_TEST(row == (std::vector<double>{3, 4, 0}));
}

BOOST_AUTO_TEST_CASE(every_byte_is_that_part_of_255) {
  std::vector<std::uint8_t> bytes(256);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
  const auto data = Dataset::images(bytes, {0}, 256);
  std::vector<float> narrow(256);
  std::vector<double> wide(256);
  data.copy_row(0, std::span(narrow));
  data.copy_row(0, std::span(wide));
  for (std::size_t i = 0; i < 256; ++i) {
    BOOST_TEST(narrow[i] == static_cast<float>(i) / 255.0F);
    BOOST_TEST(wide[i] == static_cast<double>(i) / 255.0);
  }
}

BOOST_AUTO_TEST_CASE(sizes_that_do_not_go_together_are_refused) {
  const auto refused = [](auto make) {
    BOOST_CHECK_THROW(static_cast<void>(make()), std::invalid_argument);
  };
  refused([] { return Dataset::dense({1, 2, 3}, {0, 1}, 2); });
  refused([] { return Dataset::images({1, 2}, {0}, 3); });
  refused([] { return Dataset::sparse({0}, {}, {}, {1}, 1); });
  refused([] { return Dataset::sparse({0, 2}, {0}, {1}, {1}, 1); });
  refused([] { return Dataset::sparse({0, 1}, {0}, {}, {1}, 1); });
  BOOST_TEST(Dataset::sparse({0}, {}, {}, {}, 0).rows() == 0U);
}

BOOST_AUTO_TEST_CASE(a_survey_tells_shape_and_distinct_labels) {
  const auto seen = model::survey(*sparse_sample());
  BOOST_TEST(seen.rows == 60U);
  BOOST_TEST(seen.features == 12U);
  BOOST_TEST(seen.sparse);
  BOOST_TEST(seen.labels == (std::vector<float>{-1, 1}));
  BOOST_TEST(!model::survey(*dense_sample()).sparse);
  BOOST_TEST(model::survey(*dense_sample()).labels == (std::vector<float>{0, 1, 2, 3}));
}

BOOST_AUTO_TEST_CASE(more_labels_than_classes_can_be_are_refused) {
  const auto with = [](std::size_t count) {
    std::vector<float> labels(count);
    std::iota(labels.begin(), labels.end(), 0.5F);
    return Dataset::dense(std::vector<float>(count), labels, 1);
  };
  BOOST_TEST(model::survey(with(model::kMaxLabels)).labels.size() == model::kMaxLabels);
  BOOST_CHECK_THROW(static_cast<void>(model::survey(with(model::kMaxLabels + 1))),
                    model::DataError);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
