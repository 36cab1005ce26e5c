/// A listener that lives through a process without file descriptors.
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <string_view>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/play.hpp"
#include "transport/tcp_network.hpp"

using namespace annulet::transport;
using annulet::tests::play;

BOOST_AUTO_TEST_SUITE(full_table)

namespace {

/// Takes every file descriptor that the process may have; gives them back one by one or at its end.
class FullTable {
 public:
  FullTable() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit few = before_;
    few.rlim_cur = 64;
    ::setrlimit(RLIMIT_NOFILE, &few);
    for (int fd = open_one(); fd >= 0; fd = open_one()) taken_.push_back(fd);
    reason_ = errno;
  }
  ~FullTable() {
    while (!taken_.empty()) free_one();
    ::setrlimit(RLIMIT_NOFILE, &before_);
  }
  FullTable(const FullTable&) = delete;
  FullTable& operator=(const FullTable&) = delete;

  void free_one() {
    ::close(taken_.back());
    taken_.pop_back();
  }
  [[nodiscard]] int reason() const { return reason_; }

 private:
  [[nodiscard]] static int open_one() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

  rlimit before_{};
  std::vector<int> taken_;
  int reason_ = 0;
};

/// UBSan looks at an object before it believes its type: through a pipe.
boost::test_tools::assertion_result can_do_without_descriptors(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result can(std::string_view(ANNULET_SANITIZER) != "undefined");
  can.message() << "UBSan itself needs file descriptors";
  return can;
}

}  // namespace

// Nothing is asserted while the table is full: what reports may need a descriptor of its own.
BOOST_AUTO_TEST_CASE(a_listener_waits_for_a_file_descriptor,
                     *boost::unit_test::precondition(can_do_without_descriptors)) {
  asio::io_context context(1);
  TcpNetwork network(context.get_executor());
  const auto listener = network.listen({"127.0.0.1", 0});
  const auto waiting = play(context, network.dial(listener->local()));
  std::unique_ptr<Link> accepted;
  std::exception_ptr error;
  asio::co_spawn(context, listener->accept(),
                 [&](std::exception_ptr e, std::unique_ptr<Link> link) {
                   error = e;
                   accepted = std::move(link);
                 });
  int reason = 0;
  bool failed_at_once = false, accepted_at_once = false;
  {
    FullTable table;
    reason = table.reason();
    context.restart();
    context.poll();  // far enough to see that there is none
    failed_at_once = error != nullptr;
    accepted_at_once = accepted != nullptr;
    table.free_one();
    context.run();
  }
  BOOST_TEST(reason == EMFILE);
  BOOST_TEST(!failed_at_once);
  BOOST_TEST(!accepted_at_once);
  BOOST_TEST(!error);
  BOOST_TEST(accepted);
}

BOOST_AUTO_TEST_SUITE_END()
