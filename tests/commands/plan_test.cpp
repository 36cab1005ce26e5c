/// annulet plan, as people and programs read it.
#include <algorithm>
#include <sstream>
#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/support/child_ring.hpp"
#include "tests/support/screen.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(plan)

namespace {

bool contains(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

std::size_t longest_line(const std::string& text) {
  std::size_t longest = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) longest = std::max(longest, line.size());
  return longest;
}

/// The object behind "key": in a JSON object; none is in it.
std::string object_of(const std::string& json, const std::string& key) {
  const auto begin = json.find('"' + key + "\":{");
  return begin == json.npos ? "" : json.substr(begin, json.find('}', begin) - begin + 1);
}

}  // namespace

BOOST_AUTO_TEST_CASE(it_says_what_the_simulation_then_counts) {
  const WorkFolder here;
  const auto file = here.run_file("200", "schedule = {kind = \"doubling\", alpha = 4}\n");
  const auto planned = run({"plan", file, "--devices", "5", "--json"});
  BOOST_TEST_REQUIRE(planned.code == 0, planned.err);
  const auto counted =
      run({"simulate", file, "--devices", "5", "--json", "--out", here.at("out")}).out;
  const auto fewest = object_of(planned.out, "fewest");
  BOOST_TEST(value_of(fewest, "rounds") == value_of(counted, "rounds"));
  BOOST_TEST(value_of(fewest, "sent_model_bytes_per_device") ==
             value_of(counted, "sent_model_bytes_per_device"));
  BOOST_TEST(value_of(object_of(planned.out, "mini_batch"), "sent_model_bytes_per_device") ==
             value_of(counted, "baseline_bytes_per_device"));
  BOOST_TEST(object_of(planned.out, "most").substr(7) == fewest.substr(9));
  BOOST_TEST(value_of(planned.out, "exact") == "true");
  BOOST_TEST(value_of(planned.out, "timed") == "false");
  BOOST_TEST(value_of(planned.out, "dimension") == "11");
  BOOST_TEST(value_of(planned.out, "exit_reason") == "\"done\"");
  // Segments differ by an element, of which a hop of 2 ms hardly takes note.
  BOOST_TEST(
      std::stod(value_of(fewest, "seconds")) == std::stod(value_of(counted, "virtual_seconds")),
      boost::test_tools::tolerance(0.005));
}

BOOST_AUTO_TEST_CASE(a_codec_is_said_and_counted) {
  const WorkFolder here;
  const auto file =
      here.run_file("200", "net.compress = \"q8\"\nschedule = {kind = \"fixed\", h = 8}\n");
  const auto screen = run({"plan", file});
  BOOST_TEST_REQUIRE(screen.code == 0, screen.err);
  BOOST_TEST(contains(screen.out, "\ncompress     q8; H = 1 is counted as float32\n"), screen.out);
  BOOST_TEST(!contains(run({"plan", file, "--set", "net.compress=none"}).out, "compress"));
  const auto planned = run({"plan", file, "--json"}).out;
  const auto counted =
      run({"simulate", file, "--devices", "4", "--json", "--out", here.at("out")}).out;
  BOOST_TEST(value_of(planned, "compress") == "\"q8\"");
  BOOST_TEST(value_of(object_of(planned, "fewest"), "sent_model_bytes_per_device") ==
             value_of(counted, "sent_model_bytes_per_device"));
}

