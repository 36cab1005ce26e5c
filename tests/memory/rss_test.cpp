/// What a device holds at most, as the kernel counts it, in a ring of two processes.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/memory/large_files.hpp"
#include "tests/model/files.hpp"
#include "tests/support/child_ring.hpp"
#include "tests/support/screen.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(rss)

namespace {

/// The larger peak of two devices that share `data`, or that bring it as their own.
std::uint64_t peak_of(const WorkFolder& folder, const std::string& data, bool own,
                      const std::string& checkpoint_every = "\"2m\"") {
  const auto file =
      folder.write("large.toml",
                   "run.steps = 40\nmodel.kind = \"logistic\"\n"
                   "output.checkpoint_every = " +
                       checkpoint_every + "\n" + (own ? "" : "data.train = \"" + data + "\"\n"));
  std::vector<std::string> more{"--json"};
  if (own) more.insert(more.end(), {"--data", folder.at(data)});
  WorkFolder results;
  ChildRing ring(results, 2, file, more);
  ring.join(more);
  std::uint64_t most = 0;
  for (std::size_t rank = 0; rank < 2; ++rank) {
    BOOST_TEST_REQUIRE(ring[rank].wait() == 0, ring[rank].errors());
    most =
        std::max(most, std::uint64_t{std::stoull(value_of(ring[rank].output(), "peak_rss_bytes"))});
  }
  return most;
}

// Beside the rows: a piece of each array that is read, and what the kernel counts late.
constexpr std::uint64_t kBeside = 2'000'000;
constexpr std::uint64_t kShardRow = 8;  // which row it is, and its target
constexpr std::uint64_t kNumbers = std::uint64_t{kRows} * kFeatures;
constexpr std::uint64_t kSparse = kNumbers * 8 + kRows * (8 + 4 + kShardRow);
constexpr std::uint64_t kDense = kNumbers * 4 + kRows * (4 + kShardRow);
constexpr std::uint64_t kDictionary = std::uint64_t{8} << 20U;  // of xz -6, until all is read

struct Ring {
  WorkFolder folder;
  std::uint64_t small = peak_of(folder, "rows.libsvm", false);
};

}  // namespace

// Of a file that they share each has half of the rows.
BOOST_AUTO_TEST_CASE(sparse_rows_are_there_once) {
  Ring ring;
  ring.folder.write("large", libsvm_text());
  BOOST_TEST(peak_of(ring.folder, "large", false) <= ring.small + kSparse / 2 + kBeside);
  BOOST_TEST(peak_of(ring.folder, "large", true) <= ring.small + kSparse + kBeside);
}

BOOST_AUTO_TEST_CASE(dense_rows_are_there_once) {
  Ring ring;
  ring.folder.write("large", csv_text());
  BOOST_TEST(peak_of(ring.folder, "large", false) <= ring.small + kDense / 2 + kBeside);
  BOOST_TEST(peak_of(ring.folder, "large", true) <= ring.small + kDense + kBeside);
}

// The dictionary and the rows; then it goes, and the model comes.
BOOST_AUTO_TEST_CASE(packed_rows_are_there_once) {
  Ring ring;
  ring.folder.write("large", xz(libsvm_text()));
  BOOST_TEST(peak_of(ring.folder, "large", true) <= ring.small + kSparse + kDictionary + kBeside);
}

// Default options: x, the change or the next x, the gradient; and a checkpoint.
BOOST_AUTO_TEST_CASE(a_model_takes_four_times_its_size) {
  Ring ring;
  constexpr std::uint64_t kParameters = 2'000'000;
  std::string rows;
  for (int i = 0; i < 60; ++i) {
    rows += (i % 2 == 0 ? "+1 1:1 " : "-1 2:1 ") +
            std::to_string(kParameters - static_cast<std::uint64_t>(i)) + ":1\n";
  }
  ring.folder.write("large", rows);
  constexpr std::uint64_t kVector = 4 * kParameters;
  BOOST_TEST(peak_of(ring.folder, "large", false, "\"0\"") <= ring.small + 3 * kVector + kBeside);
  BOOST_TEST(peak_of(ring.folder, "large", false, "\"1ms\"") <= ring.small + 4 * kVector + kBeside);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
