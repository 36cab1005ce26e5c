/// The precondition of tests that look a name up.
#pragma once

#include <netdb.h>

#include <boost/test/unit_test.hpp>

namespace annulet::tests {

/// A machine may have no /etc/hosts: one that was just unpacked has none.
struct HaveLocalhost {
  boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id /*id*/) const {
    addrinfo* found = nullptr;
    const int error = ::getaddrinfo("localhost", nullptr, nullptr, &found);
    if (found != nullptr) ::freeaddrinfo(found);
    boost::test_tools::assertion_result result(error == 0);
    if (!result) result.message() << "this machine does not know the name localhost";
    return result;
  }
};

}  // namespace annulet::tests
