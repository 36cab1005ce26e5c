/// One datagram a word.
#include "devices/service_manager.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <unistd.h>

#include <asio/buffer.hpp>

namespace annulet::devices {
namespace {

/// A whole number from 1 on; nullopt for anything else.
std::optional<std::int64_t> count(const char* text) {
  if (text == nullptr) return std::nullopt;
  const std::string_view digits(text);
  std::int64_t value = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || stop != digits.data() + digits.size() || value < 1) {
    return std::nullopt;
  }
  return value;
}

/// The watchdog of another process, whose child we may be, is none of ours.
std::optional<Duration> watchdog_of(const ServiceEnvironment& environment) {
  constexpr std::int64_t kLongest = 366LL * 24 * 3600 * 1'000'000;  // what a Duration can hold, too
  const auto microseconds = count(environment.watchdog_usec);
  if (!microseconds || *microseconds > kLongest) return std::nullopt;
  if (environment.watchdog_pid != nullptr && count(environment.watchdog_pid) != ::getpid()) {
    return std::nullopt;
  }
  return std::chrono::microseconds(*microseconds);
}

/// A path, or the name of an abstract socket with its first byte 0; "" where it is neither.
std::string address_of(const char* notify_socket) {
  std::string address = notify_socket == nullptr ? "" : notify_socket;
  const std::size_t longest = sizeof(sockaddr_un::sun_path) - 1;
  const bool usable = address.size() > 1 && address.size() <= longest &&
                      (address.front() == '/' || address.front() == '@');
  if (!usable) return {};
  if (address.front() == '@') address.front() = '\0';
  return address;
}

}  // namespace

ServiceEnvironment ServiceEnvironment::of_process() {
  return {.notify_socket = std::getenv("NOTIFY_SOCKET"),
          .watchdog_usec = std::getenv("WATCHDOG_USEC"),
          .watchdog_pid = std::getenv("WATCHDOG_PID")};
}

ServiceManager::ServiceManager(const ServiceEnvironment& environment) {
  const auto address = address_of(environment.notify_socket);
  if (address.empty()) return;
  to_ = asio::local::datagram_protocol::endpoint(address);
  asio::error_code error;
  Socket socket(context_);
  socket.open(to_.protocol(), error);
  if (error) return;
  socket.non_blocking(true, error);  // a manager that is slow to read does not hold us up
  if (error) return;
  socket_ = std::move(socket);
  watchdog_ = watchdog_of(environment);
}

void ServiceManager::doing(std::string_view status) { tell("", status); }

void ServiceManager::ready(std::string_view status) { tell("READY=1\n", status); }

void ServiceManager::stopping(std::string_view status) { tell("STOPPING=1\n", status); }

void ServiceManager::alive(std::string_view status) {
  tell(watchdog_ ? "WATCHDOG=1\n" : "", status);
}

void ServiceManager::tell(std::string_view word, std::string_view status) {
  if (!socket_) return;
  std::string line(status);
  std::ranges::replace_if(
      line, [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
  const auto datagram = std::string(word) + "STATUS=" + line;
  asio::error_code lost;
  socket_->send_to(asio::buffer(datagram), to_, 0, lost);
}

}  // namespace annulet::devices
