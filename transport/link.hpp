/// One reliable, ordered byte pipe to another device, and the network that makes them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include <asio/awaitable.hpp>

#include "devices/units.hpp"
#include "transport/line_health.hpp"

namespace annulet::transport {

using Bytes = std::span<std::byte>;
using ConstBytes = std::span<const std::byte>;

/// A numeric address (or a simulated host's name) and a port.
struct Endpoint {
  std::string host;
  std::uint16_t port = 0;

  // Constructors on purpose: g++ 12 copies aggregates bit by bit when a braced one is an argument
  // in a co_await expression, and frees their strings twice.
  Endpoint() = default;
  Endpoint(std::string at_host, std::uint16_t at_port) : host(std::move(at_host)), port(at_port) {}

  bool operator==(const Endpoint&) const = default;
  /// "192.168.1.20:7077", "[::1]:7077".
  [[nodiscard]] std::string text() const;
};

/// How many buffers one call of send_some or receive_some may name.
inline constexpr std::size_t kMaxPieces = 8;

/// Destroying a link closes it, in both directions. One send and one receive may be under way at
/// once. All failures are std::system_error; an orderly close by the other side is errc::closed.
class Link {
 public:
  virtual ~Link() = default;

  /// Sends from the pieces in order (1..kMaxPieces, not all empty); returns how many bytes were
  /// taken, at least one. The caller keeps the bytes alive until then. Cancellable.
  virtual asio::awaitable<std::size_t> send_some(std::span<const ConstBytes> pieces) = 0;
  /// Fills the pieces in order; returns how many bytes came, at least one. Cancellable.
  virtual asio::awaitable<std::size_t> receive_some(std::span<const Bytes> pieces) = 0;

  /// As the two above, but without waiting: perhaps nothing passes, and then they return 0. Not
  /// while the other of the same direction is under way. A link need not have them: what does not
  /// pass is waited for.
  virtual std::size_t try_send(std::span<const ConstBytes> /*pieces*/) { return 0; }
  virtual std::size_t try_receive(std::span<const Bytes> /*pieces*/) { return 0; }

  /// From now on receive_some need not wake anybody for fewer bytes than these, where the other
  /// side is certain to send as many. A link need not heed it; try_receive takes what there is.
  virtual void set_least(std::size_t /*bytes*/) {}

  /// Says that nothing more will be sent; what was sent still arrives. Receiving goes on.
  virtual void finish_sending() = 0;
  /// How long bytes may wait for the other side's kernel before the link counts as broken. Only for
  /// links whose other side reads at all times: a full buffer over there counts as waiting.
  virtual void set_patience(devices::Duration /*patience*/) {}
  /// How many of its connections carry bytes from now on, where it has several: at least one. Both
  /// sides call it between the same two bytes.
  virtual void set_streams(std::size_t /*count*/) {}
  /// From now on the kernel shares the line out in that way ("cubic", "bbr"). False: it refuses. A
  /// link without a kernel has nothing to refuse.
  virtual bool set_congestion(const std::string& /*name*/) { return true; }
  /// What has become of what was sent.
  [[nodiscard]] virtual LineHealth health() { return {}; }
  /// This side's address and the other side's, as the packets carry them.
  [[nodiscard]] virtual Endpoint local() const = 0;
  [[nodiscard]] virtual Endpoint peer() const = 0;
};

/// Sends or receives all of one span. Throws as the link does.
asio::awaitable<void> send_all(Link& link, ConstBytes bytes);
asio::awaitable<void> receive_all(Link& link, Bytes bytes);

/// Waits at an address. Destroying it closes it; links that it gave live on. One accept at a time.
class Listener {
 public:
  virtual ~Listener() = default;
  /// The next connection. Cancellable.
  virtual asio::awaitable<std::unique_ptr<Link>> accept() = 0;
  /// Where, with the port that port 0 became.
  [[nodiscard]] virtual Endpoint local() const = 0;
};

/// Tcp, Sim, Shaped and Faulty are each one small class.
class Network {
 public:
  virtual ~Network() = default;
  /// Throws std::system_error (connection_refused, timed_out, ...). Cancellable.
  virtual asio::awaitable<std::unique_ptr<Link>> dial(Endpoint to) = 0;
  /// Port 0: any free one. Throws std::system_error (address_in_use, ...).
  virtual std::unique_ptr<Listener> listen(Endpoint at) = 0;
};

}  // namespace annulet::transport
