/// The one file that compiles Boost.Test itself: header-only, so cross builds need no foreign
/// archive.
#define BOOST_TEST_MODULE annulet
#include <boost/test/included/unit_test.hpp>
