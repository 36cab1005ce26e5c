/// TCP through Asio, and the options that make it notice a dead neighbour in seconds.
#include "transport/tcp_network.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <asio/buffer.hpp>
#include <asio/ip/address.hpp>
#include <asio/ip/v6_only.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include "transport/errors.hpp"
#include "transport/look_up.hpp"
#include "transport/tcp_info.hpp"

namespace annulet::transport {
namespace {

using asio::ip::tcp;

/// Best effort: emulators and old kernels lack some, and a link works without any of them.
void try_option(tcp::socket& socket, int level, int name, int value) {
  static_cast<void>(::setsockopt(socket.native_handle(), level, name, &value, sizeof(value)));
}

/// Programs that we start must not keep our connections and ports open when we are gone.
template <class Socket>
void close_in_children(Socket& socket) {
  ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
}

void set_options(tcp::socket& socket) {
  asio::error_code ignored;
  close_in_children(socket);
  socket.set_option(tcp::no_delay(true), ignored);
  socket.set_option(tcp::socket::keep_alive(true), ignored);
  // Heartbeats notice a dead device. This keeps routers from forgetting a link that rests during
  // long local steps, and gives it up after 10 + 6 x 10 seconds.
  try_option(socket, IPPROTO_TCP, TCP_KEEPIDLE, 10);
  try_option(socket, IPPROTO_TCP, TCP_KEEPINTVL, 10);
  try_option(socket, IPPROTO_TCP, TCP_KEEPCNT, 6);
}

[[nodiscard]] Endpoint endpoint_of(const tcp::endpoint& endpoint) {
  auto address = endpoint.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  }
  return {address.to_string(), endpoint.port()};
}

/// Asio's own category does not know std::errc in every version: the same number in the standard
/// one does. A cancelled operation stays what all of Asio calls it.
[[nodiscard]] std::error_code standard(const asio::error_code& error) {
  if (error == asio::error::operation_aborted) return error;
  if (error.category() != asio::error::get_system_category()) return error;
  return {error.value(), std::system_category()};
}

[[noreturn]] void fail(const asio::error_code& error, const char* doing, const Endpoint& endpoint) {
  throw std::system_error(standard(error), std::string("cannot ") + doing + " " + endpoint.text());
}

/// Dialling a port of our own where nobody listens, the kernel may pick that port for our side too,
/// and TCP connects the socket to itself.
[[nodiscard]] bool is_connected_to_itself(const tcp::socket& socket) {
  asio::error_code local_error;
  asio::error_code remote_error;
  return socket.local_endpoint(local_error) == socket.remote_endpoint(remote_error) &&
         !local_error && !remote_error;
}

asio::awaitable<std::vector<tcp::endpoint>> resolve(asio::any_io_executor executor, Endpoint of) {
  asio::error_code not_numeric;
  const auto address = asio::ip::make_address(of.host, not_numeric);
  if (!not_numeric) co_return std::vector{tcp::endpoint(address, of.port)};
  auto addresses = co_await look_up(executor, of);
  if (addresses.error) fail(addresses.error, "find the address of", of);
  co_return std::move(addresses.found);
}

[[nodiscard]] tcp::endpoint local_endpoint(const Endpoint& at) {
  constexpr auto kPatience = std::chrono::seconds(5);
  asio::error_code error;
  const auto address = asio::ip::make_address(at.host, error);
  if (!error) return {address, at.port};
  const auto addresses = look_up_at_once(at, kPatience);
  if (addresses.error) fail(addresses.error, "find the address of", at);
  return addresses.found.front();
}

/// What accept(2) may say because of one connection or of an exhausted machine: no reason to stop
/// listening, or anybody could stop us by opening connections.
[[nodiscard]] bool passes(const asio::error_code& error) {
  constexpr std::array kPassing{ECONNABORTED, EMFILE, ENFILE,       ENOBUFS,    ENOMEM,
                                EPROTO,       EPERM,  ENETDOWN,     ENONET,     ENOPROTOOPT,
                                EHOSTDOWN,    EAGAIN, EHOSTUNREACH, EOPNOTSUPP, ENETUNREACH};
  return error.category() == asio::error::get_system_category() &&
         std::ranges::find(kPassing, error.value()) != kPassing.end();
}

[[nodiscard]] auto buffers_of(std::span<const ConstBytes> pieces) {
  std::array<asio::const_buffer, kMaxPieces> buffers;
  std::ranges::transform(pieces, buffers.begin(), [](ConstBytes piece) {
    return asio::const_buffer(piece.data(), piece.size());
  });
  return buffers;
}

[[nodiscard]] auto buffers_of(std::span<const Bytes> pieces) {
  std::array<asio::mutable_buffer, kMaxPieces> buffers;
  std::ranges::transform(pieces, buffers.begin(), [](Bytes piece) {
    return asio::mutable_buffer(piece.data(), piece.size());
  });
  return buffers;
}

class TcpListener final : public Listener {
 public:
  explicit TcpListener(tcp::acceptor acceptor)
      : acceptor_(std::move(acceptor)), local_(endpoint_of(acceptor_.local_endpoint())) {}

