/// The ring's byte watermark: what has been received and reduced of one step may be sent in the
/// next.
#include "transport/ring.hpp"

#include <algorithm>
#include <cstring>
#include <system_error>
#include <utility>

#include "devices/side_by_side.hpp"
#include "transport/bytes.hpp"
#include "transport/errors.hpp"

namespace annulet::transport {
namespace {

constexpr std::size_t kScratch = std::size_t{256} << 10;  // bytes
constexpr std::size_t kPiecesPerStep = 3;

/// Checksums of different steps and operations have different seeds, so that a segment in the
/// wrong place does not pass.
std::uint64_t seed_of(std::uint64_t operation, std::size_t step) { return operation * 4096 + step; }

/// sum[i] = incoming[i] + sum[i]: what came has been summed in ring order up to us.
void add(std::span<const float> incoming, std::span<float> sum) {
  const float* __restrict from = incoming.data();
  float* __restrict to = sum.data();
  for (std::size_t i = 0; i < incoming.size(); ++i) to[i] = from[i] + to[i];
}

}  // namespace

/// Remembers who was being talked to when an exception passed: the first one counts.
class Ring::Blame {
 public:
  Blame(std::optional<std::size_t>& blamed, std::size_t rank) : blamed_(blamed), rank_(rank) {}
  ~Blame() {
    if (!finished_ && !blamed_) blamed_ = rank_;
  }
  Blame(const Blame&) = delete;
  Blame& operator=(const Blame&) = delete;
  void finished() noexcept { finished_ = true; }

 private:
  std::optional<std::size_t>& blamed_;
  std::size_t rank_;
  bool finished_ = false;
};

/// True as long as it lives.
class Ring::Busy {
 public:
  explicit Busy(bool& busy) : busy_(busy) { busy = true; }
  ~Busy() { busy_ = false; }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;

