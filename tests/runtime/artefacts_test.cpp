/// What a run leaves in its folder, and that no disk can end it.
#include "runtime/artefacts.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>
#include <string>

#include <boost/test/unit_test.hpp>

#include "runtime/rounds_csv.hpp"
#include "tests/support/counted_allocations.hpp"
#include "tests/support/temporary_folder.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(artefacts)

namespace {

using tests::read_all;
using tests::TemporaryFolder;

constexpr std::array kModel = {1.0F, 2.0F};

std::string noon() { return "2026-11-22T12:00:00.000Z"; }

RunStarted two_devices() {
  RunStarted event;
  event.run_id = "3f9c";
  event.device = "laptop";
  event.devices = {"laptop", "pi-1"};
  event.dimension = kModel.size();
  event.features = 1;
  event.bias = true;
  event.labels = {-1, 1};
  event.rows = 100;
  event.shard_rows = 50;
  event.steps = 4;
  event.model = "logistic";
  event.schedule = "fixed(h=2)";
  event.config_toml = "[run]\nsteps = 4\n";
  event.clock = "real";
  return event;
}

RoundDone round_at(std::int64_t number, double seconds) {
  RoundDone event;
  event.round = number;
  event.step = 2 * number;
  event.h = event.own_steps = 2;
  event.loss = 0.5;
  event.seconds = seconds;
  event.model_hash = 0x9c1e;
  return event;
}

Evaluated evaluation_at(std::int64_t number) {
  Evaluated event;
  event.round = number;
  event.step = 2 * number;
  event.objective = 0.5;
  event.test_accuracy = 0.75;
  return event;
}

RunFinished done() {
  RunFinished event;
  event.exit_reason = "done";
  event.workers = 2;
  event.steps = 4;
  event.rounds = 2;
  event.seed = 1;
  return event;
}

auto lines(const std::string& text) { return std::ranges::count(text, '\n'); }

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_run_leaves_five_files) {
  const TemporaryFolder temporary;
  const auto folder = temporary.path() / "runs" / "3f9c";
  Artefacts artefacts(folder, noon);
  artefacts.started(two_devices());
  artefacts.round_done(round_at(1, 0.25), kModel);
  artefacts.evaluated(evaluation_at(1));
  artefacts.round_done(round_at(2, 0.5), kModel);
  artefacts.device_lost({"pi\n1", "connection reset", ErrorCode::connection_lost, 2, 0.5});
  artefacts.finished(done(), kModel);

  BOOST_TEST(artefacts.problem() == "");
  BOOST_TEST(read_all(folder / "config.toml") == "[run]\nsteps = 4\n");
  BOOST_TEST(read_all(folder / "rounds.csv") ==
             "round,step,h,loss,drift,delta_norm2,seconds,compute_s,wait_s,average_s,model_bytes,"
             "sent_bytes,baseline_bytes,model_hash,reason\n"
             "1,2,2,0.5,0,0,0.25,0,0,0,0,0,0,0000000000009c1e,\n"
             "2,4,2,0.5,0,0,0.5,0,0,0,0,0,0,0000000000009c1e,\n");
  const auto log = read_all(folder / "log.jsonl");
  BOOST_TEST(lines(log) == 6);
  const std::string head = R"({"t":"2026-11-22T12:00:00.000Z","run":"3f9c","dev":"laptop","ev":)";
  BOOST_TEST(holds(log, head + R"("start","devices":["laptop","pi-1"],"rank":0,"dimension":2,)"
                               R"("rows":100,"shard_rows":50,"steps":4,"model":"logistic",)"
                               R"j("schedule":"fixed(h=2)","clock":"real"})j"));
  BOOST_TEST(holds(log, head + R"("round","round":1,"step":2,"h":2,"loss":0.5,)"));
  BOOST_TEST(holds(log, R"("objective":0.5,"test_accuracy":0.75})"));
  BOOST_TEST(holds(
      log,
      head +
          R"("lost","device":"pi\n1","reason":"connection reset","error_code":"AN111","round":2,)"));
  BOOST_TEST(holds(log, head + R"("stop","exit_code":0,"workers":2,"steps":4,"rounds":2,)"));
  // What it takes to predict with the model, and where it comes from.
  BOOST_TEST(holds(
      read_all(folder / "model.safetensors"),
      R"j("classes":"2","features":"1","labels":"[-1,1]",)j"
      R"j("members":"[\"laptop\",\"pi-1\"]","objective":"logistic","output":"last","round":"2",)j"
      R"j("run":"3f9c","schedule":"fixed(h=2)","seed":"1","step":"4"})j"));
  BOOST_TEST(holds(read_all(folder / "report.html"), "3f9c"));
}

