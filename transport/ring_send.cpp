/// The ring's byte watermark: what has been received and reduced of one step may be sent in the
/// next.
#include <algorithm>
#include <array>

#include "transport/blame.hpp"
#include "transport/bytes.hpp"
#include "transport/error_feedback.hpp"
#include "transport/ring.hpp"

namespace annulet::transport {

asio::awaitable<void> Ring::send_stream() {
  Blame blame(blamed_, (place_.rank + 1) % place_.size);
  std::array<ConstBytes, kMaxPieces> pieces;
  while (!all_sent()) {
    const std::size_t count = gather_sendable(pieces);
    if (count == 0) {
      co_await progress_.wait();
      continue;
    }
    sending_ = true;
    const auto sent = co_await to_next_->send_some(std::span(pieces).first(count));
    sending_ = false;
    count_sent(sent);
    pass_at_once();
    if (!receiving_) room_.notify();
  }
  blame.finished();
}

bool Ring::send_at_once() {
  Blame blame(blamed_, (place_.rank + 1) % place_.size);
  std::size_t sent = 0;
  if (!sending_) {
    std::array<ConstBytes, kMaxPieces> pieces;
    const std::size_t count = gather_sendable(pieces);
    if (count > 0) sent = to_next_->try_send(std::span(pieces).first(count));
    may_send_ = count > 0 && sent == 0;
    count_sent(sent);
  }
  blame.finished();
  return sent > 0;
}

/// How many bytes of a piece may leave now. Step 0 is our own; later ones carry on what came, in
/// whole floats or blocks. The checksum is such a piece too: it leaves only after the one before it
/// has been verified, so damage cannot pass a device.
std::size_t Ring::sendable(std::size_t piece) const {
  const std::size_t size = send_plan_[piece].size;
  if (piece <= kPiecesPerStep) return size;
  const std::size_t source = piece - kPiecesPerStep;
  if (received_.piece > source) return size;
  if (received_.piece < source || send_plan_[piece].kind == Kind::checksum) return 0;
  return received_.done;
}

/// Collects what may leave, at most kScratch bytes so that sending and receiving alternate.
std::size_t Ring::gather_sendable(std::span<ConstBytes> out) {
  std::size_t count = 0, bytes = 0;
  for (std::size_t p = sent_.piece; p < send_plan_.size() && count + 2 <= out.size(); ++p) {
    const Piece& piece = send_plan_[p];
    const std::size_t begin = p == sent_.piece ? sent_.done : 0;
    const std::size_t may_leave = std::min(sendable(p), begin + kScratch - bytes);
    const std::size_t end = prepare(piece, {begin, may_leave});
    hash_outgoing(p, end);
    count += outgoing(p, {begin, end}, out.subspan(count));
    bytes += end - begin;
    // Blocks begin at the head of their queue, when those of the step before have left.
    if (end < piece.size || (compression_.codec != nullptr && piece.kind == Kind::checksum)) break;
  }
  return count;
}

/// Encodes blocks until they reach range.end or the window is full; returns how far the piece may
/// be sent. range.begin: what has left already.
std::size_t Ring::prepare(const Piece& piece, Range range) {
  if (piece.how != How::encode && piece.how != How::conclude) return range.end;
  std::array<float, kBlock> values;              // NOLINT(cppcoreguidelines-pro-type-member-init)
  std::array<std::byte, kMaxBlockBytes> memory;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  std::size_t ready = range.begin + window_.size();
  while (ready < range.end) {
    const BlockOf block = block_at(piece, ready);
    if (window_.room() < block.bytes) break;
    const auto sum = piece.floats.subspan(block.first, block.values);
    const auto decoded = piece.how == How::conclude ? sum : std::span(values).first(block.values);
    const Bytes bytes = std::span(memory).first(block.bytes);
    quantise(*compression_.codec, sum, piece.residual.subspan(block.first, block.values), bytes,
             decoded);
    window_.push(bytes);
    ready += block.bytes;
  }
  return std::min(ready, range.end);
}

/// Where bytes of a piece lie that are ready: one stretch or two; returns how many. Blocks of the
/// piece that is being sent are at the head of their queue: checksums lie between those of others.
std::size_t Ring::outgoing(std::size_t p, Range range, std::span<ConstBytes> out) const {
  if (range.begin >= range.end) return 0;
  const Piece& piece = send_plan_[p];
  const std::size_t size = range.end - range.begin;
  if (!in_blocks(piece)) {
    out[0] = piece.bytes.subspan(range.begin, size);
    return 1;
  }
  const std::size_t left = p == sent_.piece ? sent_.done : 0;
  const ByteQueue& queue = piece.how == How::forward ? forward_ : window_;
  return queue.look(range.begin - left, size, out);
}

/// Hashes a piece up to `end`, or puts the hash into the checksum behind a whole segment: before it
/// is sent, not after, as the answer may overwrite what has left. Only what begins here: our own
/// segment, and all that is encoded. Other sums have been hashed as they were added up.
void Ring::hash_outgoing(std::size_t p, std::size_t end) {
  const Piece& piece = send_plan_[p];
  const std::size_t step = p == 0 ? 0 : (p - 1) / kPiecesPerStep;
  if (step >= (compression_.codec == nullptr ? 1 : place_.size)) return;
  if (hashed_.piece < p) hashed_ = {p, 0};
  if (hashed_.piece != p || end <= hashed_.done) return;
  if (piece.kind == Kind::checksum && hashed_.done == 0) {
    store_le(checksums_out_[step].data(), hash_out_.value());
    hash_out_.restart(seed_of_sent(step + 1));
  } else if (piece.is_payload()) {
    std::array<ConstBytes, 2> stretches;
    const std::size_t count = outgoing(p, {hashed_.done, end}, stretches);
    for (const ConstBytes stretch : std::span(stretches).first(count)) hash_out_.add(stretch);
  }
  hashed_.done = end;
}

void Ring::count_sent(std::size_t n) {
  while (sent_.piece < send_plan_.size()) {
    const Piece& piece = send_plan_[sent_.piece];
    const std::size_t part = std::min(n, piece.size - sent_.done);
    (piece.is_payload() && operation_.training ? traffic_.model_sent : traffic_.control_sent) +=
        part;
    if (in_blocks(piece)) free_blocks(piece.how, part);
    sent_.done += part;
    n -= part;
    if (sent_.done < piece.size) return;
    sent_ = {sent_.piece + 1, 0};
  }
}

/// Of what has left.
void Ring::free_blocks(How how, std::size_t n) {
  if (how != How::forward) return window_.pop(n);
  forward_.pop(n);
  room_.notify();
}

}  // namespace annulet::transport
