/// An address of this machine that no other test listens at: a port of it, once given out, can be
/// listened at again and again.
#pragma once

#include <string>
#include <unistd.h>

namespace annulet::tests {

/// One of 127.64.0.0/10 for each process.
[[nodiscard]] inline std::string own_loopback() {
  const auto pid = static_cast<unsigned>(::getpid());
  return "127." + std::to_string(64 + (pid >> 16U) % 64) + "." + std::to_string((pid >> 8U) % 256) +
         "." + std::to_string(pid % 256);
}

}  // namespace annulet::tests
