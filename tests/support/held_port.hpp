/// A port that nobody listens at, and that nobody else gets meanwhile.
#pragma once

#include <string>

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>

namespace annulet::tests {

class HeldPort {
 public:
  /// "127.0.0.1:PORT"
  [[nodiscard]] std::string address() const {
    return "127.0.0.1:" + std::to_string(held_.local_endpoint().port());
  }

 private:
  asio::io_context context_;
  asio::ip::tcp::socket held_{context_, {asio::ip::address_v4::loopback(), 0}};
};

}  // namespace annulet::tests
