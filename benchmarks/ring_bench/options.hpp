/// Command line and environment of ring_bench.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "benchmarks/harness/harness.hpp"
#include "transport/link.hpp"

namespace annulet::benchmarks {

/// What is timed, and among whom.
struct Options {
  Subject subject;
  Settings settings;
  std::vector<std::string> peers;  // none: all on 127.0.0.1
  std::size_t spin_us = 50;
  std::size_t streams = 1;  // connections a hop
  bool may_mesh = false;

  /// Where that rank listens.
  [[nodiscard]] transport::Endpoint endpoint(std::size_t of) const;
};

/// words: those of main. Throws std::invalid_argument.
[[nodiscard]] Options options_of(std::span<char*> words);

}  // namespace annulet::benchmarks
