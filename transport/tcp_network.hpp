/// Links over TCP.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>

#include "devices/units.hpp"
#include "transport/link.hpp"

namespace annulet::transport {

/// Destroying it sends what was given to send_some, unless the other side has more to say than
/// fits in a few buffers: that data cannot be had any more, and TCP says so with a reset.
class TcpLink final : public Link {
 public:
  /// socket: connected.
  TcpLink(asio::ip::tcp::socket socket, Endpoint peer);
  ~TcpLink() override;
  TcpLink(const TcpLink&) = delete;
  TcpLink& operator=(const TcpLink&) = delete;

  asio::awaitable<std::size_t> send_some(std::span<const ConstBytes> pieces) override;
  asio::awaitable<std::size_t> receive_some(std::span<const Bytes> pieces) override;
  std::size_t try_send(std::span<const ConstBytes> pieces) override;
  std::size_t try_receive(std::span<const Bytes> pieces) override;
  void finish_sending() override;
  void set_least(std::size_t bytes) override;
  void set_patience(devices::Duration patience) override;
  bool set_congestion(const std::string& name) override;
  [[nodiscard]] LineHealth health() override;
  [[nodiscard]] Endpoint local() const override;
  [[nodiscard]] Endpoint peer() const override { return peer_; }

  /// Bytes sent that the other side's kernel has acknowledged, as ours counts them; after
  /// finish_sending() its end mark counts as one more. 0 where the kernel does not say.
  [[nodiscard]] std::uint64_t acknowledged_bytes();

 private:
  void require(const asio::error_code& error) const;

  asio::ip::tcp::socket socket_;
  Endpoint peer_;
  std::uint64_t acknowledged_at_start_ = 0;
};

/// Addresses may be IPv4 or IPv6, or names where the C library can resolve them. An IPv4 peer of
/// an IPv6 listener shows as IPv4.
class TcpNetwork final : public Network {
 public:
  explicit TcpNetwork(asio::any_io_executor executor);
  /// Tries every address of the name in turn; errors name the endpoint.
  asio::awaitable<std::unique_ptr<Link>> dial(Endpoint to) override;
  /// A listener that lives through lack of file descriptors and memory: it waits for some.
  std::unique_ptr<Listener> listen(Endpoint at) override;

 private:
  asio::any_io_executor executor_;
};

}  // namespace annulet::transport
