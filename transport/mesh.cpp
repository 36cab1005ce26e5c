/// What goes to everybody, what comes from everybody, and its sum in ring order.
#include "transport/mesh.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <system_error>

#include "devices/side_by_side.hpp"
#include "transport/blame.hpp"
#include "transport/bytes.hpp"
#include "transport/checksum.hpp"
#include "transport/errors.hpp"
#include "transport/stretches.hpp"
#include "transport/vector_sum.hpp"

namespace annulet::transport {
namespace {

constexpr auto kAll = std::numeric_limits<std::size_t>::max();

}  // namespace

Mesh::Mesh(Place place, const std::vector<Ways>& ways, devices::Clock& clock)
    : place_(place), clock_(clock), spin_(clock, devices::Duration{0}), values_(place.size) {
  for (std::size_t k = 1; k < place.size; ++k) {
    const auto rank = (place.rank + k) % place.size;
    peers_.push_back({.rank = rank, .ways = ways.at(rank)});
  }
}

asio::awaitable<RingTiming> Mesh::all_reduce(const Operation& operation, std::span<float> x,
                                             std::span<float> facts, devices::TimePoint deadline) {
  const auto start = clock_.now();
  begin(operation, x, facts);
  pass_at_once();
  if (!finished()) {
    co_await devices::with_deadline(clock_, deadline,
                                    devices::both(send_in_turn(), receive_in_turn()));
  }
  add_up(x, facts);
  co_return RingTiming{last_header_came_ - start, clock_.now() - last_header_came_};
}

void Mesh::begin(const Operation& operation, std::span<const float> x,
                 std::span<const float> facts) {
  operation_ = operation;
  header_ = {.type = FrameType::exchange,
             .epoch = operation.epoch,
             .elements = static_cast<std::uint32_t>(x.size()),
             .round = operation.number,
             .digest = operation.digest};
  header_out_ = encode(header_);
  for (auto& values : values_) values.resize(x.size() + facts.size());
  sum_.resize(x.size() + facts.size());
  auto& mine = values_[place_.rank];
  const auto tail = std::ranges::copy(x, mine.begin()).out;
  std::ranges::copy(facts, tail);
  store_le(checksum_out_.data(),
           checksum(bytes_of(std::span<const float>(mine)), operation_.seed_of(place_.rank)));
  for (auto& peer : peers_) peer.sent = peer.received = 0;
  unfinished_ = 2 * peers_.size();
  headers_ = 0;
  sending_ = receiving_ = nullptr;
}

void Mesh::pass_at_once() {
  constexpr auto kLongest = std::chrono::milliseconds(1);  // other work of this thread waits
  const auto end = clock_.now() + kLongest;
  while (!finished()) {
    bool moved = false;
    for (auto& peer : peers_) {
      const bool sent = send_at_once(peer), received = receive_at_once(peer);
      moved = moved || sent || received;
    }
    if (moved) spin_.came();
    if (clock_.now() >= end || (!moved && !spin_.once_more())) return;
  }
}

bool Mesh::send_at_once(Peer& peer) {
  if (peer.sent == total() || sending_ == &peer) return false;
  Blame blame(blamed_, peer.rank);
  std::array<ConstBytes, kMaxPieces> pieces;
  const auto count = to_send(peer, pieces);
  const auto bytes = peer.ways.out->try_send(std::span(pieces).first(count));
  took(peer, bytes);
  blame.finished();
  return bytes > 0;
}

bool Mesh::receive_at_once(Peer& peer) {
  if (peer.received == total() || receiving_ == &peer) return false;
  Blame blame(blamed_, peer.rank);
  std::array<Bytes, kMaxPieces> pieces;
  const auto count = to_receive(peer, pieces);
  const auto bytes = peer.ways.in->try_receive(std::span(pieces).first(count));
  came(peer, bytes);
  blame.finished();
  return bytes > 0;
}

// Nobody waits for ever where vectors do not fit into the buffers of sockets: all send to rank + k
// and receive from rank - k in their turn k, so what one sends in turn k is taken in turn k.
asio::awaitable<void> Mesh::send_in_turn() {
  std::array<ConstBytes, kMaxPieces> pieces;
  for (auto& peer : peers_) {
    Blame blame(blamed_, peer.rank);
    while (peer.sent < total()) {
      const auto count = to_send(peer, pieces);
      sending_ = &peer;
      const auto bytes = co_await peer.ways.out->send_some(std::span(pieces).first(count));
      sending_ = nullptr;
      took(peer, bytes);
    }
    blame.finished();
  }
}

asio::awaitable<void> Mesh::receive_in_turn() {
  std::array<Bytes, kMaxPieces> pieces;
  for (std::size_t i = peers_.size(); i-- > 0;) {
    Peer& peer = peers_[i];
    Blame blame(blamed_, peer.rank);
    while (peer.received < total()) {
      const auto count = to_receive(peer, pieces);
      receiving_ = &peer;
      const auto bytes = co_await peer.ways.in->receive_some(std::span(pieces).first(count));
      receiving_ = nullptr;
      spin_.woke();
      came(peer, bytes);
    }
    blame.finished();
    pass_at_once();
  }
}

std::size_t Mesh::to_send(const Peer& peer, std::span<ConstBytes> out) const {
  const std::array<ConstBytes, 3> parts{header_out_, bytes_of(std::span<const float>(own())),
                                        checksum_out_};
  return stretches_of<ConstBytes>(parts, peer.sent, kAll, out);
}

std::size_t Mesh::to_receive(Peer& peer, std::span<Bytes> out) {
  const std::array<Bytes, 3> parts{peer.header, bytes_of(std::span(values_[peer.rank])),
                                   peer.checksum};
  return stretches_of<Bytes>(parts, peer.received, kAll, out);
}

/// How many of the bytes [before, after) are elements and facts.
std::uint64_t Mesh::payload_of(std::size_t before, std::size_t after) const {
  const std::size_t begin = kHeaderSize, end = total() - kChecksumSize;
  return std::clamp(after, begin, end) - std::clamp(before, begin, end);
}

void Mesh::took(Peer& peer, std::size_t bytes) {
  if (bytes == 0) return;
  const auto payload = operation_.training ? payload_of(peer.sent, peer.sent + bytes) : 0;
  traffic_.model_sent += payload;
  traffic_.control_sent += bytes - payload;
  peer.sent += bytes;
  if (peer.sent == total()) --unfinished_;
}

void Mesh::came(Peer& peer, std::size_t bytes) {
  if (bytes == 0) return;
  const auto payload = operation_.training ? payload_of(peer.received, peer.received + bytes) : 0;
  traffic_.model_received += payload;
  traffic_.control_received += bytes - payload;
  const bool had_header = peer.received >= kHeaderSize;
  peer.received += bytes;
  if (!had_header && peer.received >= kHeaderSize) {
    header_.require_same(decode(peer.header));
    if (++headers_ == peers_.size()) last_header_came_ = clock_.now();
  }
  if (peer.received < total()) return;
  check(peer);
  --unfinished_;
}

void Mesh::check(const Peer& peer) const {
  const auto bytes = bytes_of(std::span<const float>(values_[peer.rank]));
  if (load_le<std::uint64_t>(peer.checksum.data()) !=
      checksum(bytes, operation_.seed_of(peer.rank))) {
    throw std::system_error(errc::bad_checksum);
  }
}

/// Segment s from rank s on, as in a ring; the facts are a tail of the last one. A NaN has many
/// bit patterns, and which one a sum gets is the processor's choice: here it is one for all.
void Mesh::add_up(std::span<float> x, std::span<float> facts) {
  const std::size_t W = place_.size, d = x.size();
  for (std::size_t s = 0; s < W; ++s) {
    const auto part = segment(d, W, s);
    const auto length = part.length() + (s == W - 1 ? facts.size() : 0);
    const auto sum = std::span(sum_).subspan(part.begin, length);
    std::ranges::copy(std::span(values_[s]).subspan(part.begin, length), sum.begin());
    for (std::size_t k = 1; k < W; ++k) {
      add_to(std::span(values_[(s + k) % W]).subspan(part.begin, length), sum);
    }
  }
  for (float& value : sum_) {
    if (std::isnan(value)) value = std::numeric_limits<float>::quiet_NaN();
  }
  std::ranges::copy(std::span(sum_).first(d), x.begin());
  std::ranges::copy(std::span(sum_).subspan(d), facts.begin());
}

}  // namespace annulet::transport
