/// Pipes, links and hosts of the simulated LAN.
#include "transport/sim_network.hpp"

#include <algorithm>
#include <cstring>
#include <deque>
#include <system_error>
#include <utility>
#include <vector>

#include "devices/signal.hpp"
#include "transport/errors.hpp"

namespace annulet::transport {

using devices::Duration;
using devices::Signal;
using devices::TimePoint;
using devices::World;

/// One direction of a link. Bytes leave at the line's rate and arrive one delay later.
struct SimNetwork::Pipe : std::enable_shared_from_this<Pipe> {
  Pipe(SimNetwork& network, std::string sender, std::string receiver)
      : net(network),
        from(std::move(sender)),
        to(std::move(receiver)),
        readable(net.world_.context().get_executor()),
        writable(net.world_.context().get_executor()) {}

  /// What a socket would buffer: enough for the line never to run dry.
  [[nodiscard]] std::size_t capacity() const {
    const double flight = net.speed_.bytes_per_second * devices::seconds(net.speed_.delay);
    return (std::size_t{256} << 10) + static_cast<std::size_t>(2 * flight);
  }
  [[nodiscard]] bool silent() const { return net.is_cut(from) || net.is_cut(to); }

  /// Books `size` bytes on the line: line_free becomes the moment the last one has left.
  void depart(std::size_t size) {
    unread += size;
    line_free = std::max(line_free, net.world_.now());
    const double rate = net.speed_.bytes_per_second;
    if (rate > 0) line_free = line_free + devices::from_seconds(static_cast<double>(size) / rate);
  }

  /// FIN, behind the data.
  void finish() {
    if (std::exchange(finish_sent, true)) return;
    const auto when = std::max(line_free, net.world_.now()) + net.speed_.delay;
    net.world_.at(when, [pipe = shared_from_this()] {
      if (pipe->silent()) return;
      pipe->finished = true;
      pipe->readable.notify();
    });
  }

  /// RST: nobody reads this any more.
  void refuse() {
    net.world_.at(net.world_.now() + net.speed_.delay, [pipe = shared_from_this()] {
      if (pipe->silent()) return;
      pipe->receiver_gone = true;
      pipe->writable.notify();
    });
  }

  SimNetwork& net;
  std::string from, to;
  Signal readable, writable;
  TimePoint line_free;
  std::size_t unread = 0;  // under way or arrived, not yet received
  std::vector<std::byte> arrived;
  std::size_t taken = 0;       // of arrived
  bool finished = false;       // FIN arrived
  bool receiver_gone = false;  // RST arrived
  bool finish_sent = false;
};

/// A dialled or accepted end. Events hold the pipes, so an end may go while bytes are under way.
class SimLink final : public Link {
 public:
  using Pipe = SimNetwork::Pipe;
  SimLink(std::shared_ptr<Pipe> out, std::shared_ptr<Pipe> in, Endpoint local, Endpoint peer)
      : out_(std::move(out)),
        in_(std::move(in)),
        local_(std::move(local)),
        peer_(std::move(peer)) {}

  ~SimLink() override {
    out_->finish();
    in_->refuse();
  }

  asio::awaitable<std::size_t> send_some(std::span<const ConstBytes> pieces) override {
    while (!out_->receiver_gone && out_->unread >= out_->capacity()) co_await out_->writable.wait();
    if (out_->receiver_gone) {
      throw std::system_error(std::make_error_code(std::errc::connection_reset));
    }
    co_return post(pieces);
  }

  asio::awaitable<std::size_t> receive_some(std::span<const Bytes> pieces) override {
    while (in_->taken == in_->arrived.size() && !in_->finished) co_await in_->readable.wait();
    if (in_->taken == in_->arrived.size()) throw std::system_error(errc::closed);
    co_return take(pieces);
  }

  void finish_sending() override { out_->finish(); }

  [[nodiscard]] Endpoint local() const override { return local_; }
  [[nodiscard]] Endpoint peer() const override { return peer_; }

