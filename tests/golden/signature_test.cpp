/// The signature: one hash of tiny rings, and in the golden preset the same on every CPU.
#include "runtime/signature.hpp"

#include <fstream>
#include <string>

#include <boost/test/unit_test.hpp>

#include "runtime/text.hpp"
#include "tests/support/data_folder.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(signature)

namespace {

#ifdef ANNULET_GOLDEN
constexpr bool kGolden = true;
#else
constexpr bool kGolden = false;
#endif

boost::test_tools::assertion_result in_golden_preset(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result result(kGolden);
  result.message() << "other presets use the CPU's vector instructions";
  return result;
}

}  // namespace

BOOST_AUTO_TEST_CASE(signature_is_the_same_in_every_repetition) {
  BOOST_TEST(runtime::signature() == runtime::signature());
}

// A change of what is computed changes it; the commit that does so says so.
BOOST_AUTO_TEST_CASE(signature_is_the_one_in_the_file,
                     *boost::unit_test::precondition(in_golden_preset)) {
  std::ifstream file(source_folder() / "tests/golden/signature.txt");
  std::string expected;
  BOOST_REQUIRE(file >> expected);
  BOOST_TEST(runtime::hash_text(runtime::signature()) == expected);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
