/// A shared library to preload: gives every TCP socket of any program the congestion control that
/// BENCH_CONGESTION names, so that all are compared under the same one.
#include <bit>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

/// In the place of the C library's. What is accepted on a listening socket inherits from it.
extern "C" int socket(int domain, int type, int protocol) noexcept {
  using Socket = int (*)(int, int, int);
  static const auto kReal = std::bit_cast<Socket>(::dlsym(RTLD_NEXT, "socket"));
  const int descriptor = kReal(domain, type, protocol);
  const char* name = std::getenv("BENCH_CONGESTION");
  constexpr int kFlags = SOCK_NONBLOCK | SOCK_CLOEXEC;
  const bool is_tcp = (domain == AF_INET || domain == AF_INET6) && (type & ~kFlags) == SOCK_STREAM;
  if (descriptor >= 0 && name != nullptr && is_tcp &&
      ::setsockopt(descriptor, IPPROTO_TCP, TCP_CONGESTION, name,
                   static_cast<socklen_t>(std::strlen(name))) != 0) {
    // A figure under another congestion control would be a wrong one.
    std::abort();
  }
  return descriptor;
}
