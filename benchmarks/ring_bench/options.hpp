/// Command line and environment of ring_bench.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "transport/link.hpp"

namespace annulet::benchmarks {

/// What is timed, and among whom.
struct Options {
  std::string name;
  std::size_t rank = 0, world = 1;
  std::vector<std::string> peers;  // none: all on 127.0.0.1
  std::vector<std::size_t> bytes{1024, 4096, 65536, 1048576, 16777216, 67108864};
  double budget = 0.5;  // seconds a size
  std::size_t fewest = 3, most = 2000, warm = 2;
  std::size_t spin_us = 50;
  std::size_t streams = 1;  // connections a hop
  bool may_mesh = false;
  bool cpu = false;

  /// Where that rank listens.
  [[nodiscard]] transport::Endpoint endpoint(std::size_t of) const;
};

/// words: those of main. Throws std::invalid_argument.
[[nodiscard]] Options options_of(std::span<char*> words);

}  // namespace annulet::benchmarks
