/// Several links as one: for lines on which a lost packet halves what one connection may send.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "transport/link.hpp"

namespace annulet::transport {

/// Byte n goes by stream (n / kStripe) mod S, and is taken from there: the order of bytes, and with
/// it all sums, is that of one link. While one stream stands still for a lost packet, the others
/// go on as far as the buffers of their sockets reach. S is the number of streams in use: with one
/// of them there are no stripes.
class StripedLink final : public Link {
 public:
  /// What a stream takes in its turn. Small against a socket's buffer, so that all are kept full.
  static constexpr std::size_t kStripe = std::size_t{8} << 10;

  /// streams: at least one, in the same order on both sides.
  explicit StripedLink(std::vector<std::unique_ptr<Link>> streams);

  asio::awaitable<std::size_t> send_some(std::span<const ConstBytes> pieces) override;
  asio::awaitable<std::size_t> receive_some(std::span<const Bytes> pieces) override;
  std::size_t try_send(std::span<const ConstBytes> pieces) override;
  std::size_t try_receive(std::span<const Bytes> pieces) override;
  void finish_sending() override;
  void set_least(std::size_t bytes) override;
  void set_patience(devices::Duration patience) override;
  /// All streams at first. The next byte is the first one of stream 0.
  void set_streams(std::size_t count) override;
  bool set_congestion(const std::string& name) override;
  /// Of all streams together.
  [[nodiscard]] LineHealth health() override;
  [[nodiscard]] Endpoint local() const override { return streams_.front()->local(); }
  [[nodiscard]] Endpoint peer() const override { return streams_.front()->peer(); }

 private:
  /// One direction: whose turn it is, and how much of it is over.
  struct Turn {
    std::size_t stream = 0, done = 0;
  };
  /// What passes without waiting; try_stream(stream, stretches) says how much did.
  template <class Span, class Try>
  std::size_t pass_at_once(std::span<const Span> pieces, Turn& turn, Try try_stream);
  void pass(Turn& turn, std::size_t bytes) const;
  [[nodiscard]] std::size_t room(const Turn& turn) const;

  std::vector<std::unique_ptr<Link>> streams_;
  std::size_t used_;  // of them, the first ones
  Turn sending_, receiving_;
};

}  // namespace annulet::transport
