/// Files for each device: together the whole, each the share that a run would have cut.
#include "runtime/data_split.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <stop_token>
#include <system_error>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "model/read_dataset.hpp"
#include "runtime/data_source.hpp"
#include "runtime/data_writer.hpp"
#include "runtime/file_error.hpp"
#include "tests/model/files.hpp"
#include "tests/model/samples.hpp"
#include "tests/support/small_files.hpp"
#include "tests/support/temporary_folder.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(data_split)

namespace {

namespace data = boost::unit_test::data;
using model::Dataset;
using tests::TestFolder;

std::vector<float> row_and_label(const Dataset& set, std::size_t i) {
  std::vector<float> out(set.features());
  set.copy_row(i, std::span(out));
  out.push_back(set.label(i));
  return out;
}

/// The part's file holds these rows of the whole in this order, bit by bit.
void check_part(const Dataset& whole, const DataPart& part) {
  auto path = data_path(part.path);
  path.label.classes = whole.origin().classes;
  const auto read = model::read_dataset(path);
  BOOST_TEST_REQUIRE(read.rows() == part.rows.size());
  BOOST_TEST(read.is_sparse() == whole.is_sparse());
  for (std::size_t i = 0; i < read.rows(); ++i) {
    auto expected = row_and_label(whole, part.rows[i]);
    if (read.features() < whole.features()) {
      // Sparse rows do not say that the last columns are there.
      expected.erase(expected.begin() + static_cast<std::ptrdiff_t>(read.features()),
                     expected.end() - 1);
    }
    BOOST_TEST((row_and_label(read, i) == expected));
  }
}

Dataset sparse() { return *tests::sparse_sample(); }

Dataset dense() {
  // Numbers with all their digits, and the smallest and largest there are.
  std::vector<float> values{0.1F, 1.0F / 3, 3.4028235e38F, 1e-45F, -0.0F, 16777216};
  values.reserve(36);
  for (int i = 0; i < 30; ++i) values.push_back(std::sqrt(static_cast<float>(i)));
  return Dataset::dense(std::move(values), {0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2}, 3);
}

Dataset images() {
  std::vector<std::uint8_t> bytes(256);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
  auto out = Dataset::images(std::move(bytes), {0, 1, 2, 3, 4, 5, 6, 7}, 32);
  out.set_origin({.format = model::DataFormat::idx, .image_height = 4});
  return out;
}

}  // namespace

BOOST_DATA_TEST_CASE(parts_are_the_whole_and_read_back_the_same,
                     data::make({"iid", "by-label", "dirichlet(0.5)", "file-order"}), kind) {
  for (const auto& whole : {sparse(), dense(), images()}) {
    const TestFolder folder;
    const auto parts =
        split_data(whole, {*model::parse_partition(kind), 3, 7, folder.path() / "made" / "here"});
    BOOST_TEST(parts.size() == 3U);
    std::vector<model::Index> all;
    for (const auto& part : parts) {
      check_part(whole, part);
      all.insert(all.end(), part.rows.begin(), part.rows.end());
    }
    std::ranges::sort(all);
    BOOST_TEST(all == tests::counting(0, whole.rows()));
  }
}

BOOST_AUTO_TEST_CASE(names_and_words_stay) {
  const TestFolder folder;
  const std::string text =
      "\"a, b\",c,\"the \"\"kind\"\"\"\n1,2,edible one\n3,4,poisonous\n5,6,\"edible one\"\n";
  const auto whole =
      model::read_dataset({.file = folder.write("rows.csv", text), .label = {.first_look = true}});
  const auto parts =
      split_data(whole, {{.kind = model::PartitionKind::file_order}, 3, 1, folder.path() / "out"});
  for (const auto& part : parts) check_part(whole, part);
  const auto read = model::read_dataset(
      {.file = parts[1].path, .label = {.name = "the \"kind\"", .first_look = true}});
  BOOST_TEST(read.origin().columns == whole.origin().columns, boost::test_tools::per_element());
  BOOST_TEST(read.origin().classes[0] == "poisonous");
}

/// The column of the label, with names or without, and whether the label is chosen by its name.
struct Place {
  std::size_t column;
  bool names, by_name;
};

/// Three columns, of which one is the label.
std::string csv_with(const Place& place) {
  const std::vector<std::vector<std::string>> rows{
      {"wet", "kind", "dry"}, {"0.5", "1", "7"}, {"1.5", "0", "8"}, {"2.5", "1", "9"}};
  std::string text;
  for (std::size_t i = place.names ? 0 : 1; i < rows.size(); ++i) {
    auto cells = rows[i];
    std::swap(cells[1], cells[place.column - 1]);
    text += cells[0] + "," + cells[1] + "," + cells[2] + "\n";
  }
  return text;
}

