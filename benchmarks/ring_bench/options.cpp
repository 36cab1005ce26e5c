/// What the harness says, taken apart.
#include "benchmarks/ring_bench/options.hpp"

#include <cstdint>
#include <stdexcept>

namespace annulet::benchmarks {
namespace {

constexpr std::uint16_t kFirstPort = 17170;

}  // namespace

transport::Endpoint Options::endpoint(std::size_t of) const {
  const auto port = static_cast<std::uint16_t>(kFirstPort + of);
  return {peers.empty() ? "127.0.0.1" : peers.at(of), port};
}

Options options_of(std::span<char*> words) {
  if (words.size() != 4) throw std::invalid_argument("usage: ring_bench NAME RANK WORLD");
  Options options;
  options.subject = {.program = "annulet",
                     .algorithm = words[1],
                     .rank = number_of("RANK", words[2]),
                     .world = number_of("WORLD", words[3])};
  options.settings = settings_of_environment();
  options.peers = words_of(setting("PEERS"));
  const auto W = options.subject.world;
  if (W == 0 || options.subject.rank >= W || (!options.peers.empty() && options.peers.size() < W)) {
    throw std::invalid_argument("RANK is below WORLD, and PEERS has an address for each");
  }
  if (const auto text = setting("BENCH_SPIN"); !text.empty()) {
    options.spin_us = number_of("BENCH_SPIN", text);
  }
  if (const auto text = setting("BENCH_STREAMS"); !text.empty()) {
    options.streams = number_of("BENCH_STREAMS", text);
  }
  options.may_mesh = setting("BENCH_EXCHANGE") == "auto";
  return options;
}

}  // namespace annulet::benchmarks
