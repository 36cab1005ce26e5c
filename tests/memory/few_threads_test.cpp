/// A device that may have some threads, but not all that it is told to begin.
#include <cstdint>
#include <fstream>
#include <pthread.h>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "model/dataset.hpp"
#include "model/team.hpp"
#include "tests/support/sim_cluster.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(few_threads)

namespace {

/// As long as it lives, this process finds room for the stacks of so many threads more.
class FewStacks {
 public:
  explicit FewStacks(rlim_t threads) {
    ::getrlimit(RLIMIT_AS, &before_);
    rlim_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    const rlimit few{pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE)) + threads * stack(),
                     before_.rlim_max};
    ::setrlimit(RLIMIT_AS, &few);
  }
  ~FewStacks() { ::setrlimit(RLIMIT_AS, &before_); }
  FewStacks(const FewStacks&) = delete;
  FewStacks& operator=(const FewStacks&) = delete;

 private:
  static rlim_t stack() {
    pthread_attr_t attributes{};
    std::size_t size = 0;
    ::pthread_getattr_default_np(&attributes);
    ::pthread_attr_getstacksize(&attributes, &size);
    ::pthread_attr_destroy(&attributes);
    return size;
  }

  rlimit before_{};
};

}  // namespace

// Those that have begun must end, or it would wait for them for ever.
BOOST_AUTO_TEST_CASE(a_team_that_is_not_whole_is_refused) {
  const auto names_the_key = [](const model::DataError& error) {
    return error.error() == ErrorCode::out_of_memory &&
           std::string(error.what()).find("64 threads of train.threads") != std::string::npos;
  };
  {
    const FewStacks few(6);
    BOOST_TEST(model::make_team(3)->size() == 3U);
    BOOST_CHECK_EXCEPTION(static_cast<void>(model::make_team(64)), model::DataError, names_the_key);
  }
  BOOST_TEST(model::make_team(64)->size() == 64U);
}

// And names itself, not a neighbour.
BOOST_AUTO_TEST_CASE(a_device_without_them_ends_the_run) {
  SimCluster cluster(2, small_config({"train.threads=64"}));
  const FewStacks few(6);
  cluster.run();
  BOOST_TEST(cluster[0].code() != 0);
  BOOST_TEST(cluster[1].code() != 0);
  BOOST_TEST((cluster[0].reason() + cluster[1].reason()).find("64 threads of train.threads") !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace annulet::tests
