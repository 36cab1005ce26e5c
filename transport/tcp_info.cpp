/// Alone in a file because the kernel's tcp.h, which has the counters, and libc's, which Asio
/// includes, define the same names.
#include "transport/tcp_info.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string_view>
#include <sys/socket.h>

namespace annulet::transport {
namespace {

/// Returns how much of it the kernel knows.
std::size_t ask(int socket, tcp_info& info) noexcept {
  socklen_t size = sizeof(info);
  return ::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 ? size : 0;
}

}  // namespace

std::uint64_t acknowledged_bytes(int socket) noexcept {
  tcp_info info{};
  const auto known = ask(socket, info);
  return known >= offsetof(tcp_info, tcpi_bytes_acked) + sizeof(std::uint64_t)
             ? info.tcpi_bytes_acked
             : 0;
}

LineHealth health_of(int socket) noexcept {
  tcp_info info{};
  if (ask(socket, info) < offsetof(tcp_info, tcpi_dsack_dups) + sizeof(info.tcpi_dsack_dups)) {
    return {};
  }
  std::array<char, 16> control{};
  socklen_t size = control.size() - 1;
  if (::getsockopt(socket, IPPROTO_TCP, TCP_CONGESTION, control.data(), &size) != 0) return {};
  // What had arrived after all, the other side reports as doubled.
  return {.segments = info.tcpi_data_segs_out,
          .lost = info.tcpi_total_retrans - std::min(info.tcpi_total_retrans, info.tcpi_dsack_dups),
          .round_trip = std::chrono::microseconds(info.tcpi_min_rtt),
          .slows_down = !std::string_view(control.data()).starts_with("bbr")};
}

}  // namespace annulet::transport
