/// The demo, on files as small as a test's.
#include <csignal>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/support/child_ring.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(demo)

namespace {

constexpr int kLost = 5;

/// A big-endian number of an IDX head.
std::string word(unsigned value) {
  std::string bytes;
  for (unsigned shift = 32; shift > 0; shift -= 8) {
    bytes += static_cast<char>(value >> (shift - 8) & 0xFFU);
  }
  return bytes;
}

/// 40 pictures of two by two of ten classes, as both of its sets.
void write_pictures(const WorkFolder& folder) {
  constexpr unsigned kRows = 40;
  std::string images = word(0x803) + word(kRows) + word(2) + word(2);
  std::string labels = word(0x801) + word(kRows);
  for (unsigned row = 0; row < kRows; ++row) {
    for (unsigned pixel = 0; pixel < 4; ++pixel) {
      images += static_cast<char>((row * (pixel + 3)) % 97);
    }
    labels += static_cast<char>(row % 10);
  }
  for (const auto* set : {"train", "t10k"}) {
    folder.write(std::string(set) + "-images-idx3-ubyte", images);
    folder.write(std::string(set) + "-labels-idx1-ubyte", labels);
  }
}

/// What follows each `key`, up to the next comma or brace.
std::vector<std::string> values_of(const std::string& json, const std::string& key) {
  std::vector<std::string> values;
  for (auto at = json.find(key); at != std::string::npos; at = json.find(key, at + 1)) {
    const auto begin = at + key.size();
    values.push_back(json.substr(begin, json.find_first_of(",}", begin) - begin));
  }
  return values;
}

}  // namespace

BOOST_AUTO_TEST_CASE(it_names_the_output_of_a_device_that_is_lost) {
  WorkFolder folder;
  write_pictures(folder);
  ChildProgram demo({"demo", "--devices", "2", "--link", "1mbit,100ms", "--data", folder.at(""),
                     "--out", folder.at("demo")});
  demo.wait_for_round();
  BOOST_TEST_REQUIRE(demo.send_to_children(SIGKILL) == 1U);
  BOOST_TEST(demo.wait() == kLost);
  const std::string output = "demo/mini-batch/devices/device-1/output.txt";
  BOOST_TEST(demo.errors().find("device lost: device-1: ") != std::string::npos, demo.errors());
  BOOST_TEST(demo.errors().find("What it said is in " + folder.at(output)) != std::string::npos,
             demo.errors());
  BOOST_TEST(folder.read(output).find("joined as device-1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(it_takes_its_second_run_apart_and_simulates_the_same_model) {
  WorkFolder folder;
  write_pictures(folder);
  ChildProgram demo({"demo", "--quick", "--devices", "2", "--link", "1gbit,0ms", "--json", "--data",
                     folder.at(""), "--out", folder.at("demo")});
  BOOST_TEST_REQUIRE(demo.wait() == 0, demo.errors());
  const auto hashes = values_of(demo.output(), R"("model_hash":)");
  // Both runs over TCP, the second one first; then with all options, without each of the four, and
  // twice with H = 1.
  BOOST_TEST_REQUIRE(hashes.size() == 9U, demo.output());
  BOOST_TEST(hashes[2] == hashes[0]);
  for (std::size_t i = 3; i < hashes.size(); ++i) BOOST_TEST(hashes[i] != hashes[0]);
  for (const auto* words :
       {"Options of local SGD here: doubling H, drift correction, outer momentum",
        "with all of them  ", "without drift correction  ", "all, but H = 1  "}) {
    BOOST_TEST(demo.errors().find(words) != std::string::npos, demo.errors());
  }
  const auto page = folder.read("demo/report.html");
  BOOST_TEST(values_of(page, R"("model_hash":)").size() >= 6U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
