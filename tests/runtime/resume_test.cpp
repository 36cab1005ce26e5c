/// What may change when a run goes on, and what is said of what may not.
#include "runtime/resume.hpp"

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "runtime/run_file.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(resume)

namespace {

std::string toml_of(const std::vector<std::string>& settings) {
  return to_toml(
      parse_run_file("run.steps = 40\nmodel.kind = \"logistic\"\ndata.train = \"rows\"\n"
                     "train.lr.value = 0.1\n",
                     "run.toml", "/", settings));
}

/// What has changed from `then` to `now`.
std::string change(const std::vector<std::string>& then, const std::vector<std::string>& now) {
  const auto sentence = config_conflict(toml_of(then), toml_of(now));
  return sentence.substr(0, sentence.find(':'));
}

const std::vector<std::string> kNetwork{"model.kind=mlp", "model.layers=[4]"};

}  // namespace

BOOST_AUTO_TEST_CASE(what_a_thing_is_is_named_before_its_details) {
  BOOST_TEST(change({}, kNetwork) == "model.kind was \"logistic\" and is now \"mlp\"");
  BOOST_TEST(change(kNetwork, {}) == "model.kind was \"mlp\" and is now \"logistic\"");
  BOOST_TEST(change({}, {"run.output=quadratic"}) ==
             "run.output was \"last\" and is now \"quadratic\"");
  BOOST_TEST(change({"run.output=quadratic"}, {}) ==
             "run.output was \"quadratic\" and is now \"last\"");
  BOOST_TEST(change({}, {"schedule={kind=\"fixed\", h=3}"}) ==
             "schedule.kind was \"doubling\" and is now \"fixed\"");
}

BOOST_AUTO_TEST_CASE(a_key_that_is_set_on_one_side_alone_is_named) {
  BOOST_TEST(change({}, {"data.features=12"}) == "data.features was not set and is now 12");
  BOOST_TEST(change({"data.features=12"}, {}) == "data.features was 12 and is now not set");
}

BOOST_AUTO_TEST_CASE(how_rounds_travel_may_not_change) {
  BOOST_TEST(change({}, {"net.compress=q8"}) == "net.compress was \"none\" and is now \"q8\"");
}

BOOST_AUTO_TEST_CASE(how_long_a_run_lasts_and_what_is_told_of_it_may_change) {
  BOOST_TEST(change({}, {"run.steps=80", "run.time=1h", "run.target_loss=0.1", "data.train=other",
                         "data.test=more", "net.peer_timeout=7s", "output.eval_every=3",
                         "output.checkpoint_every=9s"}) == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