  asio::awaitable<std::unique_ptr<Link>> accept() override {
    for (;;) {
      tcp::socket socket(acceptor_.get_executor());
      tcp::endpoint peer;
      asio::error_code error;
      co_await acceptor_.async_accept(socket, peer,
                                      asio::redirect_error(asio::use_awaitable, error));
      if (!error) {
        co_return std::make_unique<TcpLink>(std::move(socket), endpoint_of(peer));
      }
      if (!passes(error)) fail(error, "accept connections at", local_);
      // Connections wait in the kernel meanwhile; without a pause this would be a busy loop.
      asio::steady_timer pause(acceptor_.get_executor(), std::chrono::milliseconds(50));
      co_await pause.async_wait(asio::use_awaitable);
    }
  }

  [[nodiscard]] Endpoint local() const override { return local_; }

 private:
  tcp::acceptor acceptor_;
  Endpoint local_;
};

}  // namespace

TcpLink::TcpLink(tcp::socket socket, Endpoint peer)
    : socket_(std::move(socket)),
      peer_(std::move(peer)),
      acknowledged_at_start_(transport::acknowledged_bytes(socket_.native_handle())) {
  set_options(socket_);
  asio::error_code error;
  socket_.non_blocking(true, error);
  require(error);
}

TcpLink::~TcpLink() {
  // The kernel answers a close with unread data by a reset, and drops what it has yet to send: a
  // last word such as `bye` would be lost to a heartbeat that nobody read.
  finish_sending();
  asio::error_code error;
  std::array<std::byte, 16 * 1024> unread{};
  for (int i = 0; i < 16 && !error; ++i) socket_.read_some(asio::buffer(unread), error);
}

asio::awaitable<std::size_t> TcpLink::send_some(std::span<const ConstBytes> pieces) {
  asio::error_code error;
  const std::size_t sent = co_await socket_.async_write_some(
      buffers_of(pieces), asio::redirect_error(asio::use_awaitable, error));
  require(error);
  co_return sent;
}

asio::awaitable<std::size_t> TcpLink::receive_some(std::span<const Bytes> pieces) {
  asio::error_code error;
  const std::size_t received = co_await socket_.async_read_some(
      buffers_of(pieces), asio::redirect_error(asio::use_awaitable, error));
  require(error);
  co_return received;
}

std::size_t TcpLink::try_send(std::span<const ConstBytes> pieces) {
  asio::error_code error;
  const std::size_t sent = socket_.write_some(buffers_of(pieces), error);
  if (error != asio::error::would_block) require(error);
  return sent;
}

std::size_t TcpLink::try_receive(std::span<const Bytes> pieces) {
  asio::error_code error;
  const std::size_t received = socket_.read_some(buffers_of(pieces), error);
  if (error != asio::error::would_block) require(error);
  return received;
}

void TcpLink::require(const asio::error_code& error) const {
  if (error == asio::error::eof) throw std::system_error(errc::closed, peer_.text());
  if (error) throw std::system_error(standard(error), peer_.text());
}

void TcpLink::finish_sending() {
  asio::error_code gone_already;
  socket_.shutdown(tcp::socket::shutdown_send, gone_already);
}

void TcpLink::set_least(std::size_t bytes) {
  try_option(socket_, SOL_SOCKET, SO_RCVLOWAT, static_cast<int>(bytes));
}

void TcpLink::set_patience(devices::Duration patience) {
  const auto timeout = std::chrono::ceil<std::chrono::milliseconds>(patience);
  try_option(socket_, IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(timeout.count()));
}

bool TcpLink::set_congestion(const std::string& name) {
  const auto size = static_cast<socklen_t>(name.size());
  return ::setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_CONGESTION, name.data(), size) == 0;
}

LineHealth TcpLink::health() { return health_of(socket_.native_handle()); }

Endpoint TcpLink::local() const {
  asio::error_code error;
  const tcp::endpoint here = socket_.local_endpoint(error);
  return error ? Endpoint() : endpoint_of(here);
}

std::uint64_t TcpLink::acknowledged_bytes() {
  return transport::acknowledged_bytes(socket_.native_handle()) - acknowledged_at_start_;
}

TcpNetwork::TcpNetwork(asio::any_io_executor executor) : executor_(std::move(executor)) {}

asio::awaitable<std::unique_ptr<Link>> TcpNetwork::dial(Endpoint to) {
  const std::vector<tcp::endpoint> endpoints = co_await resolve(executor_, to);
  asio::error_code error = asio::error::host_not_found;
  for (const tcp::endpoint& endpoint : endpoints) {
    tcp::socket socket(executor_);
    co_await socket.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, error));
    if (!error && is_connected_to_itself(socket)) error = asio::error::connection_refused;
    if (!error) {
      co_return std::make_unique<TcpLink>(std::move(socket), endpoint_of(endpoint));
    }
    if (error == asio::error::operation_aborted) break;
  }
  fail(error, "connect to", to);
}

std::unique_ptr<Listener> TcpNetwork::listen(Endpoint at) {
  const tcp::endpoint endpoint = local_endpoint(at);
  try {
    tcp::acceptor acceptor(executor_, endpoint.protocol());
    close_in_children(acceptor);
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    asio::error_code ignored;
    if (endpoint.address().is_v6()) acceptor.set_option(asio::ip::v6_only(false), ignored);
    acceptor.bind(endpoint);
    acceptor.listen();
    return std::make_unique<TcpListener>(std::move(acceptor));
  } catch (const std::system_error& error) {
    fail(error.code(), "listen at", at);
  }
}

}  // namespace annulet::transport
