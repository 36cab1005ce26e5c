/// Whole messages over links that take and give some bytes at a time.
#include "transport/link.hpp"

namespace annulet::transport {

std::string Endpoint::text() const {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

asio::awaitable<void> send_all(Link& link, ConstBytes bytes) {
  while (!bytes.empty()) bytes = bytes.subspan(co_await link.send_some({&bytes, 1}));
}

asio::awaitable<void> receive_all(Link& link, Bytes bytes) {
  while (!bytes.empty()) bytes = bytes.subspan(co_await link.receive_some({&bytes, 1}));
}

}  // namespace annulet::transport
