/// The ring all-reduce of float32, timed: one process a rank, side by side with other libraries'.
///
///   PEERS=IP0,IP1,... ring_bench NAME RANK WORLD
///
/// Rank r listens at IPr (127.0.0.1 without PEERS) and dials the next one; with BENCH_EXCHANGE=auto
/// also all others, and small sizes then take the mesh where a product's run would. BENCH_STREAMS
/// is how many connections a hop has, BENCH_SPIN how many microseconds a wait may spin at
/// first (devices/spin.hpp). What is measured and what is printed: benchmarks/harness/harness.hpp.
/// Exit codes: 0; 1 what went wrong is said; 3 a wrong sum.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include "benchmarks/harness/harness.hpp"
#include "benchmarks/monotonic.hpp"
#include "benchmarks/ring_bench/options.hpp"
#include "devices/side_by_side.hpp"
#include "devices/steady_clock.hpp"
#include "transport/hop_trial.hpp"
#include "transport/messages.hpp"
#include "transport/ring.hpp"
#include "transport/ring_bytes.hpp"
#include "transport/ring_links.hpp"
#include "transport/tcp_network.hpp"

namespace annulet::benchmarks {
namespace {

constexpr auto kPatience = std::chrono::seconds(60);  // for neighbours, and for one all-reduce

class Bench {
 public:
  Bench(const Options& options, asio::io_context& context)
      : options_(options), clock_(context.get_executor()), network_(context.get_executor()) {}

  asio::awaitable<void> run() {
    co_await connect();
    ring_.emplace(transport::Ring::Place{rank(), world()}, std::move(previous_), std::move(next_),
                  clock_, co_await asio::this_coro::executor);
    ring_->set_spin(std::chrono::microseconds(options_.spin_us));
    std::vector<std::size_t> later;
    for (const auto bytes : options_.settings.bytes) {
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
  [[nodiscard]] bool is_other(std::size_t other) const {
    return options_.may_mesh && other != rank() &&
           !transport::are_neighbours(other, rank(), world());
  }

  /// stream: which of the connections of the hop it is.
  asio::awaitable<std::unique_ptr<transport::Link>> dial(std::size_t other, std::uint32_t stream,
                                                         devices::TimePoint end) {
    for (;;) {
      auto [error, link] = co_await devices::attempt(network_.dial(options_.endpoint(other)));
      if (!error) {
        const auto mine = static_cast<std::uint32_t>(rank());
        const auto hello = encode(transport::DataHello{.rank = mine, .stream = stream});
        co_await send_all(*link, hello);
        co_return std::move(link);
      }
      if (clock_.now() > end) std::rethrow_exception(error);
      co_await clock_.sleep_until(clock_.now() + std::chrono::milliseconds(20));
    }
  }

  asio::awaitable<void> connect() {
    const std::size_t W = world(), r = rank();
    if (W == 1) co_return;
    const auto listener = network_.listen(options_.endpoint(r));
    const auto end = clock_.now() + kPatience;
    others_.resize(W);
    transport::Streams to_next, from_previous;
    for (std::uint32_t i = 0; i < options_.streams; ++i) {
      to_next.take(i, co_await dial((r + 1) % W, i, end));
    }
    for (std::size_t other = r + 1; other < W; ++other) {
      if (is_other(other)) others_[other] = co_await dial(other, 0, end);
    }
    std::size_t missing = options_.streams;
    for (std::size_t other = 0; other < r; ++other) missing += is_other(other) ? 1U : 0U;
    for (; missing > 0; --missing) {
      auto link = co_await devices::with_deadline(clock_, end, listener->accept());
      const auto message =
          co_await devices::with_deadline(clock_, end, transport::receive_message(*link));
      const auto& hello = std::get<transport::DataHello>(message);
      if (is_other(hello.rank)) {
        others_.at(hello.rank) = std::move(link);
      } else {
        from_previous.take(hello.stream, std::move(link));
      }
    }
    next_ = to_next.join(options_.streams);
    previous_ = from_previous.join(options_.streams);
  }

  /// As a run of the product decides it, by rank 0's word.
  asio::awaitable<bool> takes_mesh(std::size_t bytes) {
    if (!options_.may_mesh || world() == 1) co_return false;
    const auto end = clock_.now() + kPatience;
    if (!hop_) hop_ = co_await transport::measure_hop(*ring_, clock_, {}, end);
    const bool is_faster = transport::is_mesh_faster(world(), bytes, *hop_);
    co_return co_await transport::word_of_first(*ring_, {}, is_faster, end);
  }

  asio::awaitable<void> sum(std::span<float> values) {
    const transport::Operation operation{.number = ++operations_};
    co_await ring_->all_reduce(operation, values, {}, clock_.now() + kPatience);
  }

  /// Rank 0's number, on all ranks.
  asio::awaitable<std::size_t> agreed(std::size_t wanted) {
    std::array<float, 256> word{};
    if (rank() == 0) word[0] = static_cast<float>(wanted);
    co_await sum(word);
    co_return static_cast<std::size_t>(word[0]);
  }

  /// As benchmarks::measure, whose sum is a plain call.
  asio::awaitable<void> measure(std::size_t bytes) {
    const auto& settings = options_.settings;
    std::vector<float> values(bytes / sizeof(float));
    fill_for_check(values, rank());
    const auto begin = clock_.now();
    co_await sum(values);
    const double once_us = microseconds(clock_.now() - begin);
    require_exact(values, options_.subject);
    std::ranges::fill(values, 0.0F);
    const auto warm = co_await agreed(warm_ups(once_us, settings));
    for (std::size_t i = 0; i < warm; ++i) co_await sum(values);
    Timing timing;
    while (const auto count = co_await agreed(next_batch(timing, settings))) {
      timing.times_us.reserve(timing.times_us.size() + count);
      const auto before = used_so_far();
      for (std::size_t i = 0; i < count; ++i) {
        const auto start = clock_.now();
        co_await sum(values);
        timing.times_us.push_back(microseconds(clock_.now() - start));
      }
      timing.add_used(before, used_so_far());
    }
    if (rank() == 0) print_row(options_.subject, bytes, std::move(timing), settings.cpu);
  }

  [[nodiscard]] std::size_t rank() const { return options_.subject.rank; }
  [[nodiscard]] std::size_t world() const { return options_.subject.world; }

  const Options& options_;
  devices::SteadyClock clock_;
  transport::TcpNetwork network_;
  std::unique_ptr<transport::Link> previous_, next_;      // until they are the ring's
  std::vector<std::unique_ptr<transport::Link>> others_;  // until they are the mesh's
  std::optional<devices::LinkSpeed> hop_;
  std::optional<transport::Ring> ring_;
  std::uint64_t operations_ = 0;
};

void bench(std::span<char*> words) {
  const auto options = options_of(words);
  asio::io_context context(1);
  Bench bench(options, context);
  std::exception_ptr failure;
  asio::co_spawn(context, bench.run(),
                 [&failure](const std::exception_ptr& error) { failure = error; });
  context.run();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace
}  // namespace annulet::benchmarks

int main(int count, char** words) {
  return annulet::benchmarks::exit_code_of("ring_bench", [&] {
    annulet::benchmarks::bench({words, static_cast<std::size_t>(count)});
  });
}
