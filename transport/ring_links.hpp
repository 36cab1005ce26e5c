/// What starter and joiners both do with connections: dial the successor, close in order.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include <asio/awaitable.hpp>

#include "devices/clock.hpp"
#include "transport/control_line.hpp"
#include "transport/errors.hpp"
#include "transport/link.hpp"
#include "transport/messages.hpp"

namespace annulet::transport {

/// Is this the greeting of our ring predecessor, for this run and view?
[[nodiscard]] bool is_from_previous(const DataHello& hello, const View& view,
                                    std::uint64_t run_id) noexcept;

[[nodiscard]] bool are_neighbours(std::size_t a, std::size_t b, std::size_t size) noexcept;

/// Is it that of a member which is no neighbour, for a mesh? The lower rank dials.
[[nodiscard]] bool is_from_stranger(const DataHello& hello, const View& view,
                                    std::uint64_t run_id) noexcept;

/// The connections of a hop as they come, in any order, until they are one link.
class Streams {
 public:
  /// The first one of its number counts.
  void take(std::size_t number, std::unique_ptr<Link> link);
  /// Are the first `count` there?
  [[nodiscard]] bool has(std::size_t count) const noexcept;
  /// The first `count` as one link; the rest closes.
  [[nodiscard]] std::unique_ptr<Link> join(std::size_t count);

 private:
  std::array<std::unique_ptr<Link>, kMaxStreams> links_;
};

/// Connects to the ring successor, by so many streams, and greets it. `starter` is where the
/// starter was dialled (its entry in the view has no address). Adds the greeting's bytes to `sent`,
/// which outlives the call. Throws std::system_error.
asio::awaitable<std::unique_ptr<Link>> dial_next(Network& network, const View& view,
                                                 std::size_t streams, Endpoint starter,
                                                 std::uint64_t run_id, std::uint64_t& sent);

/// Connects to all members of higher rank that are no neighbours; links[rank] is the link there.
/// `links` outlives the call, as `sent` does. Throws std::system_error.
asio::awaitable<void> dial_strangers(Network& network, const View& view, std::uint64_t run_id,
                                     std::vector<std::unique_ptr<Link>>& links,
                                     std::uint64_t& sent);

/// Sends the last bytes of a connection, then reads until the other side has closed: closing with
/// unread bytes would reset the connection and take the last words with it.
asio::awaitable<void> send_last(Link& link, ConstBytes bytes);

/// The same for a control line: what was posted leaves, then it waits for the other side's end.
asio::awaitable<void> finish_line(ControlLine& line);

/// That this member is lost, and why.
[[nodiscard]] inline Lost lost_by(std::uint32_t rank, const Cause& cause) {
  return {rank, cause.text, cause.number()};
}
/// That a device is lost to the others which stopped and went on.
[[nodiscard]] Lost stood_still(std::uint32_t rank);
/// That a member is lost which said goodbye before the others did.
[[nodiscard]] Lost gone(std::uint32_t rank, const Bye& bye);

/// Why a connection ended, in words for users: "silent for 5 s", "connection reset", "closed its
/// connection".
[[nodiscard]] Cause describe(const std::exception_ptr& error, devices::Duration peer_timeout);

}  // namespace annulet::transport
