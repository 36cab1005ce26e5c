/// Steps, time and targets in run files: what is read, what does not go together.
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "runtime/run_file.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(run_file_ends)

namespace {

const std::string kHead =
    "[model]\nkind = \"logistic\"\n[data]\ntrain = \"x\"\n[schedule]\nkind = \"doubling\"\n[run]\n";

RunConfig parse(const std::string& run, const std::vector<std::string>& settings = {}) {
  return parse_run_file(kHead + run, "test.toml", "/data", settings);
}

std::string message_of(const std::string& run, const std::vector<std::string>& settings = {}) {
  try {
    static_cast<void>(parse(run, settings));
    return "no error";
  } catch (const ConfigError& error) {
    return error.what();
  }
}

/// A model of a program's own, of which nobody says that it is convex.
model::Catalogue with_a_bent_model() {
  auto catalogue = model::Catalogue::builtin();
  auto entry = catalogue.at("logistic");
  entry.name = "bent";
  entry.make_problem = {};
  catalogue.add(std::move(entry));
  return catalogue;
}

}  // namespace

BOOST_AUTO_TEST_CASE(time_and_targets_stand_in_for_steps) {
  const auto timed = parse("time = \"10m\"\n").run;
  BOOST_TEST((timed.time == std::chrono::minutes(10)));
  BOOST_TEST(!timed.steps_given);
  BOOST_TEST(timed.steps == 1'000'000'000'000);
  const auto to_loss = parse("target_loss = 0.35\n").run;
  BOOST_TEST(*to_loss.target_loss == 0.35);
  BOOST_TEST(to_loss.steps == 10'000'000);
  BOOST_TEST(*parse("target_gap = 1e-3\n").run.target_gap == 1e-3);
  const auto both = parse("steps = 5\ntime = \"1s\"\n").run;
  BOOST_TEST(both.steps == 5);
  BOOST_TEST(both.steps_given);
  BOOST_TEST(*parse("steps = 5\n", {"run.target_loss=1"}).run.target_loss == 1.0);
}

BOOST_AUTO_TEST_CASE(what_is_written_reads_back) {
  for (const char* run : {"time = \"90s\"\n", "steps = 7\ntime = \"1ms\"\n", "target_loss = 0.35\n",
                          "steps = 7\ntarget_gap = 1e-3\ntime = \"2h\"\n"}) {
    const auto config = parse(run);
    BOOST_TEST((parse_run_file(to_toml(config), "again.toml", "/", {}) == config), run);
  }
}

BOOST_AUTO_TEST_CASE(without_any_end_steps_are_asked_for) {
  BOOST_TEST(message_of("seed = 1\n") ==
             "test.toml:7: run.steps is missing; add steps = 1000 to [run]");
}

BOOST_AUTO_TEST_CASE(values_out_of_range) {
  BOOST_TEST(message_of("time = 10\n").starts_with("test.toml:8: run.time is 10, but must be"));
  BOOST_TEST(message_of("time = \"0s\"\n").starts_with("test.toml:8: run.time is \"0s\", but"));
  BOOST_TEST(message_of("target_loss = 0\n") ==
             "test.toml:8: run.target_loss is 0, but must be a finite number > 0");
  BOOST_TEST(message_of("target_gap = -1\n") ==
             "test.toml:8: run.target_gap is -1, but must be a finite number > 0");
  BOOST_TEST(message_of("tagret_gap = 1\nsteps = 1\n") ==
             "test.toml:8: run.tagret_gap is not a key of the run file; did you mean target_gap?");
}

BOOST_AUTO_TEST_CASE(two_targets_are_one_too_many) {
  BOOST_TEST(message_of("target_loss = 1\ntarget_gap = 1\n") ==
             "test.toml:9: run.target_gap and run.target_loss are one target in two ways: leave "
             "out one of them");
}

BOOST_AUTO_TEST_CASE(one_round_ends_by_steps_alone) {
  BOOST_TEST(message_of("steps = 8\ntime = \"1s\"\n", {"schedule.kind=one-shot"}) ==
             "test.toml:9: run.time cannot end a run of one round, which schedule.kind one-shot "
             "is: give run.steps alone, or take another schedule");
  BOOST_TEST(message_of("", {"schedule.kind=one-shot", "run.target_loss=1"})
                 .starts_with("--set run.target_loss=1: run.target_loss cannot end a run of one"));
}

BOOST_AUTO_TEST_CASE(a_step_size_that_needs_steps_gets_them) {
  const std::vector<std::string> linear{"train.lr={kind=\"linear\",from=1,to=0}"};
  BOOST_TEST(message_of("time = \"1s\"\n", linear)
                 .ends_with(": train.lr.kind linear reaches its end at run.steps, which is not "
                            "there: add run.steps, or take another kind, such as inverse"));
  BOOST_TEST(message_of("time = \"1s\"\nsteps = 5\n", linear) == "no error");
}

BOOST_AUTO_TEST_CASE(a_gap_needs_data_that_the_starter_has) {
  BOOST_TEST(message_of("target_gap = 1\n", {"data={partition=\"all\"}"}) ==
             "test.toml:8: run.target_gap needs the least value f*, for which the starter must "
             "read all rows, but there is no data.train: set run.target_loss in its place");
}

BOOST_AUTO_TEST_CASE(a_gap_needs_a_convex_model) {
  const auto catalogue = with_a_bent_model();
  const std::string text = "model.kind = \"bent\"\ndata.train = \"x\"\nrun.target_gap = 1\n";
  try {
    static_cast<void>(parse_run_file(text, "test.toml", "/", {}, catalogue));
    BOOST_ERROR("it was taken");
  } catch (const ConfigError& error) {
    BOOST_TEST(error.what() ==
               std::string("test.toml:3: run.target_gap needs the least value f*, which nobody "
                           "knows for model.kind bent, as that is not convex: set run.target_loss "
                           "in its place"));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
