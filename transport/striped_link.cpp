/// Stripes, one stream after the other.
#include "transport/striped_link.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace annulet::transport {
namespace {

/// Of `pieces` behind their first `skip` bytes the next `most`; returns how many stretches.
template <class Span>
std::size_t stretch_of(std::span<const Span> pieces, std::size_t skip, std::size_t most,
                       std::array<Span, kMaxPieces>& out) {
  std::size_t count = 0;
  for (const Span piece : pieces) {
    const auto skipped = std::min(skip, piece.size());
    skip -= skipped;
    const auto part = piece.subspan(skipped, std::min(most, piece.size() - skipped));
    most -= part.size();
    if (!part.empty()) out[count++] = part;
  }
  return count;
}

}  // namespace

StripedLink::StripedLink(std::vector<std::unique_ptr<Link>> streams)
    : streams_(std::move(streams)) {
  if (streams_.empty()) throw std::logic_error("a striped link has a stream");
}

void StripedLink::pass(Turn& turn, std::size_t bytes) const {
  turn.done += bytes;
  if (turn.done == kStripe) turn = {(turn.stream + 1) % streams_.size(), 0};
}

asio::awaitable<std::size_t> StripedLink::send_some(std::span<const ConstBytes> pieces) {
  std::array<ConstBytes, kMaxPieces> part;
  const auto count = stretch_of(pieces, 0, kStripe - sending_.done, part);
  const auto sent = co_await streams_[sending_.stream]->send_some(std::span(part).first(count));
  pass(sending_, sent);
  co_return sent;
}

asio::awaitable<std::size_t> StripedLink::receive_some(std::span<const Bytes> pieces) {
  std::array<Bytes, kMaxPieces> part;
  const auto count = stretch_of(pieces, 0, kStripe - receiving_.done, part);
  const auto received =
      co_await streams_[receiving_.stream]->receive_some(std::span(part).first(count));
  pass(receiving_, received);
  co_return received;
}

std::size_t StripedLink::try_send(std::span<const ConstBytes> pieces) {
  std::array<ConstBytes, kMaxPieces> part;
  std::size_t total = 0;
  for (;;) {
    const auto count = stretch_of(pieces, total, kStripe - sending_.done, part);
    const auto sent =
        count == 0 ? 0 : streams_[sending_.stream]->try_send(std::span(part).first(count));
    if (sent == 0) return total;
    pass(sending_, sent);
    total += sent;
  }
}

std::size_t StripedLink::try_receive(std::span<const Bytes> pieces) {
  std::array<Bytes, kMaxPieces> part;
  std::size_t total = 0;
  for (;;) {
    const auto count = stretch_of(pieces, total, kStripe - receiving_.done, part);
    const auto received =
        count == 0 ? 0 : streams_[receiving_.stream]->try_receive(std::span(part).first(count));
    if (received == 0) return total;
    pass(receiving_, received);
    total += received;
  }
}

void StripedLink::finish_sending() {
  for (const auto& stream : streams_) stream->finish_sending();
}

void StripedLink::set_patience(devices::Duration patience) {
  for (const auto& stream : streams_) stream->set_patience(patience);
}

}  // namespace annulet::transport
