/// annulet eval and annulet predict as people type them: screens, exit codes, what is left on disk.
#include <array>
#include <cmath>
#include <filesystem>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/child_program.hpp"
#include "tests/support/child_ring.hpp"
#include "tests/support/screen.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(eval)

namespace {

namespace data = boost::unit_test::data;

/// A folder with rows and a model that a run has just left.
struct Trained : WorkFolder {
  Trained() {
    const auto file = run_file("40", "data.test = \"rows.libsvm\"\n");
    const auto screen = run({"simulate", file, "--devices", "2", "--out", at("out"), "--json"});
    BOOST_TEST_REQUIRE(screen.code == 0, screen.err);
    json = screen.out;
  }
  [[nodiscard]] std::string model() const { return at("out/model.safetensors"); }
  [[nodiscard]] std::string rows() const { return at("rows.libsvm"); }
  /// Paths in the place of MODEL, ROWS and FOLDER.
  [[nodiscard]] std::string filled(std::string text) const {
    const std::array<std::array<std::string, 2>, 3> places = {
        {{"MODEL", model()}, {"ROWS", rows()}, {"FOLDER", at(".")}}};
    for (const auto& [word, path] : places) {
      for (auto begin = text.find(word); begin != text.npos; begin = text.find(word)) {
        text.replace(begin, word.size(), path);
      }
    }
    return text;
  }

  std::string json;  // what the run said
};

}  // namespace

BOOST_AUTO_TEST_CASE(figures_are_those_of_the_run) {
  const Trained here;
  const auto screen = run({"eval", here.model(), here.rows(), "--json"});
  BOOST_TEST(screen.code == 0);
  BOOST_TEST(screen.err == "");
  BOOST_TEST(value_of(screen.out, "rows") == "60");
  BOOST_TEST(value_of(screen.out, "step") == "40");
  BOOST_TEST(value_of(screen.out, "exit_reason") == "\"done\"");
  BOOST_TEST_REQUIRE(value_of(here.json, "test_loss") != "");
  BOOST_TEST(value_of(screen.out, "loss") == value_of(here.json, "test_loss"));
  BOOST_TEST(value_of(screen.out, "accuracy") == value_of(here.json, "test_accuracy"));
  BOOST_TEST(value_of(screen.out, "auc") == value_of(here.json, "test_auc"));
}

BOOST_AUTO_TEST_CASE(figures_of_two_classes_are_those_of_the_run_whatever_the_model) {
  const WorkFolder here;
  const auto file = here.run_file("40", "data.test = \"rows.libsvm\"\n");
  const auto test = [&](const std::string& kind, std::vector<std::string> more) {
    std::vector<std::string> words{"simulate",    file,     "--devices",
                                   "2",           "--json", "--out",
                                   here.at(kind), "--set",  "model.kind=" + kind};
    words.insert(words.end(), more.begin(), more.end());
    const auto ran = run(words);
    BOOST_TEST_REQUIRE(ran.code == 0, ran.err);
    const auto screen =
        run({"eval", here.at(kind + "/model.safetensors"), here.at("rows.libsvm"), "--json"});
    BOOST_TEST_REQUIRE(value_of(screen.out, "auc") != "", kind);
    BOOST_TEST(value_of(screen.out, "auc") == value_of(ran.out, "test_auc"), kind);
  };
  test("softmax", {});
  test("mlp", {"--set", "model.layers=[4]"});
}

BOOST_AUTO_TEST_CASE(a_label_that_is_written_as_minus_0_is_0) {
  const WorkFolder here;
  const auto rows = here.write("rows.csv", "1,-0\n2,1\n-0,-0\n3,1\n");
  const auto file = here.write("csv.toml",
                               "run.steps = 8\nmodel.kind = \"logistic\"\n"
                               "data.train = \"rows.csv\"\n");
  const auto ran = run({"simulate", file, "--devices", "1", "--json", "--out", here.at("out")});
  BOOST_TEST_REQUIRE(ran.code == 0, ran.err);
  const auto screen = run({"predict", here.at("out/model.safetensors"), rows, "-o", "-"});
  BOOST_TEST(screen.err == "");
  BOOST_TEST(screen.out.starts_with("predicted,p(0),p(1)\n"), screen.out);
}

BOOST_AUTO_TEST_CASE(the_screen_says_which_model_and_which_data) {
  const Trained here;
  const auto screen = run({"eval", here.model(), here.rows()});
  BOOST_TEST(screen.code == 0);
  BOOST_TEST(screen.out.starts_with("logistic of 11 features and 2 classes, after 40 steps\non " +
                                    here.rows() + "\n\nrows            60\nloss        "));
}