BOOST_AUTO_TEST_CASE(the_model_file_names_columns_and_classes) {
  const auto header_of = [](const RunStarted& start) {
    const TemporaryFolder temporary;
    Artefacts artefacts(temporary.path(), noon);
    artefacts.started(start);
    artefacts.finished(done(), kModel);
    return read_all(temporary.path() / "model.safetensors");
  };
  auto start = two_devices();
  start.columns = {"a, \"b\""};
  start.label.classes = {"no, sir", "yes"};
  const auto header = header_of(start);
  BOOST_TEST(holds(header, R"("columns":"[\"a, \\\"b\\\"\"]")"));
  BOOST_TEST(holds(header, R"("class_words":"[\"no, sir\",\"yes\"]")"));
  // More than a header should hold is left out.
  start.columns = {std::string(65'532, 'a')};
  BOOST_TEST(holds(header_of(start), "\"columns\""));
  start.columns = {std::string(65'533, 'a')};
  BOOST_TEST(!holds(header_of(start), "\"columns\""));
}

BOOST_AUTO_TEST_CASE(only_the_starter_writes_the_report) {
  const TemporaryFolder temporary;
  auto start = two_devices();
  start.rank = 1;
  Artefacts artefacts(temporary.path(), noon);
  artefacts.started(start);
  artefacts.finished(done(), kModel);
  BOOST_TEST(!std::filesystem::exists(temporary.path() / "report.html"));
  BOOST_TEST(std::filesystem::exists(temporary.path() / "model.safetensors"));
}

BOOST_AUTO_TEST_CASE(a_run_that_ends_before_its_first_round_leaves_no_model) {
  const TemporaryFolder temporary;
  Artefacts artefacts(temporary.path(), noon);
  artefacts.started(two_devices());
  artefacts.finished(done(), {});
  BOOST_TEST(!std::filesystem::exists(temporary.path() / "model.safetensors"));
  BOOST_TEST(artefacts.problem() == "");
}

BOOST_AUTO_TEST_CASE(a_run_that_never_started_leaves_nothing) {
  const TemporaryFolder temporary;
  {
    Artefacts artefacts(temporary.path() / "3f9c", noon);
    artefacts.finished(done(), {});
  }
  BOOST_TEST(!std::filesystem::exists(temporary.path() / "3f9c"));
}

BOOST_AUTO_TEST_CASE(lines_reach_the_disk_once_a_second_of_the_run) {
  const TemporaryFolder temporary;
  const auto file = temporary.path() / "rounds.csv";
  Artefacts artefacts(temporary.path(), noon);
  artefacts.started(two_devices());
  artefacts.round_done(round_at(1, 0.5), kModel);
  artefacts.round_done(round_at(2, 0.9), kModel);
  BOOST_TEST(lines(read_all(file)) == 0);
  artefacts.round_done(round_at(3, 1.0), kModel);
  BOOST_TEST(lines(read_all(file)) == 4);
  artefacts.round_done(round_at(4, 1.5), kModel);
  BOOST_TEST(lines(read_all(file)) == 4);
  artefacts.evaluated(evaluation_at(4));
  BOOST_TEST(lines(read_all(file)) == 5);
}

BOOST_AUTO_TEST_CASE(rounds_are_thinned_from_ten_thousand_on) {
  BOOST_TEST(keeps_round(1));
  BOOST_TEST(keeps_round(10'000));
  BOOST_TEST(!keeps_round(10'001));
  BOOST_TEST(keeps_round(10'010));
  BOOST_TEST(keeps_round(100'000));
  BOOST_TEST(!keeps_round(100'010));
  BOOST_TEST(keeps_round(100'100));
  BOOST_TEST(!keeps_round(1'000'100));
  BOOST_TEST(keeps_round(1'001'000));
  BOOST_TEST(!keeps_round(std::numeric_limits<std::int64_t>::max()));
}

BOOST_AUTO_TEST_CASE(the_last_round_is_written_whatever_its_number) {
  const TemporaryFolder temporary;
  Artefacts artefacts(temporary.path(), noon);
  artefacts.started(two_devices());
  for (std::int64_t number = 1; number <= 10'027; ++number) {
    artefacts.round_done(round_at(number, 0), kModel);
  }
  artefacts.finished(done(), kModel);
  const auto rows = read_all(temporary.path() / "rounds.csv");
  BOOST_TEST(lines(rows) == 1 + 10'000 + 2 + 1);
  BOOST_TEST(holds(rows, "\n10020,"));
  BOOST_TEST(!holds(rows, "\n10026,"));
  BOOST_TEST(holds(rows, "\n10027,"));
  BOOST_TEST(holds(read_all(temporary.path() / "log.jsonl"), R"("round":10027)"));
}

BOOST_AUTO_TEST_CASE(reasons_with_commas_and_quotes_stay_one_field) {
  auto event = round_at(1, 0);
  event.reason = R"(drift, 2 "percent")";
  BOOST_TEST(rounds_csv_row(event).ends_with(R"(,"drift, 2 ""percent""")"
                                             "\n"));
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_made_is_told_and_the_run_goes_on) {
  const TemporaryFolder temporary;
  std::filesystem::create_symlink("/dev/null", temporary.path() / "file");
  Artefacts artefacts(temporary.path() / "file" / "3f9c", noon);
  artefacts.started(two_devices());
  artefacts.round_done(round_at(1, 2), kModel);
  artefacts.evaluated(evaluation_at(1));
  artefacts.device_lost({"pi-1", "left", ErrorCode::device_left, 1, 2});
  artefacts.finished(done(), kModel);
  BOOST_TEST(holds(artefacts.problem(), "cannot make the folder"));
  BOOST_TEST(holds(artefacts.problem(), "Not a directory"));
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_told_and_the_other_files_are_written) {
  const TemporaryFolder temporary;
  std::filesystem::create_symlink("/dev/full", temporary.path() / "rounds.csv");
  Artefacts artefacts(temporary.path(), noon);
  artefacts.started(two_devices());
  artefacts.round_done(round_at(1, 2), kModel);
  BOOST_TEST(holds(artefacts.problem(), "rounds.csv: No space left on device"));
  artefacts.round_done(round_at(2, 4), kModel);
  artefacts.finished(done(), kModel);
  BOOST_TEST(lines(read_all(temporary.path() / "log.jsonl")) == 4);
  BOOST_TEST(std::filesystem::exists(temporary.path() / "model.safetensors"));
}

// Observers must not throw: a run's goodbye comes after them.
BOOST_AUTO_TEST_CASE(a_memory_that_is_full_is_told_and_does_not_end_the_run) {
  constexpr std::size_t kLargest = 20'000;
  const auto problem_with = [](const RunStarted& start) {
    const TemporaryFolder temporary;
    Artefacts artefacts(temporary.path(), noon);
    artefacts.started(start);
    const tests::SmallMemory memory(kLargest);
    BOOST_CHECK_NO_THROW(artefacts.finished(done(), kModel));
    return artefacts.problem();
  };
  auto start = two_devices();
  const std::string full = "the memory of this device is full";
  BOOST_TEST(holds(problem_with(start), "report.html: " + full));  // the page is larger
  start.columns = {std::string(2 * kLargest, 'a')};
  BOOST_TEST(holds(problem_with(start), "model.safetensors: " + full));
}

BOOST_AUTO_TEST_CASE(an_optimum_that_is_found_after_the_end_is_added) {
  const TemporaryFolder folder;
  Artefacts artefacts(folder.path() / "run", noon);
  artefacts.started(two_devices());
  artefacts.round_done(round_at(1, 0.5), kModel);
  artefacts.finished({}, kModel);
  artefacts.optimum({.f_star = 0.25, .norm = 2, .gradient_norm = 1e-10, .iterations = 5});
  const auto log = read_all(folder.path() / "run" / "log.jsonl");
  BOOST_TEST(log.ends_with("\"ev\":\"optimum\",\"f_star\":0.25,\"norm\":2,"
                           "\"gradient_norm\":1e-10,\"converged\":true,\"iterations\":5}\n"),
             log);
  const auto page = read_all(folder.path() / "run" / "report.html");
  BOOST_TEST((page.find(R"(\"ev\":\"optimum\",\"f_star\":0.25)") != std::string::npos));
  BOOST_TEST(artefacts.problem() == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
