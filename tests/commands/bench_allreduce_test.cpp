/// annulet bench allreduce: sums between processes of this machine.
#include <string>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/screen.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(bench_allreduce)

namespace {

namespace data = boost::unit_test::data;

bool contains(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

Screen bench(std::vector<std::string> more) {
  std::vector<std::string> words{"bench", "allreduce", "--time", "100ms"};
  words.insert(words.end(), more.begin(), more.end());
  return run(words);
}

double number_after(const std::string& text, const std::string& word) {
  return std::stod(text.substr(text.find(word) + word.size()));
}

}  // namespace

BOOST_DATA_TEST_CASE(each_size_is_measured_once_the_smallest_first,
                     data::make<std::string>({"2", "3", "5"}), devices) {
  const auto screen = bench({"--devices", devices, "--bytes", "65536,1024,1024,12"});
  BOOST_TEST(screen.code == 0, screen.err);
  BOOST_TEST(screen.out.starts_with("all-reduce "), screen.out);
  const auto smallest = screen.out.find("\n12 B "), middle = screen.out.find("\n1 KiB "),
             largest = screen.out.find("\n64 KiB ");
  BOOST_TEST(smallest < middle);
  BOOST_TEST(middle < largest);
  BOOST_TEST(largest != std::string::npos, screen.out);
  BOOST_TEST(screen.out.find("\n1 KiB ", middle + 1) == std::string::npos, screen.out);
  BOOST_TEST(!contains(screen.out, "mesh"), screen.out);
  BOOST_TEST(screen.err == "adding up 64 KiB\nadding up 1 KiB\nadding up 12 B\n");
}

BOOST_AUTO_TEST_CASE(json_has_bandwidth_of_the_same_median) {
  const auto screen = bench({"--devices", "3", "--bytes", "4096", "--streams", "2", "--json"});
  BOOST_TEST(screen.code == 0, screen.err);
  const double median = number_after(screen.out, "\"median_seconds\":");
  const double bus = number_after(screen.out, "\"bus_bytes_per_second\":");
  BOOST_TEST(median > 0);
  BOOST_TEST(bus == 2 * 2.0 / 3 * 4096 / median, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(number_after(screen.out, "\"p10_seconds\":") <= median);
  BOOST_TEST(number_after(screen.out, "\"p90_seconds\":") >= median);
  BOOST_TEST(number_after(screen.out, "\"repetitions\":") >= 1);
  BOOST_TEST(contains(screen.out, R"("devices":["device-0","device-1","device-2"])"));
}

BOOST_AUTO_TEST_CASE(small_sums_may_take_the_mesh) {
  const auto screen = bench({"--exchange", "auto", "--bytes", "16", "--json"});
  BOOST_TEST(screen.code == 0, screen.err);
  BOOST_TEST(contains(screen.out, R"("exchange":"mesh")"), screen.out);
}

BOOST_AUTO_TEST_CASE(wrong_options_are_refused) {
  constexpr int kUsage = 2;
  for (const std::vector<std::string>& wrong : {std::vector<std::string>{"--devices", "1"},
                                                {"--devices", "17"},
                                                {"--bytes", "3"},
                                                {"--bytes", "268435457"},
                                                {"--bytes", "1,x"},
                                                {"--bytes", "1024,1026"},
                                                {"--exchange", "mesh"},
                                                {"--streams", "9"},
                                                {"--streams", "0"},
                                                {"--time", "0s"}}) {
    const auto screen = bench(wrong);
    BOOST_TEST(screen.code == kUsage, wrong[0] << ' ' << wrong[1]);
    BOOST_TEST(screen.out == "");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