BOOST_AUTO_TEST_CASE(predictions_count_up_to_the_accuracy) {
  const Trained here;
  const auto screen = run({"predict", here.model(), here.rows(), "-o", here.at("said.csv")});
  BOOST_TEST(screen.code == 0);
  BOOST_TEST(screen.out == "60 rows   " + here.at("said.csv") + "\n");
  const auto said = here.read("said.csv");
  std::istringstream lines(said), rows(here.read("rows.libsvm"));
  std::string line, row;
  BOOST_TEST_REQUIRE(static_cast<bool>(std::getline(lines, line)));
  BOOST_TEST(line == "predicted,p(-1),p(1)");
  int hits = 0;
  while (std::getline(lines, line) && std::getline(rows, row)) {
    hits += std::stoi(line) == std::stoi(row) ? 1 : 0;
  }
  const auto accuracy = std::stod(value_of(here.json, "test_accuracy"));
  BOOST_TEST(hits == static_cast<int>(std::lround(60 * accuracy)));
  BOOST_TEST(run({"predict", here.model(), here.rows(), "-o", "-"}).out == said);
}

/// "f0,f1,...", one of them "said"; label < 0: none of them.
std::string head_of_csv(int label) {
  std::string csv;
  for (int column = 0; column < (label < 0 ? 11 : 12); ++column) {
    csv += (column > 0 ? "," : "") + (column == label ? "said" : "f" + std::to_string(column));
  }
  return csv;
}

/// The rows of rows.libsvm as CSV: a name above each column, the label in column `label` of 0 ..
/// 11, or left out.
std::string as_csv(const std::string& libsvm, int label) {
  auto csv = head_of_csv(label);
  std::istringstream lines(libsvm);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string raw, word;
    words >> raw;
    std::vector<std::string> fields(11, "0");
    while (words >> word) {
      const auto colon = word.find(':');
      fields[std::stoul(word.substr(0, colon)) - 1] = word.substr(colon + 1);
    }
    if (label >= 0) fields.insert(fields.begin() + label, raw);
    csv += '\n';
    for (std::size_t i = 0; i < fields.size(); ++i) csv += (i > 0 ? "," : "") + fields[i];
  }
  return csv + '\n';
}

BOOST_AUTO_TEST_CASE(csv_says_the_same_wherever_the_label_is) {
  const Trained here;
  const auto libsvm = here.read("rows.libsvm");
  const auto last = here.write("last.csv", as_csv(libsvm, 11));
  const auto third = here.write("third.csv", as_csv(libsvm, 2));
  const auto none = here.write("none.csv", as_csv(libsvm, -1));
  const auto expected = run({"predict", here.model(), last, "-o", "-"}).out;
  BOOST_TEST(expected.starts_with("predicted,p(-1),p(1)\n"));
  BOOST_TEST(run({"predict", here.model(), third, "-o", "-", "--label", "said"}).out == expected);
  BOOST_TEST(run({"predict", here.model(), third, "-o", "-", "--label", "3"}).out == expected);
  BOOST_TEST(run({"predict", here.model(), none, "-o", "-", "--no-label"}).out == expected);
  const auto loss = value_of(run({"eval", here.model(), here.rows(), "--json"}).out, "loss");
  const auto of_csv = run({"eval", here.model(), third, "--label", "said", "--json"});
  // Dense rows are summed by Eigen, sparse ones one by one: float32 roundings of 11 terms.
  BOOST_TEST(std::stod(value_of(of_csv.out, "loss")) == std::stod(loss),
             boost::test_tools::tolerance(1e-5));
  const auto forgotten = run({"predict", here.model(), none, "-o", "-"});
  BOOST_TEST(forgotten.code == 4);
  BOOST_TEST(
      forgotten.err.ends_with("it has 11 columns, as many as the model has features, and so none "
                              "for the label: say --no-label\n"));
}

BOOST_AUTO_TEST_CASE(rows_of_fewer_features_are_noted) {
  const Trained here;
  const auto narrow = here.write("narrow.txt", "1 1:1 3:1\n-1 2:1\n");
  const std::string note = "note: the rows use 3 of the model's 11 features; the others are 0\n";
  const auto eval = run({"eval", here.model(), narrow});
  BOOST_TEST(eval.out.find("\non " + narrow + "\n" + note + "\nrows ") != std::string::npos,
             eval.out);
  BOOST_TEST(value_of(run({"eval", here.model(), narrow, "--json"}).out, "features_used") == "3");
  BOOST_TEST(run({"predict", here.model(), narrow, "-o", here.at("said.csv")}).out.ends_with(note));
  const auto bare = here.write("bare.txt", "1:1 3:1\n2:1\n");
  const auto predict = run({"predict", here.model(), bare, "-o", "-", "--no-label"});
  BOOST_TEST(predict.err == note);
  BOOST_TEST(predict.out == run({"predict", here.model(), narrow, "-o", "-"}).out);
}

struct Wrong {
  int code;
  std::vector<std::string> words;  // MODEL and ROWS stand for the two files
  const char* line;                // on standard error; with FOLDER for the folder of all
};
std::ostream& operator<<(std::ostream& out, const Wrong& one) { return out << one.line; }

