/// A queue with release times in front of each link, and the coroutine that empties it.
#include "transport/shaped_network.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <system_error>
#include <utility>
#include <vector>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>

#include "devices/signal.hpp"

namespace annulet::transport {
namespace {

using devices::Clock;
using devices::Duration;
using devices::LinkSpeed;
using devices::TimePoint;

/// Bytes that arrive together; none: the end of all.
struct Chunk {
  std::vector<std::byte> bytes;
  TimePoint arrival;
};

/// The way out of one link: shared by the link and its pump, which may end after it.
struct Line {
  Line(std::unique_ptr<Link> link, Clock& time, const asio::any_io_executor& executor,
       LinkSpeed line_speed)
      : inner(std::move(link)),
        clock(time),
        speed(line_speed),
        filled(executor),
        emptied(executor) {}

  /// 10 ms of the line, so that a receiver can pass bytes on while later ones are under way.
  [[nodiscard]] std::size_t largest_chunk() const {
    constexpr std::size_t kMost = std::size_t{64} << 10;
    if (speed.bytes_per_second <= 0) return kMost;
    const double most = std::min(speed.bytes_per_second * 0.01, static_cast<double>(kMost));
    return std::max(std::size_t{1}, static_cast<std::size_t>(most));
  }
  /// What a socket would buffer: enough for the line never to run dry, that is more than what is
  /// in flight and the chunk on the line.
  [[nodiscard]] std::size_t capacity() const {
    if (speed.bytes_per_second <= 0) return std::size_t{4} << 20;
    const double flight = speed.bytes_per_second * devices::seconds(speed.delay);
    return std::max(std::size_t{64} << 10,
                    static_cast<std::size_t>(2 * flight) + 4 * largest_chunk());
  }

  void push(std::vector<std::byte> bytes) {
    if (clock.now() > line_free) {
      busy_since = clock.now();
      busy_bytes = 0;
    }
    busy_bytes += bytes.size();
    queued += bytes.size();
    // From the beginning of the busy time, so that roundings do not add up.
    line_free = busy_since;
    if (speed.bytes_per_second > 0) {
      const double taken = static_cast<double>(busy_bytes) / speed.bytes_per_second;
      line_free = line_free + devices::from_seconds(taken);
    }
    chunks.push_back({std::move(bytes), line_free + speed.delay});
    filled.notify();
  }

  std::unique_ptr<Link> inner;
  Clock& clock;
  LinkSpeed speed;
  devices::Signal filled;
  devices::Signal emptied;
  std::deque<Chunk> chunks;
  std::size_t queued = 0;  // bytes in chunks
  TimePoint busy_since;    // the line has been sending without a break since then
  std::uint64_t busy_bytes = 0;
  TimePoint line_free;
  bool finished = false;
  std::exception_ptr error;
  asio::cancellation_signal stop;
  bool pumping = true;
};

/// Notes that the pump has ended, even when its frame is destroyed with the event loop: from then
/// on there is nothing that `stop` could reach.
class Pumping {
 public:
  explicit Pumping(Line& line) : line_(line) {}
  ~Pumping() { line_.pumping = false; }
  Pumping(const Pumping&) = delete;
  Pumping& operator=(const Pumping&) = delete;

