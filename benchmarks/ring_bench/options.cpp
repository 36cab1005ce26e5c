/// What the harness says, taken apart.
#include "benchmarks/ring_bench/options.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace annulet::benchmarks {
namespace {

constexpr std::uint16_t kFirstPort = 17170;

std::string setting(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

std::size_t number_of(std::string_view what, std::string_view text) {
  std::size_t number = 0;
  const auto* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || at != end) {
    throw std::invalid_argument(std::string(what) + ": a number is needed, not " +
                                std::string(text));
  }
  return number;
}

void take_number(const char* name, std::size_t& into) {
  if (const auto text = setting(name); !text.empty()) into = number_of(name, text);
}

}  // namespace

transport::Endpoint Options::endpoint(std::size_t of) const {
  const auto port = static_cast<std::uint16_t>(kFirstPort + of);
  return {peers.empty() ? "127.0.0.1" : peers.at(of), port};
}

Options options_of(std::span<char*> words) {
  if (words.size() != 4) throw std::invalid_argument("usage: ring_bench NAME RANK WORLD");
  Options options;
  options.name = words[1];
  options.rank = number_of("RANK", words[2]);
  options.world = number_of("WORLD", words[3]);
  options.peers = words_of(setting("PEERS"));
  if (options.world == 0 || options.rank >= options.world ||
      (!options.peers.empty() && options.peers.size() < options.world)) {
    throw std::invalid_argument("RANK is below WORLD, and PEERS has an address for each");
  }
  if (const auto text = setting("BENCH_BYTES"); !text.empty()) {
    options.bytes.clear();
    for (const auto& word : words_of(text)) {
      options.bytes.push_back(number_of("BENCH_BYTES", word));
    }
  }
  if (const auto text = setting("BENCH_BUDGET"); !text.empty()) options.budget = std::stod(text);
  take_number("BENCH_MIN_ITERS", options.fewest);
  take_number("BENCH_MAX_ITERS", options.most);
  take_number("BENCH_WARM", options.warm);
  take_number("BENCH_SPIN", options.spin_us);
  take_number("BENCH_STREAMS", options.streams);
  options.cpu = !setting("BENCH_CPU").empty();
  options.may_mesh = setting("BENCH_EXCHANGE") == "auto";
  return options;
}

}  // namespace annulet::benchmarks
