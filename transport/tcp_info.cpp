/// Alone in a file because the kernel's tcp.h, which has the counter, and libc's, which Asio
/// includes, define the same names.
#include "transport/tcp_info.hpp"

#include <cstddef>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace annulet::transport {

std::uint64_t acknowledged_bytes(int socket) noexcept {
  tcp_info info{};
  socklen_t size = sizeof(info);
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return 0;
  const bool has_counter = size >= offsetof(tcp_info, tcpi_bytes_acked) + sizeof(std::uint64_t);
  return has_counter ? info.tcpi_bytes_acked : 0;
}

}  // namespace annulet::transport
