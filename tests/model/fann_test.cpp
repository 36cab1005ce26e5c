/// FANN's text, in which outputs are classes or several numbers to learn, and the sets of
/// libfann-doc.
#include "model/fann.hpp"

#include <boost/test/unit_test.hpp>

#include "model/read_dataset.hpp"
#include "tests/model/files.hpp"
#include "tests/support/sensor_sets.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(fann)

namespace {

using boost::unit_test::precondition;
using model::Dataset;
using Floats = std::vector<float>;

struct InFolder {
  TestFolder folder;

  Dataset read(std::string_view text, std::size_t output = 0) const {
    return model::read_dataset(
        {.file = folder.write("rows.train", text), .label = {.number = output}});
  }
  std::string wrong(std::string_view text, std::size_t output = 0) const {
    auto message = complaint([&] { static_cast<void>(read(text, output)); });
    const auto prefix = folder.path().string() + "/";
    return message.starts_with(prefix) ? message.substr(prefix.size()) : message;
  }
};

Floats row(const Dataset& data, std::size_t i) {
  Floats out(data.features());
  data.copy_row(i, std::span(out));
  return out;
}

Floats labels(const Dataset& data) { return {data.labels().begin(), data.labels().end()}; }

}  // namespace

BOOST_FIXTURE_TEST_CASE(rows_are_read_as_written, InFolder) {
  const auto data = read("2 2 1\n-1 0.5\n1\n3 4\n-1\n");
  BOOST_TEST(data.rows() == 2U);
  BOOST_TEST(data.features() == 2U);
  BOOST_TEST(!data.is_sparse());
  BOOST_TEST(row(data, 0) == (Floats{-1, 0.5F}));
  BOOST_TEST(row(data, 1) == (Floats{3, 4}));
  BOOST_TEST(labels(data) == (Floats{1, -1}));
  BOOST_TEST(data.origin().label == "output 1 of 1");
}

BOOST_FIXTURE_TEST_CASE(lines_mean_nothing_as_fann_itself_reads, InFolder) {
  const auto data = read("2 3 1\r\n\r\n1 2\n3\n 4 5\t6 7 \n8");
  BOOST_TEST(row(data, 1) == (Floats{5, 6, 7}));
  BOOST_TEST(labels(data) == (Floats{4, 8}));
}

BOOST_FIXTURE_TEST_CASE(outputs_of_which_one_is_1_are_classes, InFolder) {
  BOOST_TEST(labels(read("3 1 3\n5\n0 1 0\n6\n1 0 0\n7\n0 0 1\n")) == (Floats{1, 0, 2}));
  BOOST_TEST(labels(read("2 1 2\n5\n-1 1\n6\n1 -1\n")) == (Floats{1, 0}));
  BOOST_TEST(labels(read("2 1 2\n5\n0 1\n6\n1 0\n", 1)) == (Floats{0, 1}));
}

BOOST_FIXTURE_TEST_CASE(what_a_model_remembers_of_a_csv_file_is_no_output, InFolder) {
  const auto path = folder.write("rows.train", "1 2 1\n5 6\n7\n");
  for (model::LabelChoice choice :
       {model::LabelChoice{.name = "y"}, model::LabelChoice{.number = 3}}) {
    choice.classes = {"no", "yes"};
    choice.model_features = 2;
    choice.from_model = true;
    BOOST_TEST(labels(model::read_dataset({.file = path, .label = choice})) == (Floats{7}));
  }
}

BOOST_FIXTURE_TEST_CASE(other_outputs_have_to_be_chosen_from, InFolder) {
  const std::string text = "2 1 3\n5\n0.5 1 0\n6\n1 0 0\n";
  BOOST_TEST(wrong(text) ==
             "rows.train: a row has 3 outputs, and they are not classes (one of them 1, the others "
             "0). Choose the one to learn: data.label = 1, up to 3");
  BOOST_TEST(wrong("1 1 2\n5\n1 1\n").find("are not classes") != std::string::npos);
  BOOST_TEST(wrong("1 1 2\n5\n0 0\n").find("are not classes") != std::string::npos);
  BOOST_TEST(labels(read(text, 1)) == (Floats{0.5F, 1}));
  BOOST_TEST(labels(read(text, 3)) == (Floats{0, 0}));
  BOOST_TEST(read(text, 2).origin().label == "output 2 of 3");
  BOOST_TEST(wrong(text, 4) == "rows.train: data.label is 4, but a row has only 3 outputs");
  const auto by_name = complaint([&] {
    static_cast<void>(model::read_dataset(
        {.file = folder.write("rows.train", text), .label = {.name = "energy"}}));
  });
  BOOST_TEST(by_name.find("FANN's outputs have no names; give the output's number, 1 to 3") !=
             std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(the_first_line_is_believed_as_far_as_numbers_arrive, InFolder) {
  BOOST_TEST(wrong("4000000000 4000000000 4000000000\n1\n") ==
             "rows.train: ends after 0 of the 4000000000 rows its first line speaks of; line 2 "
             "does not end with a row's 4000000000 inputs or 4000000000 outputs");
  BOOST_TEST(
      wrong("2 2 1\n1 2\n3\n") ==
      "rows.train: ends after 1 of the 2 rows its first line speaks of; fetch the file again");
  BOOST_TEST(wrong("2 2 1\n1 2\n3\n4\n5\n") ==
             "rows.train: ends after 1 of the 2 rows its first line speaks of; line 4 does not end "
             "with a row's 2 inputs or 1 outputs");
  BOOST_TEST(wrong("1 2 1\n1 2\n3\n4 5\n6\n") ==
             "rows.train, line 4: there are more numbers than the 1 rows of the first line need");
  BOOST_TEST(wrong("0 2 1\n").find("the number of rows is '0', not 1 to 4294967295") !=
             std::string::npos);
  BOOST_TEST(wrong("1 99999999999999999999 1\n").find("the number of inputs is") !=
             std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(what_is_no_number_is_named_with_its_line, InFolder) {
  BOOST_TEST(wrong("1 2 1\n1 x\n3\n") == "rows.train, line 2: 'x' is not a number");
  BOOST_TEST(wrong("1 2 1\n1 nan\n3\n") == "rows.train, line 2: 'nan' is not a finite number");
}

BOOST_FIXTURE_TEST_CASE(building_has_three_numbers_to_learn, InFolder,
                        *precondition(have_sensor_sets())) {
  const auto file = sensor_set("building.train");
  BOOST_TEST(complaint([&] {
               static_cast<void>(model::read_dataset({.file = file}));
             }).find("Choose the one to learn: data.label = 1, up to 3") != std::string::npos);
  const auto data = model::read_dataset({.file = file, .label = {.number = 1}});
  BOOST_TEST(data.rows() == 2104U);
  BOOST_TEST(data.features() == 14U);
  BOOST_TEST(data.label(0) == 0.523660F);
}

BOOST_FIXTURE_TEST_CASE(mushroom_has_two_classes, InFolder, *precondition(have_sensor_sets())) {
  const auto data = model::read_dataset({.file = sensor_set("mushroom.train")});
  BOOST_TEST(data.rows() == 4062U);
  BOOST_TEST(data.features() == 125U);
  BOOST_TEST(model::survey(data).labels == (Floats{0, 1}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