 private:
  Line& line_;
};

asio::awaitable<void> pump(std::shared_ptr<Line> line) {
  const Pumping pumping(*line);
  try {
    for (;;) {
      while (line->chunks.empty()) co_await line->filled.wait();
      const Chunk& chunk = line->chunks.front();
      co_await line->clock.sleep_until(chunk.arrival);
      if (chunk.bytes.empty()) break;
      co_await send_all(*line->inner, chunk.bytes);
      line->queued -= chunk.bytes.size();
      line->chunks.pop_front();
      line->emptied.notify();
    }
    line->inner->finish_sending();
  } catch (const std::system_error&) {
    line->error = std::current_exception();
    line->emptied.notify();
  }
}

class ShapedLink final : public Link {
 public:
  ShapedLink(std::unique_ptr<Link> inner, Clock& clock, const asio::any_io_executor& executor,
             LinkSpeed speed)
      : line_(std::make_shared<Line>(std::move(inner), clock, executor, speed)) {
    asio::co_spawn(executor, pump(line_),
                   asio::bind_cancellation_slot(line_->stop.slot(), asio::detached));
  }
  ~ShapedLink() override {
    if (line_->pumping) line_->stop.emit(asio::cancellation_type::terminal);
  }
  ShapedLink(const ShapedLink&) = delete;
  ShapedLink& operator=(const ShapedLink&) = delete;

  asio::awaitable<std::size_t> send_some(std::span<const ConstBytes> pieces) override {
    const auto line = line_;
    if (line->finished) throw std::system_error(std::make_error_code(std::errc::broken_pipe));
    while (!line->error && line->queued >= line->capacity()) co_await line->emptied.wait();
    if (line->error) std::rethrow_exception(line->error);

    const std::size_t limit = std::min(line->capacity() - line->queued, line->largest_chunk());
    std::vector<std::byte> bytes;
    for (const ConstBytes piece : pieces) {
      const ConstBytes part = piece.first(std::min(piece.size(), limit - bytes.size()));
      bytes.insert(bytes.end(), part.begin(), part.end());
    }
    const std::size_t taken = bytes.size();
    if (taken > 0) line->push(std::move(bytes));
    co_return taken;
  }

  asio::awaitable<std::size_t> receive_some(std::span<const Bytes> pieces) override {
    return line_->inner->receive_some(pieces);
  }

  void finish_sending() override {
    if (!std::exchange(line_->finished, true)) line_->push({});
  }

  void set_patience(devices::Duration patience) override { line_->inner->set_patience(patience); }
  void set_least(std::size_t bytes) override { line_->inner->set_least(bytes); }
  bool set_congestion(const std::string& name) override {
    return line_->inner->set_congestion(name);
  }
  LineHealth health() override { return line_->inner->health(); }
  [[nodiscard]] Endpoint local() const override { return line_->inner->local(); }
  [[nodiscard]] Endpoint peer() const override { return line_->inner->peer(); }

 private:
  std::shared_ptr<Line> line_;
};

class ShapedListener final : public Listener {
 public:
  ShapedListener(std::unique_ptr<Listener> inner, Clock& clock, asio::any_io_executor executor,
                 LinkSpeed speed)
      : inner_(std::move(inner)), clock_(clock), executor_(std::move(executor)), speed_(speed) {}

  asio::awaitable<std::unique_ptr<Link>> accept() override {
    auto link = co_await inner_->accept();
    co_return std::make_unique<ShapedLink>(std::move(link), clock_, executor_, speed_);
  }
  [[nodiscard]] Endpoint local() const override { return inner_->local(); }

 private:
  std::unique_ptr<Listener> inner_;
  Clock& clock_;
  asio::any_io_executor executor_;
  LinkSpeed speed_;
};

}  // namespace

ShapedNetwork::ShapedNetwork(Network& inner, Clock& clock, asio::any_io_executor executor,
                             LinkSpeed speed)
    : inner_(inner), clock_(clock), executor_(std::move(executor)), speed_(speed) {}

asio::awaitable<std::unique_ptr<Link>> ShapedNetwork::dial(Endpoint to) {
  co_await clock_.sleep_until(clock_.now() + 2 * speed_.delay);
  auto link = co_await inner_.dial(to);
  co_return std::make_unique<ShapedLink>(std::move(link), clock_, executor_, speed_);
}

std::unique_ptr<Listener> ShapedNetwork::listen(Endpoint at) {
  return std::make_unique<ShapedListener>(inner_.listen(std::move(at)), clock_, executor_, speed_);
}

}  // namespace annulet::transport
