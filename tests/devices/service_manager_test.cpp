/// What a service manager hears, on a real socket.
#include "devices/service_manager.hpp"

#include <string>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "tests/support/notified.hpp"
#include "tests/support/temporary_folder.hpp"

namespace annulet::devices {
BOOST_AUTO_TEST_SUITE(service_manager)

namespace {

using namespace std::chrono_literals;

/// The environment of this process, were it started with that watchdog.
ServiceEnvironment with_watchdog(const std::string& socket, const char* microseconds,
                                 const char* pid = nullptr) {
  return {.notify_socket = socket.c_str(), .watchdog_usec = microseconds, .watchdog_pid = pid};
}

std::optional<Duration> watchdog_of(const char* microseconds, const char* pid = nullptr) {
  return ServiceManager(with_watchdog("/run/nobody", microseconds, pid)).watchdog();
}

}  // namespace

BOOST_AUTO_TEST_CASE(each_word_is_a_datagram_with_a_status) {
  const tests::TemporaryFolder folder;
  tests::Notified manager((folder.path() / "notify").string());
  ServiceManager service(with_watchdog(manager.address(), "60000000"));
  BOOST_TEST(service.is_there());
  service.ready("waiting");
  service.doing("in run 7");
  service.alive("in run 7: round 3");
  service.stopping("ending");
  BOOST_TEST(manager.next() == "READY=1\nSTATUS=waiting");
  BOOST_TEST(manager.next() == "STATUS=in run 7");
  BOOST_TEST(manager.next() == "WATCHDOG=1\nSTATUS=in run 7: round 3");
  BOOST_TEST(manager.next() == "STOPPING=1\nSTATUS=ending");
  BOOST_TEST(manager.waiting() == 0U);
}

BOOST_AUTO_TEST_CASE(an_abstract_socket_has_no_file) {
  tests::Notified manager("@annulet-test-" + std::to_string(::getpid()));
  ServiceManager service(with_watchdog(manager.address(), nullptr));
  service.alive("here");
  BOOST_TEST(manager.next() == "STATUS=here");  // nobody watches
}

BOOST_AUTO_TEST_CASE(a_status_cannot_bring_words_of_its_own) {
  const tests::TemporaryFolder folder;
  tests::Notified manager((folder.path() / "notify").string());
  ServiceManager service(with_watchdog(manager.address(), nullptr));
  service.doing("lost pi-3\nMAINPID=1\r\x7f\xc3\xa9");
  BOOST_TEST(manager.next() == "STATUS=lost pi-3 MAINPID=1  \xc3\xa9");
}

BOOST_AUTO_TEST_CASE(without_a_manager_nothing_is_told) {
  const std::string too_long = "/" + std::string(200, 'x');
  for (const char* none : {static_cast<const char*>(nullptr), "", "/", "@", "relative",
                           "vsock:2:1234", too_long.c_str()}) {
    ServiceManager service({.notify_socket = none, .watchdog_usec = "1000"});
    BOOST_TEST(!service.is_there());
    BOOST_TEST(!service.watchdog().has_value());
    service.ready("nobody hears it");
  }
}

BOOST_AUTO_TEST_CASE(a_manager_that_has_gone_or_does_not_read_holds_nobody_up) {
  const tests::TemporaryFolder folder;
  const auto at = (folder.path() / "notify").string();
  ServiceManager service(with_watchdog(at, nullptr));
  service.ready("before there is one");
  const tests::Notified manager(at);
  constexpr int kMoreThanQueuesHold = 100'000;
  for (int i = 0; i < kMoreThanQueuesHold; ++i) service.doing("not read");
  BOOST_TEST(manager.waiting() > 0U);
}

BOOST_AUTO_TEST_CASE(the_watchdog_is_ours_or_nobodys) {
  const auto own = std::to_string(::getpid());
  BOOST_TEST((watchdog_of("2000000") == Duration(2s)));
  BOOST_TEST((watchdog_of("2000000", own.c_str()) == Duration(2s)));
  BOOST_TEST(!watchdog_of("2000000", "1").has_value());
  for (const char* none :
       {static_cast<const char*>(nullptr), "", "0", "-5", "5s", "1e6", "99999999999999999999"}) {
    BOOST_TEST(!watchdog_of(none).has_value());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::devices
