/// What comes, is added or taken over, and checked; and with blocks, kept to be forwarded.
#include <algorithm>
#include <array>
#include <cstring>
#include <system_error>
#include <utility>

#include "transport/blame.hpp"
#include "transport/bytes.hpp"
#include "transport/errors.hpp"
#include "transport/ring.hpp"
#include "transport/vector_sum.hpp"

namespace annulet::transport {

asio::awaitable<void> Ring::receive_stream() {
  Blame blame(blamed_, (place_.rank + place_.size - 1) % place_.size);
  std::array<Bytes, kMaxPieces> buffers;
  while (!all_received()) {
    const std::size_t count = offer_buffers(buffers);
    if (count == 0) {
      co_await room_.wait();
      continue;
    }
    ask_for(awaited());
    receiving_ = true;
    const auto received = co_await from_previous_->receive_some(std::span(buffers).first(count));
    receiving_ = false;
    // Of a long piece bytes always come soon: who looks for longer takes them in smaller bits.
    constexpr std::size_t kLong = std::size_t{512} << 10;
    spin_.woke(receive_plan_[received_.piece].size <= kLong);
    take_received(received);
    pass_at_once();
    if (may_send_ || all_sent()) progress_.notify();
  }
  blame.finished();
}

/// How many bytes are worth waking up for: of a long piece a good deal, so that its many packets do
/// not wake us one by one. Nobody waits for ever: a device sends its own segment and all that it
/// has taken in, so the bytes that have been sent and not taken in are W segments in all, on W
/// hops, until a device has sent everything; but if all slept here, there would be less than a
/// quarter of a segment on each.
std::size_t Ring::awaited() const {
  constexpr std::size_t kFewest = std::size_t{16} << 10, kMost = std::size_t{128} << 10;
  constexpr std::size_t kSharesOfPiece = 4;
  const Piece& piece = receive_plan_[received_.piece];
  if (compression_.codec != nullptr || piece.kind != Kind::elements) return 1;
  const std::size_t least = std::min(kMost, piece.size / kSharesOfPiece);
  return least >= kFewest && piece.size - received_.done - carry_ > least ? least : 1;
}

void Ring::ask_for(std::size_t bytes) {
  if (std::exchange(asked_for_, bytes) != bytes) from_previous_->set_least(bytes);
}

bool Ring::receive_at_once() {
  Blame blame(blamed_, (place_.rank + place_.size - 1) % place_.size);
  std::size_t received = 0;
  if (!receiving_) {
    std::array<Bytes, kMaxPieces> buffers;
    const std::size_t count = offer_buffers(buffers);
    if (count > 0) received = from_previous_->try_receive(std::span(buffers).first(count));
    take_received(received);
  }
  blame.finished();
  return received > 0;
}

/// Where the next bytes may go; into scratch only those of one piece.
std::size_t Ring::offer_buffers(std::span<Bytes> out) {
  std::size_t count = 0;
  bool scratch_used = false;
  for (std::size_t p = received_.piece; p < receive_plan_.size() && count + 2 <= out.size(); ++p) {
    const Piece& piece = receive_plan_[p];
    std::size_t missing = piece.size - (p == received_.piece ? received_.done + carry_ : 0);
    if (missing == 0) continue;
    if (piece.goes_through_scratch() && std::exchange(scratch_used, true)) break;
    const std::size_t stretches = rooms_for(p, missing, out.subspan(count));
    for (const Bytes room : out.subspan(count, stretches)) missing -= room.size();
    count += stretches;
    // A checksum is to be verified before anything behind it is taken.
    if (missing > 0 || piece.kind == Kind::checksum) break;
  }
  return count;
}

/// What is missing of a piece comes in place, into scratch behind the bytes of a float or block
/// that was not whole, or to the end of what is to be forwarded. Returns how many stretches.
std::size_t Ring::rooms_for(std::size_t p, std::size_t missing, std::span<Bytes> out) {
  const Piece& piece = receive_plan_[p];
  if (piece.how == How::keep) return forward_.next(std::min(missing, forward_.room()), out);
  if (piece.how == How::as_is) {
    out[0] = piece.bytes.last(missing);
    return 1;
  }
  const std::size_t carried = p == received_.piece ? carry_ : 0;
  const std::size_t most = in_blocks(piece) ? kBlocksAtOnce : kScratch;
  out[0] = bytes_of(std::span(scratch_)).first(std::min(carried + missing, most)).subspan(carried);
  return 1;
}

void Ring::take_received(std::size_t n) {
  while (received_.piece < receive_plan_.size()) {
    const Piece& piece = receive_plan_[received_.piece];
    const std::size_t part = std::min(n, piece.size - received_.done - carry_);
    (piece.is_payload() && operation_.training ? traffic_.model_received
                                               : traffic_.control_received) += part;
    take_into_piece(piece, part);
    n -= part;
    if (received_.done < piece.size) return;
    finish_piece(piece);
    received_ = {received_.piece + 1, 0};
  }
}

void Ring::take_into_piece(const Piece& piece, std::size_t n) {
  if (piece.how == How::keep) return take_and_keep(piece, n);
  if (piece.how != How::as_is) return take_from_scratch(piece, n);
  if (piece.is_payload()) hash_in_.add(piece.bytes.subspan(received_.done, n));
  received_.done += n;
}

void Ring::take_from_scratch(const Piece& piece, std::size_t n) {
  const Bytes scratch = bytes_of(std::span(scratch_));
  if (!in_blocks(piece)) return add_floats(piece, n);
  hash_in_.add(scratch.subspan(carry_, n));
  carry_ += n;
  const std::size_t used = take_blocks(piece, scratch.first(carry_));
  carry_ -= used;
  std::memmove(scratch.data(), scratch.data() + used, carry_);
  received_.done += used;
}

/// Adds the whole floats in scratch, n bytes of which are new. What came is hashed, added and
/// hashed as what will be sent while it is in the first cache.
void Ring::add_floats(const Piece& piece, std::size_t n) {
  constexpr std::size_t kAtOnce = 2048;  // elements
  const Bytes scratch = bytes_of(std::span(scratch_));
  const std::size_t all = carry_ + n, whole = all / sizeof(float);
  std::size_t hashed = carry_;
  for (std::size_t begin = 0; begin < whole; begin += kAtOnce) {
    const std::size_t end = std::min(begin + kAtOnce, whole);
    hash_in_.add(scratch.first(end * sizeof(float)).subspan(hashed));
    hashed = end * sizeof(float);
    const auto sum = piece.floats.subspan(received_.done / sizeof(float), end - begin);
    add_to(std::span(scratch_).subspan(begin, end - begin), sum);  // in ring order up to us
    if (compression_.codec == nullptr) hash_sum_.add(bytes_of(std::span<const float>(sum)));
    received_.done += sum.size_bytes();
  }
  hash_in_.add(scratch.first(all).subspan(hashed));
  carry_ = all - whole * sizeof(float);
  std::memmove(scratch.data(), scratch.data() + whole * sizeof(float), carry_);
}

/// Decodes the whole blocks at the start of `bytes`; returns what they were.
std::size_t Ring::take_blocks(const Piece& piece, ConstBytes bytes) {
  std::array<float, kBlock> memory;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  std::size_t used = 0;
  while (received_.done + used < piece.size) {
    const BlockOf block = block_at(piece, received_.done + used);
    if (bytes.size() - used < block.bytes) break;
    const auto there = piece.floats.subspan(block.first, block.values);
    const auto decoded = piece.how == How::add ? std::span(memory).first(block.values) : there;
    compression_.codec->decode(bytes.subspan(used, block.bytes), decoded);
    if (piece.how == How::add) add_to(decoded, there);
    used += block.bytes;
  }
  return used;
}

/// Decodes the blocks that have become whole; their bytes stay until they have been forwarded.
void Ring::take_and_keep(const Piece& piece, std::size_t n) {
  std::array<ConstBytes, 2> came;
  forward_.push(n);
  const std::size_t count = forward_.look(forward_.size() - n, n, came);
  for (const ConstBytes stretch : std::span(came).first(count)) hash_in_.add(stretch);
  carry_ += n;
  std::array<std::byte, kMaxBlockBytes> memory;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  while (received_.done < piece.size) {
    const BlockOf block = block_at(piece, received_.done);
    if (carry_ < block.bytes) return;
    const Bytes bytes = std::span(memory).first(block.bytes);
    forward_.copy(forward_.size() - carry_, bytes);
    compression_.codec->decode(bytes, piece.floats.subspan(block.first, block.values));
    carry_ -= block.bytes;
    received_.done += block.bytes;
  }
}

void Ring::finish_piece(const Piece& piece) {
  if (piece.kind == Kind::header) check_header();
  if (piece.kind != Kind::checksum) return;
  if (load_le<std::uint64_t>(checksum_in_.data()) != hash_in_.value()) {
    throw std::system_error(errc::bad_checksum);
  }
  finish_step(received_.piece / kPiecesPerStep - 1);
}

/// What came in that step is whole, and is sent in the next one: sums with the checksum that was
/// taken as they were added up, finished segments with their own. (Those of blocks are taken as
/// they are sent.)
void Ring::finish_step(std::size_t step) {
  const std::size_t next = step + 1;
  hash_in_.restart(seed_of_received(next));
  if (next == steps()) return;
  if (next >= place_.size) {
    checksums_out_[next] = checksum_in_;
  } else if (compression_.codec == nullptr) {
    store_le(checksums_out_[next].data(), hash_sum_.value());
    hash_sum_.restart(seed_of_sent(next + 1));  // of the sums of the next step, which it sends on
  }
}

void Ring::check_header() {
  const FrameHeader theirs = decode(header_in_);
  header_came_ = clock_.now();
  header_.require_same(theirs);
}

}  // namespace annulet::transport
