/// Models that know what their columns and classes are called, as people use them.
#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/support/child_ring.hpp"
#include "tests/support/screen.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(words)

namespace {

/// A run over words as labels, with names above the columns.
struct TrainedOnWords : WorkFolder {
  TrainedOnWords() {
    std::string csv = "cap,kind,ring\n";
    for (int i = 0; i < 20; ++i) {
      csv += std::to_string(i % 2 == 0 ? i : -i) + (i % 2 == 0 ? ",edible," : ",\"bad, bad\",") +
             std::to_string(i % 3) + "\n";
    }
    rows = write("words.csv", csv);
    const auto file = run_file("20");
    const auto screen =
        run({"simulate", file, "--devices", "2", "--out", at("out"), "--json", "--set",
             "data.train=" + rows, "--set", "data.label=kind", "--set", "model.kind=logistic",
             "--set", R"(data.classes=["edible", "bad, bad"])"});
    BOOST_TEST_REQUIRE(screen.code == 0, screen.err);
  }
  [[nodiscard]] std::string model() const { return at("out/model.safetensors"); }
  std::string rows;
};

}  // namespace

BOOST_AUTO_TEST_CASE(words_and_names_go_with_the_model) {
  const TrainedOnWords here;
  const auto eval = run({"eval", here.model(), here.rows});
  BOOST_TEST(eval.code == 0, eval.err);
  BOOST_TEST(eval.out.find("\nedible       10 ") != std::string::npos, eval.out);
  BOOST_TEST(eval.out.find("\nbad, bad     10 ") != std::string::npos, eval.out);
  const auto said = run({"predict", here.model(), here.rows, "-o", "-"}).out;
  BOOST_TEST(said.starts_with("predicted,p(edible),\"p(bad, bad)\"\n"), said);
  // Without a label, and with a name that is another.
  const auto bare = here.write("bare.csv", "cap,ring\n4,1\n");
  BOOST_TEST(run({"predict", here.model(), bare, "-o", "-"})
                 .err.ends_with("it has 2 columns, as many as the model has features, and so none "
                                "for the label: say --no-label\n"));
  BOOST_TEST(run({"predict", here.model(), bare, "-o", "-", "--no-label"}).code == 0);
  const auto other = here.write("other.csv", "cap,kind,gills\n4,edible,1\n");
  const auto refused = run({"eval", here.model(), other});
  BOOST_TEST(refused.code == 4);
  BOOST_TEST(refused.err.ends_with(
      "column 3 is \"gills\", the model was trained with \"ring\" there: give its columns in their "
      "order. Is another one the label? --label names it.\n"));
  // LIBSVM text has neither names nor a choice of label; class 1 is the second word.
  const auto sparse = here.write("rows.txt", "0 1:4 2:1\n1 1:-3\n");
  const auto of_sparse = run({"eval", here.model(), sparse});
  BOOST_TEST(of_sparse.code == 0, of_sparse.err);
  BOOST_TEST(of_sparse.out.find("\nbad, bad      1 ") != std::string::npos, of_sparse.out);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
