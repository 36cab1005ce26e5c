/// A service manager that hears what a service tells it: a datagram socket in a folder.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/local/datagram_protocol.hpp>

namespace annulet::tests {

class Notified final {
 public:
  /// At a path, or at an abstract name that begins with "@".
  explicit Notified(std::string at) : address_(std::move(at)), socket_(context_, bound()) {}

  /// What NOTIFY_SOCKET says.
  [[nodiscard]] const std::string& address() const noexcept { return address_; }
  /// Waits for the next datagram.
  [[nodiscard]] std::string next() {
    std::array<char, 4096> buffer{};
    const auto size = socket_.receive(asio::buffer(buffer));
    return {buffer.data(), size};
  }
  /// Waits for one that holds these words.
  std::string wait_for(std::string_view words) {
    for (;;) {
      auto datagram = next();
      if (datagram.find(words) != std::string::npos) return datagram;
    }
  }
  /// How many bytes of datagrams wait to be read.
  [[nodiscard]] std::size_t waiting() const { return socket_.available(); }

 private:
  [[nodiscard]] asio::local::datagram_protocol::endpoint bound() const {
    auto name = address_;
    if (name.front() == '@') name.front() = '\0';
    return name;
  }

  std::string address_;
  asio::io_context context_;
  asio::local::datagram_protocol::socket socket_;
};

}  // namespace annulet::tests
