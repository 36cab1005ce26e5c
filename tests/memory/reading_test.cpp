/// Data are read without a second copy of them.
#include <cstdint>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "devices/machine.hpp"
#include "model/read_dataset.hpp"
#include "tests/memory/large_files.hpp"
#include "tests/model/files.hpp"

namespace annulet::tests {
namespace {

// What is read of a file at once, unpacked and cut into lines; a piece of each array, of which
// there are at most four; and what the kernel counts late.
constexpr std::uint64_t kBeside = 2'000'000;
constexpr std::uint64_t kDictionary = std::uint64_t{8} << 20U;  // of xz -6

/// From here on the kernel's peak begins anew. False: it cannot.
bool begin_peak() {
  std::ofstream file("/proc/self/clear_refs");
  return static_cast<bool>(file << '5' << std::flush);
}

struct CanBeginPeak {
  boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id) const {
    boost::test_tools::assertion_result result(begin_peak());
    result.message() << "this kernel does not forget a peak";
    return result;
  }
};

std::string idx_header(std::initializer_list<std::size_t> sizes) {
  std::string text{'\0', '\0', '\x08', static_cast<char>(sizes.size())};
  for (const auto size : sizes) {
    for (const int shift : {24, 16, 8, 0}) text += static_cast<char>((size >> shift) & 0xffU);
  }
  return text;
}

struct Format {
  const char* name;
  std::function<std::string()> text;  // none: an IDX pair
  std::uint64_t unpacking = 0;        // what it takes to unpack it
  friend std::ostream& operator<<(std::ostream& out, const Format& format) {
    return out << format.name;
  }
};

model::DataPath text_file(const TestFolder& folder, const Format& format) {
  model::DataPath path;
  path.file = folder.write("data", format.text());
  return path;
}

/// Pictures of 2000 pixels: as many bytes as the others have.
model::DataPath idx_pair(const TestFolder& folder) {
  const auto images = idx_header({kRows, 50, 40}) + std::string(kRows * 2000, '\x7f');
  const auto labels = idx_header({kRows}) + std::string(kRows, '\x01');
  model::DataPath path;
  path.images = folder.write("images", images);
  path.labels = folder.write("labels", labels);
  return path;
}

const Format kFormats[] = {
    {"LIBSVM", libsvm_text},
    {"LIBSVM in gzip", [] { return gzip(libsvm_text()); }},
    {"LIBSVM in xz", [] { return xz(libsvm_text()); }, kDictionary},
    {"CSV", csv_text},
    {"CSV in xz", [] { return xz(csv_text()); }, kDictionary},
    {"FANN text", fann_text},
    {"IDX", {}},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(reading, *boost::unit_test::precondition(CanBeginPeak()))

BOOST_DATA_TEST_CASE(a_set_is_there_once, boost::unit_test::data::make(kFormats), format) {
  devices::give_freed_memory_back();
  const TestFolder folder;
  const auto path = format.text ? text_file(folder, format) : idx_pair(folder);
  BOOST_TEST_REQUIRE(begin_peak());
  const auto before = devices::peak_rss_bytes();
  const auto data = model::read_dataset(path);
  const auto whole = devices::peak_rss_bytes() - before;
  BOOST_TEST(data.rows() == kRows);
  BOOST_TEST(data.bytes() > 8'000'000U);
  BOOST_TEST(whole <= data.bytes() + format.unpacking + kBeside);
}

BOOST_DATA_TEST_CASE(a_share_is_there_alone, boost::unit_test::data::make(kFormats), format) {
  devices::give_freed_memory_back();
  const TestFolder folder;
  const auto path = format.text ? text_file(folder, format) : idx_pair(folder);
  std::vector<model::Index> rows;
  for (model::Index row = 0; row < kRows; row += 16) rows.push_back(row);
  BOOST_TEST_REQUIRE(begin_peak());
  const auto before = devices::peak_rss_bytes();
  const auto outline = model::read_outline(path);
  const auto share = model::read_rows(path, outline, rows);
  const auto taken = devices::peak_rss_bytes() - before;
  BOOST_TEST(share.rows() == rows.size());
  BOOST_TEST(taken <= outline.bytes() + share.bytes() + format.unpacking + kBeside);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
