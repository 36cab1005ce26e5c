/// What a file is taken for, by its content; and readers given every kind of broken file.
#include "model/data_format.hpp"

#include <boost/test/unit_test.hpp>

#include "model/random.hpp"
#include "model/read_dataset.hpp"
#include "tests/model/files.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(data_format)

namespace {

using enum model::DataFormat;

model::DataFormat format_of(std::string_view head) { return model::text_format(head).format; }

const std::string kLibsvm = "# two rows\n+1 1:0.5 4:-2e-1\n-1 2:+3\n1\n";
const std::string kCsv = "age,\"in\"\"come\",\"cl\nass\"\r\n30,1e3,0\r\n\"40\",2.5,1\r\n\n1,2,3\n";
const std::string kFann = "2 3 2\n1 -2.5 3e1\n0 1\n4 5 6\n1 0\n";

/// What became of a damaged file: read, or refused with a sentence; anything else escapes.
void survive(const TestFolder& folder, const std::string& bytes) {
  const auto file = folder.write("damaged", bytes);
  for (const std::size_t label : {0U, 2U}) {
    model::DataPath path{.file = file};
    path.label.number = label;
    path.label.first_look = label > 0;
    const auto message = complaint([&] {
      const auto data = model::read_dataset(path);
      // A set that was read can be used, to its last row.
      std::vector<float> row(data.features());
      data.copy_row(data.rows() - 1, std::span(row));
    });
    BOOST_TEST_REQUIRE((message.empty() || message.find("damaged") != std::string::npos), message);
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(each_format_is_known_by_its_content) {
  BOOST_TEST((format_of(kLibsvm) == libsvm));
  BOOST_TEST((format_of(kCsv) == csv));
  BOOST_TEST((format_of(kFann) == fann));
}

BOOST_AUTO_TEST_CASE(libsvm_is_known_in_spite_of_commas_and_tabs) {
  BOOST_TEST((format_of("1\t3:2\t5:1\n") == libsvm));
  BOOST_TEST((format_of("# a, b; c\n-1\n1 1:1\n") == libsvm));
  BOOST_TEST((format_of("1,3 1:1\n") == libsvm));
  BOOST_TEST((format_of("1 1:1,5\n") == libsvm));
  BOOST_TEST((format_of("1\n-1\n") == libsvm));
}

BOOST_AUTO_TEST_CASE(csv_is_known_in_spite_of_colons_and_whole_numbers) {
  BOOST_TEST((format_of("2020-01-01 12:30,5,7\n") == csv));
  BOOST_TEST((format_of("1:1,2:2\n") == csv));
  BOOST_TEST((format_of("1,2,3\n") == csv));
  BOOST_TEST((format_of("#id,x,y\n1,2,3\n") == csv));
  // FANN's first line can look so, too.
  BOOST_TEST((format_of("1\t2\t3\n4\t5\t6\n") == csv));
  BOOST_TEST((format_of("1\t2\t3\n4\t5\n6 7 8\n") == fann));
}

BOOST_AUTO_TEST_CASE(the_end_of_what_is_seen_does_not_count_as_a_record) {
  BOOST_TEST(model::text_format("1;2,5;3\n4;5,5;6\n7;").separator == ';');
  BOOST_TEST(model::text_format("1;2").separator == ';');
}

BOOST_AUTO_TEST_CASE(what_is_no_text_is_said_to_be_so) {
  const TestFolder folder;
  const auto wrong = [&](std::string_view bytes) {
    return complaint(
        [&] { static_cast<void>(model::read_dataset({.file = folder.write("x", bytes)})); });
  };
  BOOST_TEST(wrong(std::string("\x7f"
                               "ELF\2\1\1\0\0",
                               9))
                 .find("this is not a text file") != std::string::npos);
  BOOST_TEST(wrong(std::string("\0\0\x08\x03\0\0\0\x01", 8)).find("this is an IDX file") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_choice_of_label_is_refused_where_the_format_has_one) {
  const TestFolder folder;
  const auto file = folder.write("rows", kLibsvm);
  BOOST_TEST(
      complaint(
          [&] { static_cast<void>(model::read_dataset({.file = file, .label = {.number = 1}})); })
          .find("data.label is set, but this is LIBSVM text, whose label is the first number "
                "of a line: leave it out") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(files_cut_at_any_byte_are_read_or_refused) {
  const TestFolder folder;
  for (const auto& whole : {kLibsvm, kCsv, kFann, gzip(kCsv), xz(kFann)}) {
    for (std::size_t size = 0; size <= whole.size(); ++size) {
      survive(folder, whole.substr(0, size));
    }
  }
}

BOOST_AUTO_TEST_CASE(files_with_changed_bytes_are_read_or_refused) {
  const TestFolder folder;
  constexpr std::uint64_t kSeed = 20260101;
  BOOST_TEST_MESSAGE("seed " << kSeed);
  model::Random random(kSeed);
  using namespace std::string_literals;
  const auto likely = "0123456789,;\t\n\r\" :.-+eEnaxyz#\0\xff"s;
  for (const auto& whole : {kLibsvm, kCsv, kFann}) {
    for (int i = 0; i < 2000; ++i) {
      auto bytes = whole;
      for (std::uint64_t k = 0; k <= random.below(3); ++k) {
        bytes[random.below(bytes.size())] = likely[random.below(likely.size())];
      }
      survive(folder, bytes);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
