/// What a run says when it is over.
#include "runtime/summary.hpp"

#include <cmath>
#include <fstream>
#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/support/temporary_folder.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(summary)

namespace {

RunFinished full_run() {
  RunFinished run;
  run.exit_reason = "done";
  run.workers = 4;
  run.steps = 800;
  run.rounds = 41;
  run.seed = 1;
  run.objective = 0.5;
  run.objective_start = 2.25;
  run.parameters_norm = 3;
  run.test_accuracy = 0.805;
  run.test_auc = 0.875;
  run.test_loss = 0.625;
  run.model_hash = 0x9c1e;
  run.sent_model_bytes_per_device = 1'931'100;
  run.sent_bytes_per_device = 1'940'000.5;
  run.baseline_bytes_per_device = 37'680'000;
  run.seconds = 5.25;
  run.virtual_seconds = 6;
  run.peak_rss_bytes = 12'000'000;
  run.lost_device = "pi-3";
  return run;
}

/// Mini-batch SGD on the same ring.
RunFinished baseline_run() {
  auto run = full_run();
  run.rounds = 800;
  run.test_accuracy = 0.811;
  run.sent_bytes_per_device = 37'800'000;
  run.virtual_seconds = 44.5;
  return run;
}

std::string json_of(const RunFinished& run) {
  JsonObject object;
  add_summary(object, run);
  return object.text();
}

}  // namespace

BOOST_AUTO_TEST_CASE(json_has_the_promised_keys) {
  BOOST_TEST(
      json_of(full_run()) ==
      R"({"workers":4,"steps":800,"rounds":41,"seed":1,"objective":0.5,)"
      R"("objective_start":2.25,"parameters_norm":3,"test_accuracy":0.805,)"
      R"("test_auc":0.875,"test_loss":0.625,"model_hash":"0000000000009c1e","output":"last",)"
      R"("sent_model_bytes_per_device":1931100,"compress":"none",)"
      R"("sent_bytes_per_device":1940000.5,)"
      R"("baseline_bytes_per_device":37680000,"seconds":5.25,"virtual_seconds":6,)"
      R"("peak_rss_bytes":12000000,"lost_device":"pi-3","exit_reason":"done"})");
}

BOOST_AUTO_TEST_CASE(json_leaves_out_what_does_not_apply) {
  RunFinished run;
  run.exit_reason = "interrupted";
  run.objective = std::nan("");
  BOOST_TEST(json_of(run) == R"({"objective":null,"exit_reason":"interrupted"})");
}

BOOST_AUTO_TEST_CASE(json_has_the_error_and_its_sentence_apart) {
  RunFinished run;
  run.error = devices::ErrorCode::unknown_key;
  run.exit_reason = "run.toml:3: h is not a key";
  BOOST_TEST(json_of(run) ==
             R"({"error_code":"AN301","exit_reason":"run.toml:3: h is not a key"})");
}

