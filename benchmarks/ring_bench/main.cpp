/// The ring all-reduce of float32, timed: one process a rank, side by side with other libraries'.
///
///   PEERS=IP0,IP1,... ring_bench NAME RANK WORLD
///
/// Rank r listens at IPr (127.0.0.1 without PEERS) and dials the next one; with BENCH_EXCHANGE=auto
/// also all others, and small sizes then take the mesh where a product's run would. Each size of
/// BENCH_BYTES is summed in place, checked once against the exact sum, then repeated for
/// BENCH_BUDGET seconds, the number of times being rank 0's word. Rank 0 prints, for each size,
///   program,algo,world,bytes,iters,median_us,p10_us,p90_us,busbw_MBps
/// where bus bandwidth is 2(W-1)/W x bytes / median. With BENCH_CPU=1 it also says on standard
/// error what CPU time an all-reduce took it. Exit codes: 0; 1 what went wrong is said; 3 a wrong
/// sum.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <sys/resource.h>
#include <utility>
#include <variant>
#include <vector>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include "benchmarks/ring_bench/options.hpp"
#include "devices/side_by_side.hpp"
#include "devices/steady_clock.hpp"
#include "transport/hop_trial.hpp"
#include "transport/messages.hpp"
#include "transport/ring.hpp"
#include "transport/ring_bytes.hpp"
#include "transport/ring_links.hpp"
#include "transport/striped_link.hpp"
#include "transport/tcp_network.hpp"

namespace annulet::benchmarks {
namespace {

constexpr auto kPatience = std::chrono::seconds(60);  // for neighbours, and for one all-reduce

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
    co_await connect();
    ring_.emplace(transport::Ring::Place{options_.rank, options_.world}, std::move(previous_),
                  std::move(next_), clock_, co_await asio::this_coro::executor);
    ring_->set_spin(std::chrono::microseconds(options_.spin_us));
    std::vector<std::size_t> later;
    for (const auto bytes : options_.bytes) {
      if (co_await takes_mesh(bytes)) {
        later.push_back(bytes);
      } else {
        co_await measure(bytes);
      }
    }
    if (later.empty()) co_return;
    ring_->add_mesh(std::move(others_));
    for (const auto bytes : later) co_await measure(bytes);
  }

 private:
  /// Ranks that are no neighbours are connected for a mesh; the lower one dials.
  [[nodiscard]] bool is_other(std::size_t rank) const {
    return options_.may_mesh && rank != options_.rank &&
           !transport::are_neighbours(rank, options_.rank, options_.world);
  }

  asio::awaitable<std::unique_ptr<transport::Link>> dial(std::size_t rank, devices::TimePoint end) {
    for (;;) {
      auto [error, link] = co_await devices::attempt(network_.dial(options_.endpoint(rank)));
      if (!error) {
        const auto mine = static_cast<std::uint32_t>(options_.rank);
        const auto hello = encode(transport::DataHello{.rank = mine});
        co_await send_all(*link, hello);
        co_return std::move(link);
      }
      if (clock_.now() > end) std::rethrow_exception(error);
      co_await clock_.sleep_until(clock_.now() + std::chrono::milliseconds(20));
    }
  }

  asio::awaitable<void> connect() {
    const std::size_t W = options_.world, rank = options_.rank;
    if (W == 1) co_return;
    const auto listener = network_.listen(options_.endpoint(rank));
    const auto end = clock_.now() + kPatience;
    others_.resize(W);
    std::vector<std::unique_ptr<transport::Link>> to_next, from_previous;
    for (std::size_t i = 0; i < options_.streams; ++i) {
      to_next.push_back(co_await dial((rank + 1) % W, end));
    }
    for (std::size_t other = rank + 1; other < W; ++other) {
      if (is_other(other)) others_[other] = co_await dial(other, end);
    }
    std::size_t missing = options_.streams;
    for (std::size_t other = 0; other < rank; ++other) missing += is_other(other) ? 1U : 0U;
    for (; missing > 0; --missing) {
      auto link = co_await devices::with_deadline(clock_, end, listener->accept());
      const auto message = co_await transport::receive_message(*link);
      const auto who = std::get<transport::DataHello>(message).rank;
      if (is_other(who)) {
        others_.at(who) = std::move(link);
      } else {
        from_previous.push_back(std::move(link));  // as they were dialled, one after the other
      }
    }
    next_ = one_of(std::move(to_next));
    previous_ = one_of(std::move(from_previous));
  }

  static std::unique_ptr<transport::Link> one_of(
      std::vector<std::unique_ptr<transport::Link>> streams) {
    if (streams.size() == 1) return std::move(streams.front());
    return std::make_unique<transport::StripedLink>(std::move(streams));
  }

  /// As a run of the product decides it, by rank 0's word.
  asio::awaitable<bool> takes_mesh(std::size_t bytes) {
    if (!options_.may_mesh || options_.world == 1) co_return false;
    const auto end = clock_.now() + kPatience;
    if (!hop_) hop_ = co_await transport::measure_hop(*ring_, clock_, {}, end);
    const bool is_faster = transport::is_mesh_faster(options_.world, bytes, *hop_);
    co_return co_await transport::word_of_first(*ring_, {}, is_faster, end);
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
  std::unique_ptr<transport::Link> previous_, next_;      // until they are the ring's
  std::vector<std::unique_ptr<transport::Link>> others_;  // until they are the mesh's
  std::optional<devices::LinkSpeed> hop_;
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
