/// A real network made slower: rate and one-way delay on every link, in its clock's time.
#pragma once

#include <memory>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>

#include "devices/clock.hpp"
#include "devices/units.hpp"
#include "transport/link.hpp"

namespace annulet::transport {

/// Shapes what its own side sends; the other side shapes the way back. Bytes queue as in a socket
/// buffer, leave at the line's rate and reach the inner link one delay after they left. A dial
/// takes a round trip longer. An error of the inner link shows at a later send_some; destroying a
/// link drops what is still queued.
/// `inner` and `clock` must outlive the network, its listeners and links; the links must not
/// outlive the executor's context.
class ShapedNetwork final : public Network {
 public:
  ShapedNetwork(Network& inner, devices::Clock& clock, asio::any_io_executor executor,
                devices::LinkSpeed speed);
  asio::awaitable<std::unique_ptr<Link>> dial(Endpoint to) override;
  std::unique_ptr<Listener> listen(Endpoint at) override;

 private:
  Network& inner_;
  devices::Clock& clock_;
  asio::any_io_executor executor_;
  devices::LinkSpeed speed_;
};

}  // namespace annulet::transport
