/// annulet data as people type it, and what it makes in the other commands' hands.
#include <filesystem>
#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/support/child_ring.hpp"
#include "tests/support/screen.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(parts)

namespace {

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Four rows of two inputs and two outputs, which are no classes.
const std::string kFann = "4 2 2\n1 2\n0.5 7\n3 5\n0.25 9\n5 6\n0.125 8\n7 9\n2 6\n";
/// The same rows as CSV: the second output in column 4.
const std::string kCsv = "1,2,0.5,7\n3,5,0.25,9\n5,6,0.125,8\n7,9,2,6\n";

struct Outputs : WorkFolder {
  Outputs() {
    fann = write("rows.train", kFann);
    csv = write("rows.csv", kCsv);
  }
  /// A run over them that learns the second output.
  [[nodiscard]] Screen train(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words{"simulate",  run_file("20"),
                                   "--devices", "1",
                                   "--out",     at("out"),
                                   "--set",     "data.train=" + fann,
                                   "--set",     "model.kind=linear",
                                   "--set",     "data.label=2",
                                   "--set",     "train.lr.value=0.001"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
  [[nodiscard]] Screen split(const std::string& data, const std::vector<std::string>& more) const {
    std::vector<std::string> words{"data", "split", data, "-n", "2", "-o", at("parts")};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
  std::string fann, csv;
};

}  // namespace

BOOST_AUTO_TEST_CASE(fann_text_stays_what_it_is) {
  const Outputs here;
  BOOST_TEST(here.split(here.fann, {"--by", "file-order", "--label", "2"}).code == 0);
  BOOST_TEST(here.read("parts/part-1.fann") == "2 2 2\n1 2\n0.5 7\n3 5\n0.25 9\n");
  BOOST_TEST(here.read("parts/part-2.fann") == "2 2 2\n5 6\n0.125 8\n7 9\n2 6\n");
}

// The number of an output was taken for a column's: figures of another label, and exit code 0.
BOOST_AUTO_TEST_CASE(an_output_is_no_column) {
  const Outputs here;
  const auto trained = here.train();
  BOOST_TEST_REQUIRE(trained.code == 0, trained.err);
  const auto model = here.at("out/model.safetensors");
  const auto of_fann = run({"eval", model, here.fann, "--json"});
  BOOST_TEST(of_fann.code == 0, of_fann.err);
  const auto narrow = here.write("narrow.csv", "1,2,7\n3,5,9\n5,6,8\n7,9,6\n");
  const auto refused = run({"eval", model, narrow});
  BOOST_TEST(refused.code == 4);
  BOOST_TEST(refused.err ==
             "annulet: AN413: " + narrow +
                 ": the model was trained with output 2 of FANN text as the label, which is none "
                 "of a CSV file's columns; name the label's column with --label COLUMN\n");
  const auto of_csv = run({"eval", model, narrow, "--label", "3", "--json"});
  BOOST_TEST(value_of(of_csv.out, "loss") == value_of(of_fann.out, "loss"));
}

BOOST_AUTO_TEST_CASE(a_column_is_no_output) {
  const Outputs here;
  const auto csv = here.write("narrow.csv", "1,0.5,2\n3,0.25,5\n5,0.125,6\n");
  const auto trained = here.train({"--set", "data.train=" + csv});
  BOOST_TEST_REQUIRE(trained.code == 0, trained.err);
  const auto refused = run({"eval", here.at("out/model.safetensors"), here.fann});
  BOOST_TEST(refused.code == 4);
  BOOST_TEST(holds(refused.err, "AN413"), refused.err);
  BOOST_TEST(holds(refused.err, "Choose the one to learn: --label 1, up to 2\n"), refused.err);
}

BOOST_AUTO_TEST_CASE(training_and_test_data_count_alike) {
  const Outputs here;
  const auto refused = here.train({"--set", "data.test=" + here.csv});
  BOOST_TEST(refused.code == 4);
  BOOST_TEST(refused.err ==
             "annulet: AN411: data.label is 2, and data.test, " + here.csv +
                 ", is CSV, where it is a column; the training data are FANN text, where it is an "
                 "output: give both in one format.\n");
}

BOOST_AUTO_TEST_CASE(which_output_to_cut_by_has_to_be_said) {
  const Outputs here;
  const auto refused = here.split(here.fann, {"--by", "by-label"});
  BOOST_TEST(refused.code == 4);
  BOOST_TEST(refused.err ==
             "annulet: AN413: a row has 2 outputs, and they are not classes (one of them 1, the "
             "others 0). Choose the one to cut by: --label 1, up to 2\n");
  BOOST_TEST(here.split(here.fann, {"--by", "by-label", "--label", "2"}).code == 0);
  BOOST_TEST(here.read("parts/part-1.fann") == "2 2 2\n1 2\n0.5 7\n7 9\n2 6\n");
}

BOOST_AUTO_TEST_CASE(words_have_the_order_that_the_run_file_gives) {
  const Outputs here;
  const auto words = here.write("words.csv", "1,bad\n2,good\n3,bad\n4,good\n");
  BOOST_TEST(here.split(words, {"--by", "by-label", "--classes", "good", "bad"}).code == 0);
  BOOST_TEST(here.read("parts/part-1.csv") == "2,good\n4,good\n");
  const auto unknown = here.split(words, {"--classes", "good", "ugly"});
  BOOST_TEST(unknown.code == 4);
  BOOST_TEST(holds(unknown.err, "label 'bad' is none of those of --classes"), unknown.err);
  const auto twice = here.split(words, {"--classes", "good", "good"});
  BOOST_TEST(twice.code == 2);
  BOOST_TEST(twice.err ==
             "annulet: AN311: --classes: give the words in the label column, each once, such as "
             "--classes edible poisonous\n");
}

BOOST_AUTO_TEST_CASE(a_seed_is_one_that_a_run_may_have) {
  const Outputs here;
  for (const std::string seed : {"-1", "99999999999999999999", "1.5", "x"}) {
    const auto refused = here.split(here.csv, {"--seed", seed});
    BOOST_TEST(refused.code == 2);
    BOOST_TEST(refused.err == "annulet: AN311: --seed " + seed +
                                  ": give a whole number from 0 to 9223372036854775807\n");
  }
  BOOST_TEST(here.split(here.csv, {"--seed", "9223372036854775807"}).code == 0);
}

BOOST_AUTO_TEST_CASE(what_is_there_is_said_to_be_there) {
  const Outputs here;
  BOOST_TEST(here.split(here.csv, {}).code == 0);
  const auto refused = here.split(here.csv, {});
  BOOST_TEST(refused.code == 4);
  BOOST_TEST(refused.err == "annulet: AN501: cannot write " + here.at("parts/part-1.csv") +
                                ": File exists. Name another place, or take it away first.\n");
}

// The input was written over and then taken away.
BOOST_AUTO_TEST_CASE(a_file_beside_the_output_is_not_touched) {
  const Outputs here;
  BOOST_TEST_REQUIRE(here.train().code == 0);
  const auto rows = here.write("q.csv.tmp", "1,2\n3,5\n");
  const auto predicted = run(
      {"predict", here.at("out/model.safetensors"), rows, "--no-label", "-o", here.at("q.csv")});
  BOOST_TEST(predicted.code == 0, predicted.err);
  BOOST_TEST(here.read("q.csv.tmp") == "1,2\n3,5\n");
}

BOOST_AUTO_TEST_CASE(a_report_takes_no_file_of_its_run) {
  const Outputs here;
  BOOST_TEST_REQUIRE(here.train().code == 0);
  for (const std::string name : {"model.safetensors", "rounds.csv", "log.jsonl", "config.toml"}) {
    const auto file = "out/" + name;
    const auto before = here.read(file);
    const auto refused = run({"report", here.at("out"), "-o", here.at(file)});
    BOOST_TEST(refused.code == 2);
    BOOST_TEST(refused.err == "annulet: AN311: --out " + here.at(file) +
                                  " is what is to be read: give another file\n");
    BOOST_TEST(here.read(file) == before);
  }
  BOOST_TEST(run({"report", here.at("out"), "-o", here.at("out/report.html")}).code == 0);
}

BOOST_AUTO_TEST_CASE(words_are_no_values) {
  const Outputs here;
  const auto words = here.write("words.csv", "1,bad\n2,good\n");
  const auto refused =
      here.train({"--set", "data.train=" + words, "--set", R"(data.classes=["bad", "good"])"});
  BOOST_TEST(refused.code == 3);
  BOOST_TEST(holds(refused.err,
                   "data.classes has words for classes, but model.kind "
                   "linear learns values; leave data.classes out, or take model.kind logistic or "
                   "softmax"),
             refused.err);
}

// The scale was that of the rows at hand, where the run keeps its model's.
BOOST_AUTO_TEST_CASE(the_optimum_is_that_of_the_run_that_goes_on) {
  const Outputs here;
  const auto other = here.write("other.csv", "10,2,7\n30,5,9\n50,6,8\n70,1,6\n");
  const std::vector<std::string> more{"--set", "data.train=" + other, "--set", "data.label=3",
                                      "--set", "data.scale=standard"};
  BOOST_TEST_REQUIRE(here.train(more).code == 0);
  const auto rows = here.write("narrow.csv", "1,2,7\n3,5,9\n5,6,8\n7,9,6\n");
  std::vector<std::string> words{
      "--set", "data.train=" + rows, "--set", "data.label=3",
      "--set", "model.kind=linear",  "--set", "model.init=" + here.at("out/model.safetensors"),
      "--json"};
  std::vector<std::string> optimum{"optimum", here.run_file("20")};
  optimum.insert(optimum.end(), words.begin(), words.end());
  std::vector<std::string> going_on{"simulate", here.run_file("20"), "--devices", "1", "--gap",
                                    "--out",    here.at("more")};
  going_on.insert(going_on.end(), words.begin(), words.end());
  const auto found = run(optimum), known = run(going_on);
  BOOST_TEST_REQUIRE(found.code == 0, found.err);
  BOOST_TEST_REQUIRE(known.code == 0, known.err);
  BOOST_TEST_REQUIRE(value_of(known.out, "f_star") != "");
  BOOST_TEST(value_of(found.out, "f_star") == value_of(known.out, "f_star"));
  std::filesystem::remove(here.at("out/model.safetensors"));
  BOOST_TEST(holds(run(optimum).err, "AN506"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
