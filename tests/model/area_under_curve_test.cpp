/// The area under the ROC curve against the count of pairs that defines it.
#include <cmath>
#include <limits>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "model/objective.hpp"
#include "model/random.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(area_under_curve)

namespace {

using Scores = std::vector<double>;
using Targets = std::vector<float>;

double by_pairs(const Scores& scores, const Targets& targets) {
  double won = 0;
  double pairs = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    for (std::size_t j = 0; j < scores.size(); ++j) {
      if (targets[i] > targets[j]) {
        pairs += 1;
        won += scores[i] > scores[j] ? 1 : (scores[i] == scores[j] ? 0.5 : 0);
      }
    }
  }
  return won / pairs;
}

}  // namespace

BOOST_AUTO_TEST_CASE(perfect_reversed_and_blind_scores) {
  const Targets targets{0, 0, 1, 1};
  BOOST_TEST(model::area_under_curve(Scores{1, 2, 3, 4}, targets) == 1.0);
  BOOST_TEST(model::area_under_curve(Scores{4, 3, 2, 1}, targets) == 0.0);
  BOOST_TEST(model::area_under_curve(Scores{5, 5, 5, 5}, targets) == 0.5);
  BOOST_TEST(model::area_under_curve(Scores{1, 3, 2, 4}, targets) == 0.75);
}

BOOST_AUTO_TEST_CASE(equals_the_count_of_pairs_with_many_ties) {
  model::Random random(1);
  for (int round = 0; round < 20; ++round) {
    Scores scores;
    Targets targets;
    for (int i = 0; i < 50; ++i) {
      scores.push_back(static_cast<double>(random.below(12)) - 5);
      targets.push_back(static_cast<float>(random.below(2)));
    }
    BOOST_TEST(model::area_under_curve(scores, targets) == by_pairs(scores, targets),
               boost::test_tools::tolerance(1e-14));
  }
}

BOOST_AUTO_TEST_CASE(two_scores_a_row_are_one) {
  Scores scores{7};
  model::append_scores(Scores{1, -2}, 1, scores);
  model::append_scores(Scores{1, 3, 5, 4}, 2, scores);
  model::append_scores(Scores{1, 3, 5}, 3, scores);
  BOOST_TEST(scores == (Scores{7, 1, -2, 2, -1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(one_class_or_unordered_scores_have_none) {
  BOOST_TEST(std::isnan(model::area_under_curve(Scores{1, 2}, Targets{1, 1})));
  BOOST_TEST(std::isnan(model::area_under_curve(Scores{1, 2}, Targets{0, 0})));
  BOOST_TEST(std::isnan(model::area_under_curve(Scores{}, Targets{})));
  BOOST_TEST(std::isnan(
      model::area_under_curve(Scores{1, std::numeric_limits<double>::quiet_NaN()}, Targets{0, 1})));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
