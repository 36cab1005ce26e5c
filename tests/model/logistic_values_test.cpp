/// f at several models at once is f of each.
#include "model/logistic_values.hpp"

#include <array>
#include <cmath>
#include <stdexcept>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "model/catalogue.hpp"
#include "model/lengths.hpp"
#include "tests/model/samples.hpp"

namespace annulet::tests {

BOOST_AUTO_TEST_SUITE(logistic_values)

BOOST_AUTO_TEST_CASE(they_are_those_of_the_objective) {
  const auto shard = whole(sparse_sample(), model::LabelUse::binary);
  model::ObjectiveOptions options;
  options.features = 12;
  options.l2 = 0.01;
  const auto objective = model::make_objective<double>(options);
  std::vector<std::vector<float>> models(4, std::vector<float>(12));
  for (std::size_t m = 0; m < models.size(); ++m) {
    for (std::size_t j = 0; j < 12; ++j) {
      // The last one has scores of some hundreds, where exp() must not overflow.
      models[m][j] = std::sin(static_cast<float>(3 * m + j)) * (m == 3 ? 200.0F : 1.0F);
    }
  }
  model::LogisticValues values(shard, 0.01);
  std::array<double, 4> found{};
  values.find(models, found);
  for (std::size_t m = 0; m < models.size(); ++m) {
    const std::vector<double> x(models[m].begin(), models[m].end());
    const double expected =
        objective->evaluate(x, shard, 0, shard.size()).loss / 60 + 0.005 * model::norm2(models[m]);
    // Rounding of scores and losses to float, 2^-24 each, of a dozen operations a row.
    BOOST_TEST(std::abs(found[m] - expected) <= 1e-6 * expected);
  }
}

BOOST_AUTO_TEST_CASE(fewer_models_than_four_will_do) {
  const auto shard = whole(sparse_sample(), model::LabelUse::binary);
  model::LogisticValues values(shard, 0.01);
  const std::vector<std::vector<float>> models(1, std::vector<float>(12));
  std::array<double, 1> found{};
  values.find(models, found);
  BOOST_TEST(std::abs(found[0] - std::log(2.0)) < 1e-7);  // each row's loss is log 2 in float
}

BOOST_AUTO_TEST_CASE(dense_rows_are_refused) {
  const auto shard = whole(dense_sample(), model::LabelUse::classes);
  BOOST_CHECK_THROW(model::LogisticValues(shard, 0.01), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
