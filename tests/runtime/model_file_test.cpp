/// Model files, byte by byte as the safetensors format has them.
#include "runtime/model_file.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <system_error>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/support/temporary_folder.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(model_file)

namespace {

using tests::read_all;
using tests::TemporaryFolder;

/// A little-endian number of `size` bytes.
std::uint64_t number_at(const std::string& bytes, std::size_t at, std::size_t size) {
  std::uint64_t number = 0;
  for (std::size_t i = size; i-- > 0;) {
    number = number << 8U | static_cast<unsigned char>(bytes.at(at + i));
  }
  return number;
}

float float_at(const std::string& bytes, std::size_t at) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(number_at(bytes, at, 4)));
}

}  // namespace

BOOST_AUTO_TEST_CASE(layout_is_length_header_numbers) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "model.safetensors";
  const std::array x = {1.0F, -2.5F, 0.0F};
  write_model_file(file, x, {{"seed", "1"}, {"run", "3f\"9c"}});

  const auto bytes = read_all(file);
  const auto length = number_at(bytes, 0, 8);
  BOOST_TEST(length % 8 == 0U);
  BOOST_TEST_REQUIRE(bytes.size() == 8 + length + 12);
  const auto header = bytes.substr(8, length);
  const std::string json =
      R"({"__metadata__":{"checksum":"3b571caeb33b3949","run":"3f\"9c","seed":"1"},)"
      R"("x":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}})";
  BOOST_TEST(header.substr(0, json.size()) == json);
  BOOST_TEST(header.find_first_not_of(' ', json.size()) == std::string::npos);
  for (std::size_t i = 0; i < x.size(); ++i) {
    BOOST_TEST(float_at(bytes, 8 + length + 4 * i) == x.at(i));
  }
}

BOOST_AUTO_TEST_CASE(header_is_padded_for_every_length) {
  const TemporaryFolder folder;
  for (std::size_t extra = 0; extra < 9; ++extra) {
    const auto file = folder.path() / "model.safetensors";
    write_model_file(file, {}, {{"run", std::string(extra, 'x')}});
    const auto bytes = read_all(file);
    BOOST_TEST(bytes.size() % 8 == 0U);
    BOOST_TEST(bytes.size() == 8 + number_at(bytes, 0, 8));
  }
}

BOOST_AUTO_TEST_CASE(an_older_file_is_replaced_and_nothing_else_stays) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "model.safetensors";
  write_model_file(file, std::vector<float>(100, 1), {});
  write_model_file(file, std::vector<float>(2, 7), {});
  const auto bytes = read_all(file);
  BOOST_TEST(float_at(bytes, bytes.size() - 4) == 7);
  const auto names = std::filesystem::directory_iterator(folder.path());
  BOOST_TEST(std::distance(begin(names), end(names)) == 1);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_written_is_named_and_the_old_file_stays) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "model.safetensors";
  write_model_file(file, std::vector<float>(2, 7), {});
  // The temporary file is a full disk.
  std::filesystem::create_symlink("/dev/full", folder.path() / "model.safetensors.tmp");
  BOOST_CHECK_EXCEPTION(write_model_file(file, std::vector<float>(2, 8), {}), std::system_error,
                        [&](const std::system_error& error) {
                          return error.what() ==
                                 "cannot write " + file.string() + ": No space left on device";
                        });
  const auto bytes = read_all(file);
  BOOST_TEST(float_at(bytes, bytes.size() - 4) == 7);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
