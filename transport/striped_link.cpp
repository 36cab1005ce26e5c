/// Stripes, one stream after the other.
#include "transport/striped_link.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>
#include <utility>

#include "transport/stretches.hpp"

namespace annulet::transport {

StripedLink::StripedLink(std::vector<std::unique_ptr<Link>> streams)
    : streams_(std::move(streams)), used_(streams_.size()) {
  if (streams_.empty()) throw std::logic_error("a striped link has a stream");
}

void StripedLink::pass(Turn& turn, std::size_t bytes) const {
  turn.done += bytes;
  if (turn.done == kStripe) turn = {(turn.stream + 1) % used_, 0};
}

std::size_t StripedLink::room(const Turn& turn) const {
  return used_ == 1 ? std::numeric_limits<std::size_t>::max() : kStripe - turn.done;
}

asio::awaitable<std::size_t> StripedLink::send_some(std::span<const ConstBytes> pieces) {
  std::array<ConstBytes, kMaxPieces> part;
  const auto count = stretches_of<ConstBytes>(pieces, 0, room(sending_), part);
  const auto sent = co_await streams_[sending_.stream]->send_some(std::span(part).first(count));
  pass(sending_, sent);
  co_return sent;
}

asio::awaitable<std::size_t> StripedLink::receive_some(std::span<const Bytes> pieces) {
  std::array<Bytes, kMaxPieces> part;
  const auto count = stretches_of<Bytes>(pieces, 0, room(receiving_), part);
  const auto received =
      co_await streams_[receiving_.stream]->receive_some(std::span(part).first(count));
  pass(receiving_, received);
  co_return received;
}

template <class Span, class Try>
std::size_t StripedLink::pass_at_once(std::span<const Span> pieces, Turn& turn, Try try_stream) {
  std::array<Span, kMaxPieces> part;
  std::size_t total = 0;
  for (;;) {
    const auto count = stretches_of<Span>(pieces, total, room(turn), part);
    const auto passed =
        count == 0 ? 0 : try_stream(*streams_[turn.stream], std::span(part).first(count));
    if (passed == 0) return total;
    pass(turn, passed);
    total += passed;
  }
}

std::size_t StripedLink::try_send(std::span<const ConstBytes> pieces) {
  return pass_at_once(pieces, sending_,
                      [](Link& stream, auto part) { return stream.try_send(part); });
}

std::size_t StripedLink::try_receive(std::span<const Bytes> pieces) {
  return pass_at_once(pieces, receiving_,
                      [](Link& stream, auto part) { return stream.try_receive(part); });
}

void StripedLink::finish_sending() {
  for (const auto& stream : streams_) stream->finish_sending();
}

/// With stripes every stream waits in its turn.
void StripedLink::set_least(std::size_t bytes) {
  if (used_ == 1) streams_.front()->set_least(bytes);
}

void StripedLink::set_patience(devices::Duration patience) {
  for (const auto& stream : streams_) stream->set_patience(patience);
}

void StripedLink::set_streams(std::size_t count) {
  used_ = std::clamp<std::size_t>(count, 1, streams_.size());
  sending_ = receiving_ = {};
}

bool StripedLink::set_congestion(const std::string& name) {
  return std::ranges::all_of(streams_,
                             [&](const auto& stream) { return stream->set_congestion(name); });
}

LineHealth StripedLink::health() {
  auto all = streams_.front()->health();
  for (const auto& stream : std::span(streams_).subspan(1)) {
    const auto one = stream->health();
    all.segments += one.segments;
    all.lost += one.lost;
    all.round_trip = std::min(all.round_trip, one.round_trip);
    all.slows_down = all.slows_down || one.slows_down;
  }
  return all;
}

}  // namespace annulet::transport
