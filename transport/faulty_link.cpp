/// Counting bytes until the one at which things go wrong.
#include "transport/faulty_link.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "devices/side_by_side.hpp"

namespace annulet::transport {
namespace {

constexpr std::byte kFlipped{0x10};

/// The pieces cut to `limit` bytes in all.
template <class Piece>
std::vector<Piece> first_bytes(std::span<const Piece> pieces, std::uint64_t limit) {
  std::vector<Piece> cut;
  for (const Piece piece : pieces) {
    cut.push_back(
        piece.first(static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), limit))));
    limit -= cut.back().size();
  }
  return cut;
}

/// The first byte of the first piece that has one.
template <class Piece>
auto& front_byte(std::span<const Piece> pieces) {
  return std::ranges::find_if(pieces, [](Piece piece) { return !piece.empty(); })->front();
}

[[noreturn]] void throw_reset() {
  throw std::system_error(std::make_error_code(std::errc::connection_reset));
}

asio::awaitable<void> reset_when(devices::Signal& cut) {
  co_await cut.wait();
  throw_reset();
}

}  // namespace

FaultyLink::FaultyLink(std::unique_ptr<Link> inner, FaultPlan plan,
                       const asio::any_io_executor& executor)
    : inner_(std::move(inner)),
      local_(inner_->local()),
      peer_(inner_->peer()),
      plan_(plan),
      out_(executor),
      in_(executor) {}

asio::awaitable<std::size_t> FaultyLink::send_some(std::span<const ConstBytes> pieces) {
  const std::uint64_t left = bytes_before_fault(Way::sending);
  if (left == 0) {
    co_await strike(Way::sending);
    const std::byte corrupted = front_byte(pieces) ^ kFlipped;
    const ConstBytes piece(&corrupted, 1);
    const auto link = inner_;
    co_return co_await pass(Way::sending, link->send_some({&piece, 1}));
  }
  if (!inner_) throw_reset();
  const auto link = inner_;
  const auto cut = first_bytes(pieces, left);
  co_return co_await pass(Way::sending, link->send_some(cut));
}

asio::awaitable<std::size_t> FaultyLink::receive_some(std::span<const Bytes> pieces) {
  const std::uint64_t left = bytes_before_fault(Way::receiving);
  if (left == 0) {
    co_await strike(Way::receiving);
    const Bytes piece(&front_byte(pieces), 1);
    const auto link = inner_;
    const std::size_t received = co_await pass(Way::receiving, link->receive_some({&piece, 1}));
    piece[0] ^= kFlipped;
    co_return received;
  }
  if (!inner_) throw_reset();
  const auto link = inner_;
  const auto cut = first_bytes(pieces, left);
  co_return co_await pass(Way::receiving, link->receive_some(cut));
}

void FaultyLink::finish_sending() {
  if (inner_) inner_->finish_sending();
}

void FaultyLink::set_patience(devices::Duration patience) {
  if (inner_) inner_->set_patience(patience);
}

std::uint64_t FaultyLink::bytes_before_fault(Way way) const {
  const std::uint64_t passed = way == Way::sending ? out_.passed : in_.passed;
  // Beyond the byte is only who has had it corrupted.
  if (way != plan_.way || passed > plan_.byte) return std::numeric_limits<std::uint64_t>::max();
  return plan_.byte - passed;
}

asio::awaitable<void> FaultyLink::strike(Way way) {
  switch (plan_.fault) {
    case Fault::cut:
      inner_.reset();
      direction(way == Way::sending ? Way::receiving : Way::sending).cut.notify();
      throw_reset();
    case Fault::stall:
      co_await reset_when(direction(way).cut);
      break;
    case Fault::fail:
      throw std::system_error(plan_.error);
    case Fault::corrupt:
      break;
  }
}

asio::awaitable<std::size_t> FaultyLink::pass(Way way, asio::awaitable<std::size_t> bytes) {
  auto& here = direction(way);
  const std::size_t count = co_await devices::alongside(reset_when(here.cut), std::move(bytes));
  here.passed += count;
  co_return count;
}

class FaultyListener final : public Listener {
 public:
  FaultyListener(FaultyNetwork& network, std::unique_ptr<Listener> inner)
      : network_(network), inner_(std::move(inner)) {}
  asio::awaitable<std::unique_ptr<Link>> accept() override {
    co_return network_.wrap(co_await inner_->accept());
  }
  [[nodiscard]] Endpoint local() const override { return inner_->local(); }

 private:
  FaultyNetwork& network_;
  std::unique_ptr<Listener> inner_;
};

FaultyNetwork::FaultyNetwork(Network& inner, std::size_t link, FaultPlan plan,
                             asio::any_io_executor executor)
    : inner_(inner), faulty_link_(link), plan_(plan), executor_(std::move(executor)) {}

asio::awaitable<std::unique_ptr<Link>> FaultyNetwork::dial(Endpoint to) {
  co_return wrap(co_await inner_.dial(std::move(to)));
}

std::unique_ptr<Listener> FaultyNetwork::listen(Endpoint at) {
  return std::make_unique<FaultyListener>(*this, inner_.listen(std::move(at)));
}

std::unique_ptr<Link> FaultyNetwork::wrap(std::unique_ptr<Link> link) {
  if (links_made_++ != faulty_link_) return link;
  return std::make_unique<FaultyLink>(std::move(link), plan_, executor_);
}

}  // namespace annulet::transport