 private:
  bool& busy_;
};

Segment segment(std::size_t d, std::size_t size, std::size_t s) noexcept {
  const std::size_t base = d / size, longer = d % size;
  const std::size_t begin = s * base + std::min(s, longer);
  return {begin, begin + base + (s < longer ? 1 : 0)};
}

Ring::Ring(Place place, std::unique_ptr<Link> from_previous, std::unique_ptr<Link> to_next,
           devices::Clock& clock, const asio::any_io_executor& executor)
    : place_(place),
      from_previous_(std::move(from_previous)),
      to_next_(std::move(to_next)),
      clock_(clock),
      progress_(executor),
      scratch_(place.size > 1 ? kScratch / sizeof(float) : 0) {}

asio::awaitable<RingTiming> Ring::all_reduce(Operation operation, std::span<float> x,
                                             std::span<float> facts, devices::TimePoint deadline) {
  if (place_.size == 1) co_return RingTiming{};  // the sum over one worker is there already
  const auto start = clock_.now();
  operation_ = operation;
  elements_ = static_cast<std::uint32_t>(x.size());
  header_out_ = encode(FrameHeader{.type = FrameType::all_reduce,
                                   .epoch = operation.epoch,
                                   .elements = elements_,
                                   .round = operation.number,
                                   .digest = operation.digest});
  plan(x, facts);
  const Busy busy(busy_);
  co_await devices::with_deadline(clock_, deadline, devices::both(send_stream(), receive_stream()));
  co_return RingTiming{header_came_ - start, clock_.now() - header_came_};
}

// Step k = 0 .. 2W-3: send segment (r-k) mod W, receive segment (r-k-1) mod W. Steps below W-1
// reduce (add what comes to what is here); later ones are received in place. In place is safe: a
// final byte can only arrive after our own contribution to it has left.
void Ring::plan(std::span<float> x, std::span<float> facts) {
  const std::size_t W = place_.size;
  send_plan_.clear();
  receive_plan_.clear();
  send_plan_.push_back({header_out_, {}, Kind::header, false});
  receive_plan_.push_back({header_in_, {}, Kind::header, false});
  for (std::size_t k = 0; k < 2 * W - 2; ++k) {
    plan_step(send_plan_, (place_.rank + 2 * W - k) % W, x, facts, false);
    plan_step(receive_plan_, (place_.rank + 2 * W - k - 1) % W, x, facts, k < W - 1);
  }
  sent_ = hashed_ = received_ = {};
  carry_ = 0;
  hash_out_.restart(seed_of(operation_.number, 0));
  hash_in_.restart(seed_of(operation_.number, 0));
}

void Ring::plan_step(std::vector<Piece>& pieces, std::size_t s, std::span<float> x,
                     std::span<float> facts, bool reduce) {
  const Segment own = segment(x.size(), place_.size, s);
  const auto elements = x.subspan(own.begin, own.length());
  const auto tail = facts.first(s == place_.size - 1 ? facts.size() : 0);
  const bool outgoing = &pieces == &send_plan_;
  pieces.push_back({bytes_of(elements), elements, Kind::elements, reduce});
  pieces.push_back({bytes_of(tail), tail, Kind::facts, reduce});
  pieces.push_back({outgoing ? checksum_out_ : checksum_in_, {}, Kind::checksum, false});
}

// ---- sending ------------------------------------------------------------------------------------

asio::awaitable<void> Ring::send_stream() {
  Blame blame(blamed_, (place_.rank + 1) % place_.size);
  std::array<ConstBytes, kMaxPieces> pieces;
  while (sent_.piece < send_plan_.size()) {
    const std::size_t count = gather_sendable(pieces);
    if (count == 0) {
      co_await progress_.wait();
      continue;
    }
    count_sent(co_await to_next_->send_some(std::span(pieces).first(count)));
  }
  blame.finished();
}

/// How many bytes of a piece may leave now. Step 0 is our own; later ones carry on what came. The
/// checksum is such a piece too: it leaves only after the one before it has been verified, so
/// damage cannot pass a device.
std::size_t Ring::sendable(std::size_t piece) const {
  const std::size_t size = send_plan_[piece].bytes.size();
  if (piece <= kPiecesPerStep) return size;
  const std::size_t source = piece - kPiecesPerStep;
  if (received_.piece > source) return size;
  if (received_.piece < source || send_plan_[piece].kind == Kind::checksum) return 0;
  return received_.done;
}

/// Collects what may leave, at most kScratch bytes so that sending and receiving alternate.
std::size_t Ring::gather_sendable(std::span<ConstBytes> out) {
  std::size_t count = 0, bytes = 0;
  for (std::size_t p = sent_.piece; p < send_plan_.size() && count < out.size(); ++p) {
    const Piece& piece = send_plan_[p];
    const std::size_t begin = p == sent_.piece ? sent_.done : 0;
    const std::size_t end = std::min(sendable(p), begin + kScratch - bytes);
    hash_outgoing(p, end);
    if (end > begin) out[count++] = piece.bytes.subspan(begin, end - begin);
    bytes += end - begin;
    // One checksum buffer: what follows it waits until it has left.
    if (end < piece.bytes.size() || piece.kind == Kind::checksum) break;
  }
  return count;
}

/// Hashes a piece up to `end`, or puts the hash into the checksum behind a whole segment: before it
/// is sent, not after, as the answer may overwrite what has left.
void Ring::hash_outgoing(std::size_t p, std::size_t end) {
  const Piece& piece = send_plan_[p];
  if (hashed_.piece < p) hashed_ = {p, 0};
  if (hashed_.piece != p || end <= hashed_.done) return;
  if (piece.kind == Kind::checksum && hashed_.done == 0) {
    store_le(checksum_out_.data(), hash_out_.value());
    hash_out_.restart(seed_of(operation_.number, p / kPiecesPerStep));
  } else if (piece.is_payload()) {
    hash_out_.add(piece.bytes.subspan(hashed_.done, end - hashed_.done));
  }
  hashed_.done = end;
}

void Ring::count_sent(std::size_t n) {
  while (sent_.piece < send_plan_.size()) {
    const Piece& piece = send_plan_[sent_.piece];
    const std::size_t part = std::min(n, piece.bytes.size() - sent_.done);
    (piece.is_payload() && operation_.training ? traffic_.model_sent : traffic_.control_sent) +=
        part;
    sent_.done += part;
    n -= part;
    if (sent_.done < piece.bytes.size()) return;
    sent_ = {sent_.piece + 1, 0};
  }
}

// ---- receiving ----------------------------------------------------------------------------------

asio::awaitable<void> Ring::receive_stream() {
  Blame blame(blamed_, (place_.rank + place_.size - 1) % place_.size);
  std::array<Bytes, kMaxPieces> buffers;
  while (received_.piece < receive_plan_.size()) {
    const std::size_t count = offer_buffers(buffers);
    take_received(co_await from_previous_->receive_some(std::span(buffers).first(count)));
    progress_.notify();
  }
  blame.finished();
}

/// What is left of a piece comes in place, or, if it is to be added, into scratch, behind the bytes
/// of a float that was not whole.
Bytes Ring::room_for(const Piece& piece, Bytes left, std::size_t carried) {
  if (!piece.reduce) return left;
  return bytes_of(std::span(scratch_)).first(std::min(left.size(), kScratch)).subspan(carried);
}

/// Where the next bytes may go; into scratch only those of one piece.
std::size_t Ring::offer_buffers(std::span<Bytes> out) {
  std::size_t count = 0;
  bool scratch_used = false;
  for (std::size_t p = received_.piece; p < receive_plan_.size() && count < out.size(); ++p) {
    const Piece& piece = receive_plan_[p];
    const Bytes left = piece.bytes.subspan(p == received_.piece ? received_.done : 0);
    if (left.empty()) continue;
    if (piece.reduce && std::exchange(scratch_used, true)) break;
    const std::size_t carried = p == received_.piece ? carry_ : 0;
    const Bytes room = room_for(piece, left, carried);
    out[count++] = room;
    // A checksum is to be verified before anything behind it is taken.
    if (carried + room.size() < left.size() || piece.kind == Kind::checksum) break;
  }
  return count;
}

void Ring::take_received(std::size_t n) {
  while (received_.piece < receive_plan_.size()) {
    Piece& piece = receive_plan_[received_.piece];
    const std::size_t part = std::min(n, piece.bytes.size() - received_.done - carry_);
    (piece.is_payload() && operation_.training ? traffic_.model_received
                                               : traffic_.control_received) += part;
    take_into_piece(piece, part);
    n -= part;
    if (received_.done < piece.bytes.size()) return;
    finish_piece(piece);
    received_ = {received_.piece + 1, 0};
  }
}

void Ring::take_into_piece(Piece& piece, std::size_t n) {
  if (!piece.reduce) {
    if (piece.is_payload()) hash_in_.add(piece.bytes.subspan(received_.done, n));
    received_.done += n;
    return;
  }
  const Bytes scratch = bytes_of(std::span(scratch_));
  hash_in_.add(scratch.subspan(carry_, n));
  const std::size_t whole = (carry_ + n) / sizeof(float);
  add(std::span(scratch_).first(whole), piece.floats.subspan(received_.done / sizeof(float)));
  carry_ = carry_ + n - whole * sizeof(float);
  std::memmove(scratch.data(), scratch.data() + whole * sizeof(float), carry_);
  received_.done += whole * sizeof(float);
}

void Ring::finish_piece(const Piece& piece) {
  if (piece.kind == Kind::header) check_header();
  if (piece.kind != Kind::checksum) return;
  if (load_le<std::uint64_t>(checksum_in_.data()) != hash_in_.value()) {
    throw std::system_error(errc::bad_checksum);
  }
  hash_in_.restart(seed_of(operation_.number, received_.piece / kPiecesPerStep));
}

void Ring::check_header() {
  const FrameHeader header = decode(header_in_);
  header_came_ = clock_.now();
  if (header.type != FrameType::all_reduce) throw std::system_error(errc::unexpected_message);
  if (header.epoch != operation_.epoch || header.round != operation_.number ||
      header.elements != elements_) {
    throw std::system_error(errc::out_of_step);
  }
  if (header.digest != operation_.digest) throw std::system_error(errc::model_mismatch);
}

}  // namespace annulet::transport
