/// `annulet optimum`, and runs that end by time or at a target, as users run them.
#include <csignal>
#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/support/child_ring.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(optimum)

namespace {

bool contains(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

/// The number that follows "key": in a JSON object.
double number(const std::string& json, const std::string& key) {
  const auto at = json.find("\"" + key + "\":");
  if (at == std::string::npos) throw std::runtime_error("no " + key + " in " + json);
  return std::stod(json.substr(at + key.size() + 3));
}

const std::string kNoSteps =
    "run.time = \"1h\"\nmodel = {kind = \"logistic\", l2 = \"1/n\"}\n"
    "data.train = \"rows.libsvm\"\nschedule = {kind = \"fixed\", h = 1}\n";

}  // namespace

BOOST_AUTO_TEST_CASE(it_prints_the_constants_and_keeps_progress_apart) {
  WorkFolder folder;
  ChildProgram program({"optimum", folder.run_file("10")});
  BOOST_TEST(program.wait() == 0);
  for (const char* word :
       {"f*     0.", "|x*|   ", "mu     0.016666666666667\n", "L      ", "kappa  ", "|grad f| "}) {
    BOOST_TEST(contains(program.output(), word), program.output());
  }
  BOOST_TEST(contains(program.errors(), "looking for f*: step 1  f 0."), program.errors());
  BOOST_TEST(!contains(program.output(), "looking"));
}

BOOST_AUTO_TEST_CASE(json_has_its_keys_and_they_fit_together) {
  WorkFolder folder;
  ChildProgram program({"optimum", folder.run_file("10"), "--json"});
  BOOST_TEST(program.wait() == 0);
  const auto json = program.output();
  const double mu = number(json, "mu"), L = number(json, "L");
  BOOST_TEST(mu == 1.0 / 60);
  BOOST_TEST(number(json, "kappa") == L / mu);
  BOOST_TEST(number(json, "gradient_norm") <= 1e-9);
  BOOST_TEST(number(json, "norm") > 0);
  BOOST_TEST(number(json, "iterations") > 1);
  BOOST_TEST(contains(json, "\"converged\":true"));
  BOOST_TEST(contains(json, "\"exit_reason\":\"done\""));
}

BOOST_AUTO_TEST_CASE(settings_and_other_data_count) {
  WorkFolder folder;
  const auto file = folder.write("other.libsvm", "+1 1:1\n-1 1:1\n-1 1:1\n");
  ChildProgram program(
      {"optimum", folder.run_file("10"), "--json", "--data", file, "--set", "model.l2=0"});
  BOOST_TEST(program.wait() == 0, program.errors());
  // One of three is positive: f* is the entropy, x* = log(1/2).
  BOOST_TEST(number(program.output(), "f_star") == 0.636514168294813,
             boost::test_tools::tolerance(1e-12));
  BOOST_TEST(number(program.output(), "norm") == 0.693147180559945,
             boost::test_tools::tolerance(1e-8));
  BOOST_TEST(number(program.output(), "L") == 0.25, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(contains(program.output(), "\"mu\":0,\"L\":"), program.output());
  BOOST_TEST(contains(program.output(), "\"kappa\":null,"), program.output());
  ChildProgram words({"optimum", folder.run_file("10"), "--set", "model.l2=0", "--data", file});
  BOOST_TEST(words.wait() == 0, words.errors());
  BOOST_TEST(contains(words.output(), "mu     0\n"), words.output());
  BOOST_TEST(contains(words.output(), "kappa  none: mu is 0, as model.l2 is\n"), words.output());
}

// Least squares on numbers of 1e30: the rounding of a score is as large as a number beside it.
BOOST_AUTO_TEST_CASE(it_says_where_rounding_keeps_the_gradient_up) {
  WorkFolder folder;
  const auto rows = folder.write("rows.csv", "1e30,0\n2e30,1\n3e30,0.3\n7e30,2\n");
  const auto file = folder.write(
      "huge.toml",
      "run.steps = 10\nmodel.kind = \"linear\"\ndata.train = \"rows.csv\"\nschedule.kind = "
      "\"one-shot\"\n");
  ChildProgram words({"optimum", file});
  BOOST_TEST(words.wait() == 0, words.errors());
  BOOST_TEST(contains(words.output(), "not 1e-9: the least that double precision gives here"),
             words.output());
  BOOST_TEST(contains(words.errors(), ", the least that double precision gives here\n"),
             words.errors());
  ChildProgram json({"optimum", file, "--json"});
  BOOST_TEST(json.wait() == 0);
  BOOST_TEST(number(json.output(), "gradient_norm") > 1e-9);
  BOOST_TEST(contains(json.output(), "\"converged\":false"), json.output());
  // 1/8 (sum y^2 - (sum a y)^2 / sum a^2)
  BOOST_TEST(number(json.output(), "f_star") == (5.09 - 16.9 * 16.9 / 63) / 8,
             boost::test_tools::tolerance(1e-6));
  ChildProgram run({"simulate", file, "--devices", "2", "--set", "train.lr.value=1e-62", "--gap",
                    "--out", folder.at("out")});
  BOOST_TEST(run.wait() == 0, run.errors());
  BOOST_TEST(contains(run.errors(), ", the least that double precision gives here\n"),
             run.errors());
  BOOST_TEST(contains(folder.read("out/log.jsonl"), "\"converged\":false"));
}

// Differences of neighbours along a chain: conjugate gradients need as many products as it is long,
// and get no further than 2,000 in each of many steps.
BOOST_AUTO_TEST_CASE(ctrl_c_ends_a_long_search) {
  WorkFolder folder;
  std::string rows;
  for (int i = 1; i < 20'000; ++i) {
    rows +=
        std::to_string(i % 7) + " " + std::to_string(i) + ":1 " + std::to_string(i + 1) + ":-1\n";
  }
  folder.write("chain.libsvm", rows);
  const auto file = folder.write("chain.toml",
                                 "run.steps = 10\nmodel = {kind = \"linear\", l2 = 1e-15}\n"
                                 "data.train = \"chain.libsvm\"\nschedule.kind = \"one-shot\"\n");
  ChildProgram program({"optimum", file, "--json"});
  program.wait_for("looking for f*: step 1  f ");
  program.send(SIGINT);
  BOOST_TEST(program.wait() == 130, program.errors());
  BOOST_TEST(contains(program.errors(), "annulet: interrupted: no optimum was found\n"),
             program.errors());
  BOOST_TEST(contains(program.output(), "\"exit_reason\":\"interrupted\""), program.output());
  BOOST_TEST(!contains(program.output(), "f_star"), program.output());
}

BOOST_AUTO_TEST_CASE(what_has_no_optimum_is_refused_in_one_line) {
  WorkFolder folder;
  const auto file = folder.write("apart.libsvm", "+1 1:1\n-1 1:-1\n");
  ChildProgram program(
      {"optimum", folder.run_file("10"), "--data", file, "--set", "model.l2=0", "--plain"});
  BOOST_TEST(program.wait() == 4);
  BOOST_TEST(contains(program.errors(),
                      "annulet: AN414: f has no least value on these data: the larger "
                      "the parameters, the better they fit. Set model.l2 above "
                      "0; \"1/n\" is the paper's\n"),
             program.errors());
  ChildProgram missing({"optimum", folder.run_file("10"), "--data", folder.at("nothing")});
  BOOST_TEST(missing.wait() == 4);
}

BOOST_AUTO_TEST_CASE(a_simulation_tells_its_gap) {
  WorkFolder folder;
  ChildProgram optimum({"optimum", folder.run_file("500"), "--json"});
  BOOST_TEST(optimum.wait() == 0);
  ChildProgram program({"simulate", folder.run_file("500"), "--devices", "3", "--gap", "--json",
                        "--out", folder.at("out")});
  BOOST_TEST(program.wait() == 0, program.errors());
  const auto json = program.output();
  BOOST_TEST(number(json, "f_star") == number(optimum.output(), "f_star"));
  BOOST_TEST(number(json, "gap") == number(json, "objective") - number(json, "f_star"));
  BOOST_TEST(contains(program.errors(), "   f - f* "), program.errors());
  BOOST_TEST(contains(folder.read("out/log.jsonl"), "\"ev\":\"optimum\",\"f_star\":"));
  // The page of plots was written again.
  BOOST_TEST(contains(folder.read("out/report.html"), "\\\"ev\\\":\\\"optimum\\\""));
}

BOOST_AUTO_TEST_CASE(a_target_ends_processes_with_one_model) {
  WorkFolder folder;
  ChildRing ring(folder, 2, folder.write("run.toml", kNoSteps),
                 {"--json", "--set", "run.target_gap=0.02"});
  ring.join();
  BOOST_TEST(ring[0].wait() == 0, ring[0].errors());
  BOOST_TEST(ring[1].wait() == 0, ring[1].errors());
  const auto json = ring[0].output();
  BOOST_TEST(contains(json, "\"target_reached\":true"), json);
  BOOST_TEST(contains(json, "\"exit_reason\":\"done: run.target_gap = 0.02 reached\""), json);
  BOOST_TEST(number(json, "gap") <= 0.02);
  BOOST_TEST((folder.read("out-0/model.safetensors") == folder.read("out-1/model.safetensors")));
}

BOOST_AUTO_TEST_CASE(time_ends_processes_with_one_model) {
  WorkFolder folder;
  ChildRing ring(folder, 2, folder.write("run.toml", kNoSteps), {"--set", "run.time=50ms"});
  ring.join();
  for (std::size_t rank = 0; rank < 2; ++rank) {
    BOOST_TEST(ring[rank].wait() == 0, ring[rank].errors());
    BOOST_TEST(contains(ring[rank].output(), "done: run.time = 50ms reached  "),
               ring[rank].output());
  }
  BOOST_TEST((folder.read("out-0/model.safetensors") == folder.read("out-1/model.safetensors")));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