BOOST_AUTO_TEST_CASE(the_same_choice_finds_the_label_in_the_parts) {
  for (const Place place : {Place{1, true, true}, Place{1, true, false}, Place{1, false, false},
                            Place{2, true, true}, Place{2, true, false}, Place{2, false, false},
                            Place{3, true, true}, Place{3, true, false}, Place{3, false, false}}) {
    const TestFolder folder;
    model::LabelChoice choice;
    if (place.by_name) choice.name = "kind";
    if (!place.by_name) choice.number = place.column;
    const auto text = csv_with(place);
    const auto file = folder.write("rows.csv", text);
    const auto whole = model::read_dataset({.file = file, .label = choice});
    // One part that holds all rows, in their order, is the file itself.
    const auto parts = split_data(
        whole, {{.kind = model::PartitionKind::file_order}, 1, 1, folder.path() / "out"});
    BOOST_TEST(tests::read_all(parts[0].path) == text);
    const auto read = model::read_dataset({.file = parts[0].path, .label = choice});
    BOOST_TEST_REQUIRE(read.rows() == 3U);
    for (std::size_t i = 0; i < 3; ++i) {
      BOOST_TEST((row_and_label(read, i) == row_and_label(whole, i)));
      BOOST_TEST(read.label(i) == (i == 1 ? 0.0F : 1.0F));
    }
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_written_over) {
  const TestFolder folder;
  const auto in_the_way = folder.write("part-2.libsvm", "mine");
  BOOST_CHECK_EXCEPTION(static_cast<void>(split_data(sparse(), {{}, 3, 1, folder.path()})),
                        FileError, [&](const FileError& error) {
                          return std::string(error.what()).find("part-2.libsvm") !=
                                 std::string::npos;
                        });
  BOOST_TEST(std::filesystem::file_size(in_the_way) == 4U);
  BOOST_TEST(!std::filesystem::exists(folder.path() / "part-1.libsvm"));
}

BOOST_AUTO_TEST_CASE(a_failure_in_the_middle_leaves_no_part) {
  const TestFolder folder;
  const auto whole =
      model::read_dataset({.file = folder.write("rows", "1 1:1\n1 2:1\n-1 1:0.125 2:0.125\n")});
  const tests::SmallFiles small(8);  // the third part is larger
  BOOST_CHECK_THROW(
      static_cast<void>(split_data(
          whole, {{.kind = model::PartitionKind::file_order}, 3, 1, folder.path() / "made"})),
      FileError);
  BOOST_TEST(!std::filesystem::exists(folder.path() / "made"));
}

BOOST_AUTO_TEST_CASE(told_to_stop_it_leaves_nothing) {
  std::stop_source stop;
  stop.request_stop();
  for (const auto& whole : {sparse(), dense(), images()}) {
    const TestFolder folder;
    BOOST_CHECK_THROW(
        static_cast<void>(split_data(whole, {{}, 3, 1, folder.path() / "made"}, stop.get_token())),
        Stopped);
    BOOST_TEST(!std::filesystem::exists(folder.path() / "made"));
  }
}

/// What another process makes between the look at the folder and the writing is that one's.
BOOST_AUTO_TEST_CASE(what_others_made_meanwhile_stays) {
  for (const auto& whole : {sparse(), dense(), images()}) {
    const TestFolder folder;
    const auto path = folder.path() / ("part-1" + data_suffix(whole));
    const auto rows = tests::counting(0, whole.rows());
    write_data(path, whole, rows, {});
    BOOST_CHECK_EXCEPTION(write_data(path, whole, rows, {}), FileError, [](const FileError& error) {
      return error.code() == std::errc::file_exists;
    });
    BOOST_TEST(std::filesystem::exists(path));
    const auto names = std::filesystem::directory_iterator(folder.path());
    BOOST_TEST(std::distance(begin(names), end(names)) == 1);
  }
}

BOOST_AUTO_TEST_CASE(more_parts_than_rows_are_refused) {
  const TestFolder folder;
  const auto message = tests::complaint([&] {
    static_cast<void>(split_data(dense(), {{}, 13, 1, folder.path() / "x"}));
  });
  BOOST_TEST(message.find("12 rows were cut into 13 parts. Make fewer parts") != std::string::npos);
  BOOST_TEST(!std::filesystem::exists(folder.path() / "x"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
