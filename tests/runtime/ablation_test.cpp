/// Leave one out: which runs are compared, and what the table says of them.
#include "runtime/ablation.hpp"

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(ablation)

namespace {

/// All options that are known here, on a run of 100 steps.
RunConfig with_all() {
  RunConfig config;
  config.run.steps = 100;
  config.model.kind = "softmax";
  config.train.batch = 8;
  config.train.correct_drift = true;
  config.schedule = {.kind = "doubling", .alpha = 3};
  config.outer.momentum = 0.5;
  config.compress = transport::Compress::q8;
  config.eval_every = 10;
  return config;
}

VariantEnd end_of(const std::string& name, double accuracy) {
  VariantEnd end{.name = name, .run = {}};
  end.run.rounds = 1234;
  end.run.sent_bytes_per_device = 5e6;
  end.run.test_accuracy = accuracy;
  return end;
}

}  // namespace

BOOST_AUTO_TEST_CASE(each_variant_lacks_one_option_and_nothing_else) {
  const auto variants = variants_of(with_all(), 12);
  BOOST_TEST_REQUIRE(variants.size() == 7U);
  auto all = with_all();
  all.eval_every = 0;  // of a variant only the end is asked for
  all.checkpoint_every = {};
  BOOST_TEST((variants[0].config == all));
  auto fixed = all;
  fixed.schedule = {.kind = "fixed", .h = 9};  // 100 steps in 12 rounds
  BOOST_TEST((variants[1].config == fixed));
  BOOST_TEST(variants[1].name == "without doubling H: H = 9");
  auto plain = all;
  plain.train.correct_drift = false;
  BOOST_TEST((variants[2].config == plain));
  auto still = all;
  still.outer.momentum = 0;
  BOOST_TEST((variants[3].config == still));
  BOOST_TEST(variants[3].name == "without outer momentum 0.5");
  auto whole = all;
  whole.compress = transport::Compress::none;
  BOOST_TEST((variants[4].config == whole));
  BOOST_TEST(variants[4].name == "without net.compress = q8");
}

BOOST_AUTO_TEST_CASE(those_who_average_after_every_step_get_the_same_options) {
  const auto variants = variants_of(with_all(), 12);
  auto every_step = variants[0].config;
  every_step.schedule = {.kind = "fixed", .h = 1};
  BOOST_TEST((variants[5].config == every_step));
  // 12 rounds, and in them as many gradients: 8 * 100 / 12 = 66.7.
  every_step.run.steps = 12;
  every_step.train.batch = 67;
  BOOST_TEST((variants[6].config == every_step));
  BOOST_TEST(variants[6].name == "all, but H = 1 and batches of 67");
}

BOOST_AUTO_TEST_CASE(what_is_not_in_use_cannot_be_taken_away) {
  auto config = with_all();
  config.train.correct_drift = false;
  config.outer.momentum = 0;
  config.compress = transport::Compress::none;
  config.schedule = {.kind = "fixed", .h = 5};
  BOOST_TEST(options_in_use(config).empty());
  BOOST_TEST(variants_of(config, 20).size() == 3U);
  const auto names = options_in_use(with_all());
  BOOST_TEST((names == std::vector<std::string>{"doubling H", "drift correction",
                                                "outer momentum 0.5", "net.compress = q8"}));
}

BOOST_AUTO_TEST_CASE(the_table_compares_with_the_first) {
  std::vector<VariantEnd> ends = {end_of("with all of them", 0.81), end_of("without", 0.8)};
  ends.push_back({.name = "lost", .run = {}});
  ends.back().run.exit_reason = "the model is not finite";
  BOOST_TEST("\n" + ablation_table(ends) == R"(
                   rounds   sent per device             test accuracy    difference
with all of them    1,234            5.0 MB                   81.00 %
without             1,234            5.0 MB                   80.00 %   -1.00 point
lost                    0                     the model is not finite
)");
  BOOST_TEST(ablation_objects(ends)[2].text() == R"({"name":"lost","rounds":0})");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
