/// annulet bench step, and the profiles it makes.
#include <filesystem>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "runtime/profile_file.hpp"
#include "tests/support/child_ring.hpp"
#include "tests/support/screen.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(bench)

namespace {

bool contains(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

double number_of(const std::string& json, const std::string& key) {
  return std::stod(value_of(json, key));
}

Screen measured(std::vector<std::string> more) {
  std::vector<std::string> words{"bench", "step", "--time", "100ms"};
  words.insert(words.end(), more.begin(), more.end());
  return run(words);
}

/// How long a run of these boards takes in virtual time, with links that take none.
double virtual_seconds(const WorkFolder& here, const std::string& boards) {
  const auto file = here.run_file("200", "schedule = {kind = \"fixed\", h = 20}\n");
  std::filesystem::remove_all(here.at("out"));
  const auto screen = run({"simulate", file, "--devices", "2", "--link", "none,0ms", "--profile",
                           boards, "--json", "--out", here.at("out")});
  BOOST_TEST_REQUIRE(screen.code == 0, screen.err);
  return number_of(screen.out, "virtual_seconds");
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_objective_is_measured) {
  for (const char* objective : {"logistic", "linear", "softmax", "mlp", "quadratic"}) {
    const auto screen = measured({"--objective", objective, "--json"});
    BOOST_TEST_CONTEXT(objective << ": " << screen.out << screen.err) {
      BOOST_TEST_REQUIRE(screen.code == 0);
      const double steps = number_of(screen.out, "steps_per_second");
      BOOST_TEST(steps > 0);
      BOOST_TEST(steps >= number_of(screen.out, "lowest_steps_per_second"));
      BOOST_TEST(steps <= number_of(screen.out, "highest_steps_per_second"));
      BOOST_TEST(number_of(screen.out, "rows_per_second") == 32 * steps);
      BOOST_TEST(number_of(screen.out, "flops_per_second") ==
                 number_of(screen.out, "flops_per_step") * steps);
      BOOST_TEST(value_of(screen.out, "objective") == '"' + std::string(objective) + '"');
      BOOST_TEST(contains(screen.out, " made here: "));
    }
  }
}

BOOST_AUTO_TEST_CASE(it_measures_what_it_is_told_to) {
  const WorkFolder here;
  const auto screen = measured({"--objective", "mlp", "--layers", "8,4", "--batch", "5", "--data",
                                here.at("rows.libsvm"), "--json"});
  BOOST_TEST_REQUIRE(screen.code == 0, screen.err);
  BOOST_TEST(contains(screen.out, "\"layers\":[8,4]"), screen.out);
  BOOST_TEST(value_of(screen.out, "batch") == "5");
  BOOST_TEST(value_of(screen.out, "rows") == "60");
  BOOST_TEST(value_of(screen.out, "features") == "11");
  BOOST_TEST(value_of(screen.out, "dimension") ==
             std::to_string(11 * 8 + 8 + 8 * 4 + 4 + 4 * 2 + 2));
  const auto lines = measured({"--data", here.at("rows.libsvm")});
  BOOST_TEST(lines.out.starts_with("logistic 11, 11 parameters, batches of 32 rows\non "),
             lines.out);
  BOOST_TEST(contains(lines.out, " steps/s   "), lines.out);
}

BOOST_AUTO_TEST_CASE(rows_with_large_values_are_measured_with_small_steps) {
  const WorkFolder here;
  const auto file = here.write("large.csv", "a,y\n30000,1e6\n-20000,2\n25000,-1e6\n");
  const auto screen = measured({"--objective", "linear", "--data", file, "--label", "y", "--json"});
  BOOST_TEST(screen.code == 0, screen.err);
}

BOOST_AUTO_TEST_CASE(a_profile_made_here_is_what_the_simulation_takes) {
  const WorkFolder here;
  const auto profile = here.at("here.toml");
  const auto made =
      measured({"--batch", "4", "--data", here.at("rows.libsvm"), "--profile", profile, "--json"});
  BOOST_TEST_REQUIRE(made.code == 0, made.err);
  const double speed = number_of(made.out, "flops_per_second");
  BOOST_TEST(runtime::read_profile_file(profile).flops_per_second == speed);
  const auto file = here.run_file("200", "train.batch = 4\nschedule = {kind = \"fixed\", h = 8}\n");
  const auto planned = run({"plan", file, "--profile", profile, "--json"});
  BOOST_TEST_REQUIRE(planned.code == 0, planned.err);
  BOOST_TEST(number_of(planned.out, "seconds_per_step") ==
             number_of(made.out, "flops_per_step") / speed);
  // A file is never written over: it may be a run file.
  const auto again = measured({"--profile", profile});
  BOOST_TEST(again.code == 4);
  BOOST_TEST(contains(again.err, "AN501: cannot write " + profile + ": File exists"), again.err);
}

BOOST_AUTO_TEST_CASE(a_profile_that_cannot_be_written_is_refused_before_an_hour_is_spent_on_it) {
  const WorkFolder here;
  const auto profile = here.at("none/here.toml");
  const auto screen = run({"bench", "step", "--time", "1h", "--profile", profile});
  BOOST_TEST(screen.code == 4);
  BOOST_TEST(contains(screen.err, "cannot write " + profile + ": No such file or directory"),
             screen.err);
}

BOOST_AUTO_TEST_CASE(a_label_is_one_of_a_file) {
  const auto screen = run({"bench", "step", "--label", "y"});
  BOOST_TEST(screen.code == 2);
  BOOST_TEST(contains(screen.err, "give --data, too"), screen.err);
}

BOOST_AUTO_TEST_CASE(virtual_time_is_as_its_figure_says) {
  const WorkFolder here;
  const auto as_pi = here.write("as-pi.toml", "flops_per_second = 1.5e9\n");
  const auto half = here.write("half.toml", "flops_per_second = 750_000_000\nboard = \"slow\"\n");
  const double time = virtual_seconds(here, "pi-4");
  BOOST_TEST(virtual_seconds(here, as_pi) == time);
  BOOST_TEST(virtual_seconds(here, half) == virtual_seconds(here, "pi-4/2"));
  BOOST_TEST(virtual_seconds(here, half + "/2") == virtual_seconds(here, "pi-4/4"));
  BOOST_TEST(virtual_seconds(here, half + ",pi-4") == virtual_seconds(here, "pi-4/2,pi-4"));
  BOOST_TEST(virtual_seconds(here, half) > time);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
