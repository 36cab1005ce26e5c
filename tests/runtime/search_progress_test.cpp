/// How a search for f* looks while it goes on.
#include <sstream>
#include <string>

#include <boost/test/unit_test.hpp>

#include "runtime/progress.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(search_progress)

namespace {

const std::string kRedraw = "\r\x1B[K";

}  // namespace

BOOST_AUTO_TEST_CASE(a_search_is_shown_step_by_step) {
  const auto shown_by = [](const ProgressOptions& options, const OptimumKnown& found) {
    std::ostringstream out;
    Progress progress(out, options);
    progress.searched({3, 0.125, 2e-5});
    progress.optimum(found);
    return out.str();
  };
  const std::string line = "looking for f*: step 3  f 0.1250  |grad f| 2e-05";
  const OptimumKnown found{.f_star = 0.125, .norm = 2, .iterations = 4};
  BOOST_TEST(shown_by({}, found) == line + "\nf* 0.125000000  |x*| 2.0000  4 steps\n");
  BOOST_TEST(
      shown_by({}, {.f_star = 0.125, .gradient_norm = 2e-8, .converged = false})
          .ends_with(" steps: |grad f| is 2e-08, the least that double precision gives here\n"));
  BOOST_TEST(shown_by({.terminal = true, .label = {}}, found) ==
             std::string(kRedraw) + line + std::string(kRedraw) +
                 "f* 0.125000000  |x*| 2.0000  4 steps\n");
  BOOST_TEST(shown_by({.terminal = true, .width = 20, .label = {}}, {.problem = "interrupted"}) ==
             std::string(kRedraw) + line.substr(0, 19) + std::string(kRedraw) +
                 "f* is not known: interrupted\n");
}

// Where a step takes minutes; in a log it is the steps that count.
BOOST_AUTO_TEST_CASE(a_long_step_of_a_search_is_shown_on_a_terminal) {
  const auto shown_by = [](const ProgressOptions& options) {
    std::ostringstream out;
    Progress(out, options).searched({3, 0.125, 2e-5, 150});
    return out.str();
  };
  BOOST_TEST(shown_by({}).empty());
  BOOST_TEST(shown_by({.terminal = true, .width = 120, .label = {}}) ==
             std::string(kRedraw) +
                 "looking for f*: step 3  f 0.1250  |grad f| 2e-05  "
                 "product 150 of the next");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