BOOST_AUTO_TEST_CASE(a_run_on_values_tells_its_r2) {
  RunFinished run;
  run.exit_reason = "done";
  run.test_r2 = 0.75;
  BOOST_TEST(json_of(run) == R"({"test_r2":0.75,"exit_reason":"done"})");
  BOOST_TEST(closing_lines(run, {}).find("   test R2 0.7500\n") != std::string::npos);
  BOOST_TEST(comparison_table({"a", run}, {"b", run}).find("test R2   0.7500   0.7500") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(closing_lines_compare_nothing_where_nothing_was_saved) {
  auto run = baseline_run();
  run.sent_model_bytes_per_device = run.baseline_bytes_per_device;
  const auto text = closing_lines(run, "");
  BOOST_TEST(text.find("model 37.7 MB, control") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(closing_lines_say_what_was_saved) {
  auto run = full_run();
  run.virtual_seconds.reset();
  run.lost_device.reset();
  BOOST_TEST(closing_lines(run, {}) ==
             "done  800 steps in 41 rounds, 5.2 s   f 0.5000   test accuracy 80.5 %\n"
             "sent per device: model 1.9 MB (mini-batch SGD, H = 1: 37.7 MB, 20x as much), control "
             "8.9 kB\n");
}

BOOST_AUTO_TEST_CASE(closing_lines_say_what_the_model_was_sent_as) {
  auto run = full_run();
  run.compress = "q8";
  const auto text = closing_lines(run, "");
  BOOST_TEST(text.find("model 1.9 MB as q8 (mini-batch SGD") != std::string::npos, text);
  run.sent_model_bytes_per_device = 0;
  const auto alone = closing_lines(run, "");
  BOOST_TEST(alone.find("model 0 B, control") != std::string::npos, alone);
}

// Small models: there is more control traffic than model, and the factor is of the model alone.
BOOST_AUTO_TEST_CASE(figures_of_one_closing_line_agree) {
  RunFinished run;
  run.exit_reason = "done";
  run.sent_model_bytes_per_device = 300;
  run.sent_bytes_per_device = 1700;
  run.baseline_bytes_per_device = 1200;
  BOOST_TEST(closing_lines(run, {}) ==
             "done  0 steps in 0 rounds\n"
             "sent per device: model 300 B (mini-batch SGD, H = 1: 1.2 kB, 4.0x as much), control "
             "1.4 kB\n");
}

BOOST_AUTO_TEST_CASE(closing_lines_name_the_files_that_are_there) {
  const tests::TemporaryFolder folder;
  std::ofstream(folder.path() / "log.jsonl") << "\n";
  RunFinished run;
  run.exit_reason = "device lost: pi\x1B-3: connection reset";
  run.error = devices::ErrorCode::connection_lost;
  run.lost_device = "pi\x1B-3";
  run.rounds = 1;
  run.steps = 16;
  BOOST_TEST(closing_lines(run, folder.path()) ==
             "annulet: AN111: device lost: pi\\x1b-3: connection reset. The run has ended on all "
             "devices: see that pi\\x1b-3 is on and annulet still runs there, then start it again\n"
             "16 steps in 1 round\nlog  " +
                 (folder.path() / "log.jsonl").string() + "\n");
}

BOOST_AUTO_TEST_CASE(comparison_is_a_table_with_ratios) {
  const auto first = baseline_run();
  const auto second = full_run();
  BOOST_TEST(comparison_table({"H = 1", first}, {"doubling", second}) ==
             "                    H = 1   doubling     difference\n"
             "rounds                800         41    19.5x fewer\n"
             "sent per device   37.8 MB     1.9 MB     19.5x less\n"
             "time               44.5 s      6.0 s    7.4x faster\n"
             "test accuracy     81.10 %    80.50 %   -0.60 points\n");
}

BOOST_AUTO_TEST_CASE(comparison_says_when_the_second_is_worse_or_the_same) {
  const auto first = full_run();
  auto second = baseline_run();
  second.virtual_seconds = 6.1;
  second.test_accuracy.reset();
  BOOST_TEST(comparison_table({"a", first}, {"b", second}) ==
             "                       a         b   difference\n"
             "rounds                41       800   19.5x more\n"
             "sent per device   1.9 MB   37.8 MB   19.5x more\n"
             "time               6.0 s     6.1 s         same\n");
}

BOOST_AUTO_TEST_CASE(what_is_known_of_the_optimum_is_said) {
  auto run = full_run();
  BOOST_TEST((json_of(run).find("f_star") == std::string::npos));
  run.f_star = 0.25;
  run.gap = 0.25;
  run.target_reached = false;
  BOOST_TEST((json_of(run).find("\"f_star\":0.25,\"gap\":0.25,\"target_reached\":false") !=
              std::string::npos));
  BOOST_TEST((closing_lines(run, "").find("   f 0.5000   f - f* 0.2500   test accuracy") !=
              std::string::npos));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
