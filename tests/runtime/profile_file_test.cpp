/// Profiles that were written are read back as they were; others are refused in one line.
#include "runtime/profile_file.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include <boost/test/unit_test.hpp>

#include "runtime/run_config.hpp"
#include "tests/support/temporary_folder.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(profile_file)

namespace {

class Folder {
 public:
  [[nodiscard]] MeasuredProfile read(const std::string& text) const {
    std::ofstream(path() / "pi.toml", std::ios::binary) << text;
    return read_profile_file(path() / "pi.toml");
  }
  /// What it says of these lines, without the folder.
  [[nodiscard]] std::string refusal(const std::string& text) const {
    try {
      static_cast<void>(read(text));
    } catch (const ConfigError& error) {
      const std::string what = error.what();
      return what.substr(path().string().size() + 1);
    }
    return "nothing";
  }

  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }

 private:
  tests::TemporaryFolder folder_;
};

}  // namespace

BOOST_AUTO_TEST_CASE(it_reads_back_as_the_same_bits) {
  const Folder here;
  for (const double speed : {1000.0, 1.5e9, 123456789.10111213, 1e18}) {
    const MeasuredProfile profile{speed, "mlp 784-64-10: \"3,640\" steps/s", "a\nboard\\ \x07 é"};
    BOOST_TEST((here.read(to_toml(profile)) == profile));
  }
  const MeasuredProfile bare{2e9};
  BOOST_TEST((here.read(to_toml(bare)) == bare));
}

BOOST_AUTO_TEST_CASE(a_name_that_is_no_text_is_written_so_that_it_can_be_read) {
  const Folder here;
  BOOST_TEST(here.read(to_toml({1e9, "", "a\xff"})).board == "a\\xff");
}

BOOST_AUTO_TEST_CASE(whole_numbers_are_numbers) {
  const Folder here;
  BOOST_TEST(here.read("flops_per_second = 1_500_000_000").flops_per_second == 1.5e9);
}

BOOST_AUTO_TEST_CASE(others_are_refused) {
  const Folder here;
  BOOST_TEST(here.refusal("") ==
             "pi.toml:1: flops_per_second is missing; make a profile on the board itself: annulet "
             "bench step --profile FILE.toml");
  BOOST_TEST(here.refusal("# a\nflops = 1e9") ==
             "pi.toml:2: flops is not a key of a profile, which has flops_per_second, measured and "
             "board");
  for (const char* wrong : {"0", "-1e9", "0.5", "1e19", "nan", "inf", "\"fast\"", "[1, 2]"}) {
    BOOST_TEST(here.refusal("flops_per_second = " + std::string(wrong))
                   .ends_with("but must be a number from 1000 to 1e18"),
               wrong);
  }
  BOOST_TEST(here.refusal("[board]\nname = 1").starts_with("pi.toml:1: board is a table"));
  BOOST_TEST(here.refusal("flops_per_second 1").starts_with("pi.toml:1: is not TOML"));
  BOOST_TEST(here.refusal(std::string(70'000, '#')).starts_with("pi.toml:1: is larger than 65536"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
