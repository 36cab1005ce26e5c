/// Reading model files: what was written comes back, and nothing damaged is believed.
#include "runtime/model_file_reader.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "runtime/model_rows.hpp"
#include "tests/support/model_files.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(model_file_reader)

namespace {

using tests::read_all;
using tests::TemporaryFolder;

using tests::file_of;
using tests::header;
using tests::kTensor;
using tests::kX;
using tests::logistic_metadata;
using tests::ModelFiles;

}  // namespace

BOOST_AUTO_TEST_CASE(what_was_written_is_read) {
  const ModelFiles files;
  write_model_file(files.path(), kX, logistic_metadata());
  const auto model = read_model_file(files.path());
  BOOST_TEST(model.kind == "logistic");
  BOOST_TEST(model.options.kind == "logistic");
  BOOST_TEST(model.options.features == 2U);
  BOOST_TEST(model.options.bias);
  BOOST_TEST(model.step == 24);
  BOOST_TEST(model.labels.classes() == 2U);
  BOOST_TEST(model.labels.target(-1) == 0);
  BOOST_TEST(model.x == kX);
  BOOST_TEST(model.shift.empty());
  BOOST_TEST(model.factor.empty());
  auto metadata = model.metadata;
  BOOST_TEST(metadata.extract("checksum").mapped() ==
             hash_text(model_checksum(logistic_metadata(), kX, {})));
  BOOST_TEST((metadata == logistic_metadata()));
}

BOOST_AUTO_TEST_CASE(a_scale_is_kept_and_rows_are_used_as_it_has_them) {
  const ModelFiles files;
  const model::Scale scale{{1, 0}, {0.5F, 2}};
  write_model_file(files.path(), kX, logistic_metadata(), scale);
  const auto model = read_model_file(files.path());
  BOOST_TEST(model.x == kX);
  BOOST_TEST(model.shift == scale.shift);
  BOOST_TEST(model.factor == scale.factor);
  const auto dense = std::make_shared<const model::Dataset>(model::Dataset::dense({5, 7}, {1}, 2));
  std::vector<float> row(2);
  rows_for(model, dense, "rows", Labels::ignored).data->copy_row(0, std::span(row));
  BOOST_TEST(row == (std::vector<float>{2, 14}));
  const auto sparse =
      std::make_shared<const model::Dataset>(model::Dataset::sparse({0, 1}, {1}, {7}, {1}, 2));
  BOOST_CHECK_EXCEPTION(static_cast<void>(rows_for(model, sparse, "rows", Labels::ignored)),
                        model::DataError, [](const model::DataError& error) {
                          return std::string(error.what()).find("Give the data as CSV.") !=
                                 std::string::npos;
                        });
}

BOOST_AUTO_TEST_CASE(a_quadratic_has_no_labels) {
  const ModelFiles files;
  write_model_file(files.path(), kX,
                   {{"objective", "quadratic"},
                    {"features", "3"},
                    {"bias", "false"},
                    {"classes", "0"},
                    {"labels", "[]"}});
  const auto model = read_model_file(files.path());
  BOOST_TEST(model.labels.classes() == 0U);
  BOOST_TEST(model.step == 0);
  BOOST_TEST(model.x == kX);
}

// Its kind has classes with the softmax loss only.
BOOST_AUTO_TEST_CASE(a_network_of_values_has_no_labels) {
  const ModelFiles files;
  const auto path = files.path();
  const std::vector<float> x(2 * 3 + 3 + 3 + 1, 0.5F);  // 2 -> 3 -> 1
  write_model_file(path, x,
                   {{"objective", "mlp"},
                    {"features", "2"},
                    {"bias", "false"},
                    {"labels", "[]"},
                    {"layers", "[3]"},
                    {"activation", "relu"},
                    {"loss", "squared"}});
  const SavedModel model = read_model_file(path);
  BOOST_TEST(model.labels.classes() == 0U);
  BOOST_TEST((model.options.loss == model::Loss::squared));
  BOOST_TEST(model.x == x, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_scale_comes_with_the_model) {
  const ModelFiles files;
  const std::string scale = R"(,"scale.shift":{"dtype":"F32","shape":[2],"data_offsets":[8,16]})"
                            R"(,"scale.factor":{"dtype":"F32","shape":[2],"data_offsets":[16,24]})";
  auto bytes = file_of(header("", kTensor + scale), 4);
  for (int i = 0; i < 2; ++i) bytes += std::string("\0\0\x80\x3f", 4);  // 1
  const auto model = read_model_file(files.write(bytes));
  BOOST_TEST(model.shift == std::vector<float>(2));
  BOOST_TEST(model.factor == std::vector<float>(2, 1));
}

BOOST_AUTO_TEST_CASE(cut_short_anywhere_it_is_refused) {
  const ModelFiles files;
  write_model_file(files.path(), kX, logistic_metadata());
  const auto bytes = read_all(files.path());
  BOOST_TEST_REQUIRE(files.complaint(bytes).empty());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    BOOST_TEST_CONTEXT(size << " of " << bytes.size() << " bytes") {
      BOOST_TEST(files.complaint(bytes.substr(0, size)).starts_with("is cut short: "));
    }
  }
  BOOST_TEST(files.complaint(bytes + '\0') == "is damaged: 1 bytes follow its last number");
}

// Only what says that there is a checksum may be lost, and the spaces that fill the header up: the
// model itself is then the same.
BOOST_AUTO_TEST_CASE(a_flipped_bit_is_found) {
  const ModelFiles files;
  write_model_file(files.path(), kX, logistic_metadata(), {{0, 0.5F}, {1, 2}});
  const auto bytes = read_all(files.path());
  const std::string key = "checksum";
  const auto begin = bytes.find(key), end = begin + key.size();
  const auto numbers = bytes.size() - sizeof(float) * (kX.size() + 4);
  const auto filled = bytes.find_last_not_of(' ', numbers - 1) + 1;
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    if (bit / 8 >= begin && bit / 8 < end) continue;
    if (bit / 8 >= filled && bit / 8 < numbers) continue;
    auto flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    BOOST_TEST_CONTEXT("bit " << bit) { BOOST_TEST(!files.complaint(flipped).empty()); }
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_file_is_refused_at_once) {
  const ModelFiles files;
  const TemporaryFolder folder;
  const auto fifo = folder.path() / "fifo";
  BOOST_TEST_REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  BOOST_TEST(ModelFiles::complaint_of(folder.path() / "none") == "there is no such file");
  BOOST_TEST(ModelFiles::complaint_of(folder.path()) == "is a folder");
  BOOST_TEST(ModelFiles::complaint_of(fifo) == "is no ordinary file, which a model must be in");
  BOOST_TEST(ModelFiles::complaint_of("/dev/zero") ==
             "is no ordinary file, which a model must be in");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