// Eleven parameters: of 16 bytes with their steps, 8 more for R and the next R, 8 of both in a
// checkpoint.
BOOST_AUTO_TEST_CASE(memory_is_said_part_by_part) {
  const WorkFolder here;
  const auto file = here.run_file("200", "net.compress = \"q8\"\nrun.max_memory = \"8MB\"\n");
  const auto screen = run({"plan", file});
  BOOST_TEST_REQUIRE(screen.code == 0, screen.err);
  for (const char* words :
       {"\nmemory       8.0 MB on each device:\n",
        "\n             the model and its steps    132 B\n",
        "\n             residuals                   88 B\n",
        "\n             a checkpoint                88 B\n", "\n             the rows ",
        "\n             the program               8.0 MB\n",
        "\n             run.max_memory is 8.0 MB: such a run ends before it begins (AN303)\n"}) {
    BOOST_TEST(contains(screen.out, words), words << " is not in\n" << screen.out);
  }
  const auto planned = run({"plan", file, "--json"}).out;
  BOOST_TEST(object_of(planned, "vectors") ==
             "\"vectors\":{\"model\":132,\"residuals\":88,\"checkpoint\":88}");
  BOOST_TEST(value_of(planned, "model_memory_bytes") == "308");
  BOOST_TEST(value_of(planned, "max_memory_bytes") == "8000000");
  BOOST_TEST(std::stoull(value_of(planned, "memory_bytes")) ==
             8'000'308 + std::stoull(value_of(planned, "data_memory_bytes")));
  const auto refused = run({"simulate", file, "--devices", "2", "--out", here.at("out")});
  BOOST_TEST(refused.code == 4);
  BOOST_TEST(contains(refused.err, "AN303: "), refused.err);
  BOOST_TEST(contains(refused.err, "run.max_memory is 8.0 MB"), refused.err);
  const auto free = run({"plan", file, "--set", "run.max_memory=9MB"});
  BOOST_TEST(contains(free.out, "run.max_memory is 9.0 MB\n"), free.out);
}

BOOST_AUTO_TEST_CASE(kappa_is_that_of_optimum) {
  const WorkFolder here;
  const auto file = here.run_file("200", "schedule.kind = \"theory\"\n");
  const auto planned = run({"plan", file, "--json"}).out;
  const auto constants = run({"optimum", file, "--json"}).out;
  for (const char* key : {"mu", "L", "kappa"}) {
    BOOST_TEST(value_of(object_of(planned, "theory"), key) == value_of(constants, key));
  }
}

BOOST_AUTO_TEST_CASE(people_get_a_table_that_fits_a_terminal) {
  const WorkFolder here;
  const auto file = here.run_file("200", "schedule = {kind = \"doubling\", alpha = 4}\n");
  const auto screen = run({"plan", file, "--devices", "5"});
  BOOST_TEST(screen.code == 0, screen.err);
  BOOST_TEST(screen.err == "");
  BOOST_TEST(longest_line(screen.out) <= 80U, screen.out);
  for (const char* words :
       {"logistic, 11 parameters\n", "5 devices (pi-4), links of 10mbit,2ms\n",
        "200 steps of 32 rows\n", "doubling(alpha=4, t0=64)\n", "H = 1   doubling", "x fewer\n",
        "x less\n", "x faster\n", "H* = sqrt(T/(kappa B W)) = "}) {
    BOOST_TEST(contains(screen.out, words), words << " is not in\n" << screen.out);
  }
}

BOOST_AUTO_TEST_CASE(what_a_run_measures_is_bounded) {
  const WorkFolder here;
  const auto file = here.run_file("200", "schedule = {kind = \"guarded\", alpha = 8}\n");
  const auto screen = run({"plan", file});
  BOOST_TEST(contains(screen.out, "H depends on what the run measures"), screen.out);
  BOOST_TEST(longest_line(screen.out) <= 80U, screen.out);
  const auto json = run({"plan", file, "--json"}).out;
  BOOST_TEST(value_of(json, "exact") == "false");
  BOOST_TEST(std::stoi(value_of(object_of(json, "fewest"), "rounds")) <
             std::stoi(value_of(object_of(json, "most"), "rounds")));
}

BOOST_AUTO_TEST_CASE(what_follows_the_time_is_said) {
  const WorkFolder here;
  const auto timed = here.run_file("200", "schedule = {kind = \"balanced\"}\n");
  BOOST_TEST(value_of(run({"plan", timed, "--json"}).out, "timed") == "true");
  const auto fixed = here.run_file("200", "schedule = {kind = \"fixed\", h = 4}\n");
  BOOST_TEST(value_of(run({"plan", fixed, "--json"}).out, "timed") == "false");
}

