/// What the program says while devices gather.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "devices/clock.hpp"
#include "transport/link.hpp"
#include "transport/lobby_event.hpp"

namespace annulet::runtime {

/// What to type on the other devices, and who else could: one line or two, with their line feeds.
/// `at` is where this device listens; of all addresses it cannot say which one the others see.
[[nodiscard]] std::string invitation(const transport::Endpoint& at, bool has_token);

/// Passes on who comes and goes as far as people can follow: strangers may knock thousands of
/// times. All of the first events, then at most one a second, which says how many were left out.
class Lobby {
 public:
  Lobby(const devices::Clock& clock, std::function<void(const transport::LobbyEvent&)> show);
  void tell(transport::LobbyEvent event);

 private:
  const devices::Clock& clock_;
  std::function<void(const transport::LobbyEvent&)> show_;  // may be empty
  devices::TimePoint last_;
  std::size_t told_ = 0, left_out_ = 0;
};

}  // namespace annulet::runtime
