/// Finds the addresses of a name, without anybody having to wait for the system's resolver to end.
#pragma once

#include <string>
#include <vector>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/error_code.hpp>
#include <asio/ip/tcp.hpp>

#include "devices/units.hpp"
#include "transport/link.hpp"

namespace annulet::transport {

struct Addresses {
  asio::error_code error;
  std::vector<asio::ip::tcp::endpoint> found;  // not empty, where there is no error
};

/// The system's resolver cannot be stopped, and takes half a minute where no name server answers.
/// It runs in a thread of its own, which nobody waits for: this can be cancelled, and a program
/// ends.
asio::awaitable<Addresses> look_up(asio::any_io_executor executor, Endpoint of);
/// The same for who cannot go on without: timed_out after `patience`.
[[nodiscard]] Addresses look_up_at_once(const Endpoint& of, devices::Duration patience);

}  // namespace annulet::transport
