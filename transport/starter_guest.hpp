/// A joiner as the starter sees it.
#pragma once

#include <optional>
#include <string>

#include "transport/starter.hpp"

namespace annulet::transport {

/// A joiner, from its hello to its bye.
struct Starter::Guest {
  Guest(std::unique_ptr<Link> link, devices::Clock& clock, const asio::any_io_executor& executor,
        devices::Duration peer_timeout)
      : line(std::move(link), clock, executor, peer_timeout), refused(executor) {}

  ControlLine line;
  devices::Signal refused;  // its data: it goes, whether it says goodbye or not
  std::string name;
  std::uint16_t data_port = 0;
  bool own_data = false;
  std::optional<Survey> offered, survey;  // as it came, and once it has been accepted
  std::optional<Ready> ready;
  std::optional<Bye> bye;
  std::uint32_t rank = 0;  // from the view on
  bool gone = false;       // said goodbye, or its line ended
  bool closed = false;     // its line has ended
};

}  // namespace annulet::transport