BOOST_AUTO_TEST_CASE(an_end_that_is_not_known_is_said) {
  const WorkFolder here;
  const auto text =
      "run.target_loss = 0.3\nmodel.kind = \"mlp\"\nmodel.layers = [4]\ndata.train = "
      "\"rows.libsvm\"\nschedule = {kind = \"fixed\", h = 8}\n";
  const auto file = here.write("target.toml", text);
  const auto screen = run({"plan", file}).out;
  BOOST_TEST(contains(screen, "it ends by f <= 0.3: these are its first 1,000 steps\n"), screen);
  BOOST_TEST(contains(screen, "theory       no H* = sqrt(T/(kappa B W)): mlp is not convex\n"),
             screen);
  const auto bounded = run({"plan", file, "--set", "run.steps=80"}).out;
  BOOST_TEST(contains(bounded, "it ends by f <= 0.3 or 80 steps: these are all its steps\n"),
             bounded);
}

BOOST_AUTO_TEST_CASE(boards_that_differ_wait) {
  const WorkFolder here;
  const auto file = here.run_file("200", kOneStep);
  const std::vector<std::string> unlike{"plan", file, "--devices", "3", "--profile", "pi-4/4,pi-4"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), unlike.begin(), unlike.end());
    return run(more).out;
  };
  const auto screen = with({});
  BOOST_TEST(contains(screen, "\ndevice "), screen);
  BOOST_TEST(contains(screen, "\n2 to 3 "), screen);
  const auto fast = with({"--json"});
  const auto last = fast.substr(fast.find("\"first_device\":2,\"last_device\":3,"));
  // The slow one computes four times as long, and never waits.
  BOOST_TEST(
      std::stod(value_of(last, "wait_seconds")) == 3 * std::stod(value_of(last, "compute_seconds")),
      boost::test_tools::tolerance(1e-9));
  BOOST_TEST(value_of(fast, "first_device") == "1");
  BOOST_TEST(value_of(fast, "wait_seconds") == "0");
  // Where all take what fits, or are alike, nobody waits.
  BOOST_TEST(!contains(with({"--set", "round.pace=time"}), "\ndevice "));
  BOOST_TEST(!contains(with({"--set", "round.pace=time", "--json"}), "wait_seconds"));
  BOOST_TEST(!contains(run({"plan", file}).out, "\ndevice "));
}

BOOST_AUTO_TEST_CASE(one_device_sends_nothing) {
  const WorkFolder here;
  const auto screen = run({"plan", here.run_file("200", kOneStep), "--devices", "1"});
  BOOST_TEST(screen.code == 0, screen.err);
  BOOST_TEST(!contains(screen.out, "sent per device"), screen.out);
  BOOST_TEST(!contains(screen.out, "one average"), screen.out);
}

BOOST_AUTO_TEST_CASE(what_a_run_would_refuse_is_refused) {
  const WorkFolder here;
  const auto file = here.run_file("200", kOneStep);
  const auto board = run({"plan", file, "--profile", "pi-9"});
  BOOST_TEST(board.code == 2);
  BOOST_TEST(contains(board.err, "annulet: AN311: --profile pi-9: pi-9 is not known"), board.err);
  const auto theory =
      run({"plan", file, "--set", "schedule.kind=theory", "--set", "model.l2=0", "--json"});
  BOOST_TEST(theory.code == 3);
  BOOST_TEST(contains(theory.err, "takes its kappa from model.l2, which is 0"), theory.err);
  BOOST_TEST(value_of(theory.out, "error_code") == "\"AN309\"");
  const auto bare = here.write("bare.toml",
                               "run.steps = 10\nmodel.kind = \"logistic\"\nschedule = {kind = "
                               "\"fixed\", h = 1}\n");
  BOOST_TEST(contains(run({"plan", bare}).err, "AN408: The run file names no training data"));
  BOOST_TEST(run({"plan", bare, "--data", here.at("rows.libsvm")}).code == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
