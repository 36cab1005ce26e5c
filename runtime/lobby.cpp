/// Words for those who wait for other devices.
#include "runtime/lobby.hpp"

#include <chrono>
#include <utility>

#include <asio/ip/address.hpp>

namespace annulet::runtime {
namespace {

constexpr std::size_t kAtFirst = 20;
constexpr std::chrono::seconds kBetween{1};

}  // namespace

std::string invitation(const transport::Endpoint& at, bool has_token) {
  asio::error_code no_number;
  const auto address = asio::ip::make_address(at.host, no_number);
  const transport::Endpoint shown(!no_number && address.is_unspecified() ? "THIS-DEVICE" : at.host,
                                  at.port);
  std::string text = "On each other device type: annulet join " + shown.text() +
                     (has_token ? " --token WORD\n" : "\n");
  const bool in_here = !no_number && address.is_loopback();
  if (!has_token && !in_here) {
    text += "Anyone on this network may join this run; --token WORD keeps strangers out.\n";
  }
  return text;
}

Lobby::Lobby(const devices::Clock& clock, std::function<void(const transport::LobbyEvent&)> show)
    : clock_(clock), show_(std::move(show)) {}

void Lobby::tell(transport::LobbyEvent event) {
  if (!show_) return;
  if (told_ >= kAtFirst && clock_.now() - last_ < kBetween) {
    ++left_out_;
    return;
  }
  if (left_out_ > 0) {
    event.what += "; " + std::to_string(left_out_) + " such lines before it were left out";
  }
  left_out_ = 0;
  ++told_;
  last_ = clock_.now();
  show_(event);
}

}  // namespace annulet::runtime
