/// Who is in the ring: what a session asks of the control plane, on the starter and on joiners.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>

#include "devices/clock.hpp"
#include "devices/error_code.hpp"
#include "devices/task_group.hpp"
#include "transport/link.hpp"
#include "transport/messages.hpp"

namespace annulet::transport {

/// The rendezvous did not come about: refused, not enough devices, the starter gone.
class RendezvousError : public devices::UserError {
 public:
  using UserError::UserError;
};

/// The two data links of a device in the ring.
struct Neighbours {
  std::unique_ptr<Link> from_previous, to_next;  // null in a ring of one
};

/// What a member of a run works with. All of it outlives the member.
struct Surroundings {
  Network& network;
  devices::Clock& clock;
  asio::any_io_executor executor;
  devices::TaskGroup& tasks;
};

class Membership {
 public:
  virtual ~Membership() = default;

  /// Says what data this device has and waits until the ring is complete: the members in ring
  /// order. Throws RendezvousError.
  virtual asio::awaitable<View> enter(Survey mine) = 0;
  /// Connects to the ring neighbours of the view, each by so many streams. Throws
  /// std::system_error; a link that is still missing then tells whose fault it is.
  virtual asio::awaitable<void> connect(const View& view, std::size_t streams,
                                        Neighbours& ring) = 0;
  /// Connects to all members that are no neighbours, on all devices alike: links[rank] is the link
  /// there, null for the rest. For a mesh; throws as connect.
  virtual asio::awaitable<void> connect_strangers(const View& view,
                                                  std::vector<std::unique_ptr<Link>>& links) = 0;
  /// Says that this device is ready with so many samples and waits until all are.
  virtual asio::awaitable<Go> ready(Ready mine) = 0;

  /// Asked for what each heartbeat tells of this device.
  virtual void set_progress(std::function<Heartbeat()> progress) = 0;
  /// This device's link to that neighbour failed.
  virtual void report(const Broken& broken) = 0;
  /// Returns when a member is lost, from the view on: who and why.
  virtual asio::awaitable<Lost> lost() = 0;
  /// Leaves in order: says why, lets the others finish, closes. Ends within the peer timeout.
  virtual asio::awaitable<void> leave(Bye bye) = 0;

  /// Bytes sent on control connections.
  [[nodiscard]] virtual std::uint64_t control_sent() const = 0;
};

}  // namespace annulet::transport