 private:
  std::size_t post(std::span<const ConstBytes> pieces) {
    std::vector<std::byte> chunk;
    const std::size_t limit = std::min(out_->capacity() - out_->unread, SimNetwork::kMostAtOnce);
    for (const auto piece : pieces) {
      const auto part = piece.first(std::min(piece.size(), limit - chunk.size()));
      chunk.insert(chunk.end(), part.begin(), part.end());
    }
    const std::size_t size = chunk.size();
    auto pipe = out_;
    if (pipe->finish_sent) return size;  // its host is dead
    pipe->depart(size);
    pipe->net.world_.at(pipe->line_free + pipe->net.speed_.delay, [pipe, bytes = std::move(chunk)] {
      if (pipe->silent()) return;
      pipe->arrived.insert(pipe->arrived.end(), bytes.begin(), bytes.end());
      pipe->readable.notify();
    });
    return size;
  }

  std::size_t take(std::span<const Bytes> pieces) {
    std::size_t total = 0;
    for (const auto piece : pieces) {
      const std::size_t n = std::min(piece.size(), in_->arrived.size() - in_->taken);
      if (n == 0) continue;
      std::memcpy(piece.data(), in_->arrived.data() + in_->taken, n);
      in_->taken += n;
      total += n;
    }
    if (in_->taken == in_->arrived.size()) {
      in_->arrived.clear();
      in_->taken = 0;
    }
    in_->unread -= total;
    in_->writable.notify();
    return total;
  }

  std::shared_ptr<Pipe> out_, in_;
  Endpoint local_, peer_;
};

/// A listening port: connections that have arrived and wait to be accepted.
struct SimNetwork::Port {
  explicit Port(World& world) : arrived(world.context().get_executor()) {}
  Signal arrived;
  std::deque<std::unique_ptr<Link>> waiting;
};

class SimListener final : public Listener {
 public:
  SimListener(std::shared_ptr<SimNetwork::Port> port, Endpoint local)
      : port_(std::move(port)), local_(std::move(local)) {}

  asio::awaitable<std::unique_ptr<Link>> accept() override {
    while (port_->waiting.empty()) co_await port_->arrived.wait();
    auto link = std::move(port_->waiting.front());
    port_->waiting.pop_front();
    co_return link;
  }
  [[nodiscard]] Endpoint local() const override { return local_; }

 private:
  std::shared_ptr<SimNetwork::Port> port_;
  Endpoint local_;
};

class SimHost final : public Network {
 public:
  SimHost(SimNetwork& network, std::string name) : net_(network), name_(std::move(name)) {}

  asio::awaitable<std::unique_ptr<Link>> dial(Endpoint to) override {
    co_await net_.world_.sleep_until(net_.world_.now() + 2 * net_.speed_.delay);
    const auto found = net_.ports_.find({to.host, to.port});
    const auto port = found == net_.ports_.end() ? nullptr : found->second.lock();
    if (net_.is_cut(to.host) || net_.is_cut(name_)) {
      throw std::system_error(std::make_error_code(std::errc::timed_out));
    }
    if (!port || net_.dead_.contains(to.host) || net_.dead_.contains(name_))
      throw std::system_error(std::make_error_code(std::errc::connection_refused));
    auto there = std::make_shared<SimNetwork::Pipe>(net_, name_, to.host);
    auto back = std::make_shared<SimNetwork::Pipe>(net_, to.host, name_);
    std::erase_if(net_.pipes_, [](const auto& pipe) { return pipe.expired(); });
    net_.pipes_.insert(net_.pipes_.end(), {there, back});
    const Endpoint here{name_, net_.next_port_++};
    port->waiting.push_back(std::make_unique<SimLink>(back, there, to, here));
    port->arrived.notify();
    co_return std::make_unique<SimLink>(there, back, here, to);
  }

  std::unique_ptr<Listener> listen(Endpoint at) override {
    const Endpoint local{name_, at.port == 0 ? net_.next_port_++ : at.port};
    auto& slot = net_.ports_[{local.host, local.port}];
    if (!slot.expired()) throw std::system_error(std::make_error_code(std::errc::address_in_use));
    auto port = std::make_shared<SimNetwork::Port>(net_.world_);
    slot = port;
    return std::make_unique<SimListener>(std::move(port), local);
  }

 private:
  SimNetwork& net_;
  std::string name_;
};

std::unique_ptr<Network> SimNetwork::host(std::string name) {
  return std::make_unique<SimHost>(*this, std::move(name));
}

void SimNetwork::kill(const std::string& host) {
  dead_.insert(host);
  for (const auto& each : pipes_) {
    const auto pipe = each.lock();
    if (pipe && pipe->from == host) pipe->finish();
    if (pipe && pipe->to == host) pipe->refuse();
  }
}

}  // namespace annulet::transport