const std::vector<Wrong> kWrong = {
    {4,
     {"eval", "FOLDER/none", "ROWS"},
     "annulet: AN506: FOLDER/none: there is no such file; name another model file, or copy it "
     "again\n"},
    {4,
     {"eval", "ROWS", "ROWS"},
     "annulet: AN506: ROWS: is no model file (safetensors), or damaged: by its first bytes its "
     "header is "
     "longer than 1,048,576 bytes; name another model file, or copy it again\n"},
    {4,
     {"eval", "MODEL", "FOLDER/odd.libsvm"},
     "annulet: AN510: FOLDER/odd.libsvm: row 1 has the label 3, which the model does not know; it "
     "knows "
     "-1, 1.\n"},
    {4,
     {"predict", "MODEL", "FOLDER/wide.libsvm", "-o", "FOLDER/said.csv"},
     "annulet: AN510: FOLDER/wide.libsvm: its rows have 13 features, the model was trained on 11. "
     "Give "
     "data of the kind that it was trained on.\n"},
    {4,
     {"predict", "MODEL", "ROWS", "-o", "FOLDER/none/said.csv"},
     "annulet: AN501: cannot write FOLDER/none/said.csv: No such file or directory. Make its "
     "folder "
     "first, or name another place.\n"},
    {4,
     {"predict", "MODEL", "ROWS", "-o", "/dev/full"},
     "annulet: AN501: cannot write /dev/full: No space left on device. Free some space, or name "
     "another "
     "place.\n"},
    {2,
     {"predict", "MODEL", "ROWS", "-o", "ROWS"},
     "annulet: AN311: --out ROWS is what is to be read: give another file\n"},
    {2,
     {"predict", "MODEL", "ROWS", "-o", "-", "--json"},
     "annulet: AN311: --json and --out - both want standard output: give --out FILE\n"},
    {2,
     {"predict", "MODEL", "ROWS"},
     "annulet: AN310: --out is required. See `annulet predict --help`.\n"},
    {2,
     {"data", "split", "ROWS", "-o", "FOLDER/said.csv", "-n", "0"},
     "annulet: AN310: --parts: 0 is not a whole number from 1 to 1,024. See `annulet data split "
     "--help`.\n"},
    {2,
     {"bench", "step", "--batch", "1e3"},
     "annulet: AN310: --batch: 1e3 is not a whole number from 1 to 10,000,000. See `annulet bench "
     "step --help`.\n"},
    {2,
     {"simulate", "FOLDER/a.toml", "--devices", "2", "--drop", "nan"},
     "annulet: AN310: --drop: nan is not a number from 0 to 0.99. See `annulet simulate "
     "--help`.\n"},
    {2,
     {"run", "FOLDER/a.toml", "--devices", "2", "--slow", "0.5"},
     "annulet: AN310: --slow: 0.5 is not a number from 1 to 1,000,000. See `annulet run "
     "--help`.\n"},
    {2,
     {"data", "--label", "2", "inspect", "ROWS"},
     "annulet: AN310: annulet data takes no option --label before inspect: options come behind the "
     "whole command. See `annulet data inspect --help`.\n"},
    {2,
     {"eval", "MODEL", "ROWS", "--devices", "2"},
     "annulet: AN310: annulet eval takes no option --devices. See `annulet eval --help`.\n"},
    {2,
     {"eval", "MODEL", "ROWS", "more"},
     "annulet: AN310: annulet eval takes no argument more. See `annulet eval --help`.\n"},
    {2, {"eval", "MODEL"}, "annulet: AN310: data is required. See `annulet eval --help`.\n"},
};

BOOST_DATA_TEST_CASE(what_is_wrong_is_one_line_and_a_code, data::make(kWrong), wrong) {
  const Trained here;
  static_cast<void>(here.write("odd.libsvm", "3 1:1\n"));
  static_cast<void>(here.write("wide.libsvm", "1 13:1\n"));
  std::vector<std::string> words;
  for (const auto& word : wrong.words) words.push_back(here.filled(word));
  const auto screen = run(words);
  BOOST_TEST(screen.code == wrong.code);
  BOOST_TEST(screen.err == here.filled(wrong.line));
  BOOST_TEST(!std::filesystem::exists(here.at("said.csv")));
  BOOST_TEST(!std::filesystem::exists(here.at("said.csv.tmp")));
}

BOOST_AUTO_TEST_CASE(a_full_standard_output_is_told_once) {
  const Trained here;
  const auto screen =
      run({"predict", here.model(), here.rows(), "-o", "-"}, ChildProgram::Output::full);
  BOOST_TEST(screen.code == 4);
  BOOST_TEST(
      screen.err ==
      "annulet: AN504: cannot write standard output: No space left on device. Free some space, or "
      "name another place.\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
