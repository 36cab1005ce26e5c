/// The ring all-reduce of float32, timed: one process a rank, side by side with other libraries'.
///
///   PEERS=IP0,IP1,... ring_bench NAME RANK WORLD
///
/// Rank r listens at IPr (127.0.0.1 without PEERS) and dials the next one. Each size of BENCH_BYTES
/// is summed in place, checked once against the exact sum, then repeated for BENCH_BUDGET seconds,
/// the number of times being rank 0's word. Rank 0 prints, for each size,
///   program,algo,world,bytes,iters,median_us,p10_us,p90_us,busbw_MBps
/// where bus bandwidth is 2(W-1)/W x bytes / median. With BENCH_CPU=1 it also says on standard
/// error what CPU time an all-reduce took it. Exit codes: 0; 1 what went wrong is said; 3 a wrong
/// sum.
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <utility>
#include <vector>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include "devices/side_by_side.hpp"
#include "devices/steady_clock.hpp"
#include "transport/ring.hpp"
#include "transport/tcp_network.hpp"

namespace annulet::benchmarks {
namespace {

constexpr std::uint16_t kFirstPort = 17170;
constexpr auto kPatience = std::chrono::seconds(60);  // for neighbours, and for one all-reduce

struct Options {
  std::string name;
  std::size_t rank = 0, world = 1;
  std::vector<std::string> peers;  // none: all on 127.0.0.1
  std::vector<std::size_t> bytes{1024, 4096, 65536, 1048576, 16777216, 67108864};
  double budget = 0.5;  // seconds a size
  std::size_t fewest = 3, most = 2000, warm = 2;
  std::size_t spin_us = 50;
  bool cpu = false;

  [[nodiscard]] transport::Endpoint endpoint(std::size_t of) const {
    const auto port = static_cast<std::uint16_t>(kFirstPort + of);
    return {peers.empty() ? "127.0.0.1" : peers.at(of), port};
  }
};

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
  options.cpu = !setting("BENCH_CPU").empty();
  return options;
}

double microseconds(devices::Duration time) { return devices::seconds(time) * 1e6; }

/// Of this process: user and system time, and context switches.
struct Used {
  double user_us, system_us, switches;

  static Used now() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto us = [](const timeval& time) {
      return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
    };
    return {us(used.ru_utime), us(used.ru_stime),
            static_cast<double>(used.ru_nvcsw + used.ru_nivcsw)};
  }
};

class Bench {
 public:
  Bench(const Options& options, asio::io_context& context)
      : options_(options), clock_(context.get_executor()), network_(context.get_executor()) {}

  asio::awaitable<void> run() {
    auto [from, to] = co_await neighbours();
    ring_.emplace(transport::Ring::Place{options_.rank, options_.world}, std::move(from),
                  std::move(to), clock_, co_await asio::this_coro::executor);
    ring_->set_spin(std::chrono::microseconds(options_.spin_us));
    for (const auto bytes : options_.bytes) co_await measure(bytes);
  }

 private:
  using Links = std::pair<std::unique_ptr<transport::Link>, std::unique_ptr<transport::Link>>;

  asio::awaitable<Links> neighbours() {
    Links links;
    if (options_.world == 1) co_return links;
    const auto listener = network_.listen(options_.endpoint(options_.rank));
    const auto next = options_.endpoint((options_.rank + 1) % options_.world);
    const auto end = clock_.now() + kPatience;
    while (!links.second) {
      auto [error, link] = co_await devices::attempt(network_.dial(next));
      if (error && clock_.now() > end) std::rethrow_exception(error);
      if (error) co_await clock_.sleep_until(clock_.now() + std::chrono::milliseconds(20));
      links.second = std::move(link);
    }
    links.first = co_await devices::with_deadline(clock_, end, listener->accept());
    co_return links;
  }

  asio::awaitable<void> sum(std::span<float> values) {
    const transport::Operation operation{.number = ++operations_};
    co_await ring_->all_reduce(operation, values, {}, clock_.now() + kPatience);
  }

  /// Of small whole numbers, which float32 adds exactly.
  asio::awaitable<void> check(std::span<float> values) {
    constexpr std::size_t kDifferent = 1000;
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = static_cast<float>(i % kDifferent + options_.rank);
    }
    co_await sum(values);
    const std::size_t W = options_.world, ranks = W * (W - 1) / 2;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i] == static_cast<float>(i % kDifferent * W + ranks)) continue;
      std::fprintf(stderr, "ring_bench: wrong sum of element %zu on rank %zu\n", i, options_.rank);
      std::exit(3);
    }
  }

  /// As often as fits into the budget, by rank 0's word.
  asio::awaitable<std::size_t> repetitions(double once_us) {
    std::array<float, 256> word{};
    if (options_.rank == 0) {
      const double fit = options_.budget * 1e6 / std::max(once_us, 1.0);
      word[0] = static_cast<float>(std::clamp(fit, static_cast<double>(options_.fewest),
                                              static_cast<double>(options_.most)));
    }
    co_await sum(word);
    co_return static_cast<std::size_t>(word[0]);
  }

  asio::awaitable<void> measure(std::size_t bytes) {
    std::vector<float> values(bytes / sizeof(float));
    co_await check(values);
    std::ranges::fill(values, 0.0F);
    const auto begin = clock_.now();
    for (std::size_t i = 0; i < options_.warm; ++i) co_await sum(values);
    const auto warm = static_cast<double>(std::max<std::size_t>(options_.warm, 1));
    std::vector<double> times(co_await repetitions(microseconds(clock_.now() - begin) / warm));
    const auto before = Used::now();
    for (auto& time : times) {
      const auto start = clock_.now();
      co_await sum(values);
      time = microseconds(clock_.now() - start);
    }
    if (options_.rank == 0) print(bytes, times, before, Used::now());
  }

  void print(std::size_t bytes, std::vector<double>& times, const Used& before,
             const Used& after) const {
    std::ranges::sort(times);
    const auto count = times.size();
    const auto W = static_cast<double>(options_.world);
    const double median = times[count / 2];
    const double bus = 2 * (W - 1) / W * static_cast<double>(bytes) / median;  // bytes/us = MB/s
    std::printf("annulet,%s,%zu,%zu,%zu,%.1f,%.1f,%.1f,%.1f\n", options_.name.c_str(),
                options_.world, bytes, count, median, times[count / 10], times[count * 9 / 10],
                bus);
    std::fflush(stdout);
    if (!options_.cpu) return;
    const auto each = static_cast<double>(count);
    std::fprintf(
        stderr, "cpu,annulet,%s,%zu,%zu,user_us=%.1f,sys_us=%.1f,switches=%.1f\n",
        options_.name.c_str(), options_.world, bytes, (after.user_us - before.user_us) / each,
        (after.system_us - before.system_us) / each, (after.switches - before.switches) / each);
  }

  const Options& options_;
  devices::SteadyClock clock_;
  transport::TcpNetwork network_;
  std::optional<transport::Ring> ring_;
  std::uint64_t operations_ = 0;
};

int bench(std::span<char*> words) {
  const auto options = options_of(words);
  asio::io_context context(1);
  Bench bench(options, context);
  std::exception_ptr failure;
  asio::co_spawn(context, bench.run(),
                 [&failure](const std::exception_ptr& error) { failure = error; });
  context.run();
  if (failure) std::rethrow_exception(failure);
  return 0;
}

}  // namespace
}  // namespace annulet::benchmarks

int main(int count, char** words) {
  try {
    return annulet::benchmarks::bench({words, static_cast<std::size_t>(count)});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "ring_bench: %s\n", error.what());
    return 1;
  }
}
