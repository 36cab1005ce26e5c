/// Tells whoever runs this program as a service how it is doing: sd_notify(3), by hand.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <asio/io_context.hpp>
#include <asio/local/datagram_protocol.hpp>

#include "devices/units.hpp"

namespace annulet::devices {

/// What the environment says of a service manager; null: nothing.
struct ServiceEnvironment {
  const char* notify_socket = nullptr;  // "/run/systemd/notify", "@name" of an abstract one
  const char* watchdog_usec = nullptr;
  const char* watchdog_pid = nullptr;

  /// NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID of this process.
  [[nodiscard]] static ServiceEnvironment of_process();
};

/// Each word is one datagram to the manager's socket. Words that do not get there are lost: nothing
/// waits for the manager, and nothing fails with it. A status is one line: what is none of its
/// characters becomes a blank.
class ServiceManager final {
 public:
  explicit ServiceManager(const ServiceEnvironment& environment);

  /// Is there one?
  [[nodiscard]] bool is_there() const noexcept { return socket_.has_value(); }
  /// How long it waits for a sign of life until it starts the program again; nullopt: for ever.
  [[nodiscard]] std::optional<Duration> watchdog() const noexcept { return watchdog_; }

  /// What the program does now.
  void doing(std::string_view status);
  /// The same, and that it has started.
  void ready(std::string_view status);
  /// The same, and that it is about to end.
  void stopping(std::string_view status);
  /// The same, and where there is a watchdog a sign of life.
  void alive(std::string_view status);

 private:
  using Socket = asio::local::datagram_protocol::socket;

  void tell(std::string_view word, std::string_view status);

  asio::io_context context_;  // never runs: the socket needs one
  asio::local::datagram_protocol::endpoint to_;
  std::optional<Socket> socket_;
  std::optional<Duration> watchdog_;
};

}  // namespace annulet::devices
