/// What an all-reduce sends and receives, and in which order.
#include "transport/ring.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "devices/side_by_side.hpp"
#include "transport/bytes.hpp"

namespace annulet::transport {

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

Ring::Ring(Place place, std::unique_ptr<Link> from_previous, std::unique_ptr<Link> to_next,
           devices::Clock& clock, const asio::any_io_executor& executor)
    : place_(place),
      from_previous_(std::move(from_previous)),
      to_next_(std::move(to_next)),
      clock_(clock),
      progress_(executor),
      room_(executor),
      spin_(clock, devices::Duration{0}),
      scratch_(place.size > 1 ? kScratch / sizeof(float) : 0) {}

asio::awaitable<RingTiming> Ring::all_reduce(Operation operation, std::span<float> x,
                                             std::span<float> facts, devices::TimePoint deadline,
                                             Compression compression) {
  if (place_.size == 1) co_return RingTiming{};  // the sum over one worker is there already
  if (takes_mesh(compression.codec, x.size() + facts.size())) {
    const Busy exchanging(busy_);
    co_return co_await mesh_->all_reduce(operation, x, facts, deadline);
  }
  const auto start = clock_.now();
  operation_ = operation;
  compression_ = compression;
  plan(x, facts);
  const Busy busy(busy_);
  pass_at_once();
  if (!all_sent() || !all_received()) {
    co_await devices::with_deadline(clock_, deadline,
                                    devices::both(send_stream(), receive_stream()));
    ask_for(1);  // others wait at this link, too
  }
  co_return RingTiming{header_came_ - start, clock_.now() - header_came_};
}

void Ring::set_spin(devices::Duration longest) {
  spin_ = devices::Spin(clock_, longest);
  if (mesh_) mesh_->set_spin(longest);
}

void Ring::add_mesh(std::vector<std::unique_ptr<Link>> others) {
  const auto [rank, W] = place_;
  others_ = std::move(others);
  others_.resize(W);
  std::vector<Mesh::Ways> ways;
  for (const auto& link : others_) ways.push_back({link.get(), link.get()});
  const auto next = (rank + 1) % W, previous = (rank + W - 1) % W;
  ways[next] = {to_next_.get(), to_next_.get()};
  ways[previous] = {from_previous_.get(), from_previous_.get()};
  // Between two workers there are two links, one each way.
  if (W == 2) ways[next] = {from_previous_.get(), to_next_.get()};
  mesh_ = std::make_unique<Mesh>(place_, ways, clock_);
  mesh_->set_spin(spin_.longest());
}

Traffic Ring::traffic() const noexcept { return mesh_ ? traffic_ + mesh_->traffic() : traffic_; }

std::optional<std::size_t> Ring::blamed() const noexcept {
  return blamed_ || !mesh_ ? blamed_ : mesh_->blamed();
}

void Ring::pass_at_once() {
  constexpr auto kLongest = std::chrono::milliseconds(1);
  const auto end = clock_.now() + kLongest;
  while (!all_sent() || !all_received()) {
    const bool sent = send_at_once(), received = receive_at_once();
    if (sent || received) spin_.came();
    if (clock_.now() >= end) {
      may_send_ = true;
      break;
    }
    if (!sent && !received && !spin_.once_more()) break;
  }
}

// Step k = 0 .. 2W-3: send segment (r-k) mod W, receive segment (r-k-1) mod W. Steps below W-1
// reduce (add what comes to what is here); later ones are received in place. In place is safe: a
// final byte can only arrive after our own contribution to it has left, or, in blocks, has been
// encoded.
void Ring::plan(std::span<float> x, std::span<float> facts) {
  const Codec* const codec = compression_.codec;
  if (codec != nullptr && compression_.residual.size() != x.size()) {
    throw std::logic_error("a codec's residual is as long as what is summed");
  }
  const auto kind = codec == nullptr ? Compress::none : codec->kind();
  header_ = {.type = FrameType::all_reduce,
             .codec = static_cast<std::uint8_t>(kind),
             .epoch = operation_.epoch,
             .elements = static_cast<std::uint32_t>(x.size()),
             .round = operation_.number,
             .digest = operation_.digest};
  header_out_ = encode(header_);
  send_plan_.clear();
  receive_plan_.clear();
  send_plan_.push_back({Kind::header, How::as_is, kHeaderSize, header_out_, {}});
  receive_plan_.push_back({Kind::header, How::as_is, kHeaderSize, header_in_, {}});
  checksums_out_.resize(steps());
  for (std::size_t k = 0; k < steps(); ++k) plan_step(k, x, facts);
  plan_buffers(x.size());
  sent_ = hashed_ = received_ = {};
  sending_ = receiving_ = may_send_ = false;
  carry_ = 0;
  hash_out_.restart(seed_of_sent(0));
  hash_in_.restart(seed_of_received(0));
  hash_sum_.restart(seed_of_sent(1));
}

void Ring::plan_step(std::size_t k, std::span<float> x, std::span<float> facts) {
  const std::size_t W = place_.size, own_last = W - 1, last = steps() - 1;
  const std::size_t outgoing = (place_.rank + 2 * W - k) % W, incoming = (outgoing + W - 1) % W;
  How send = How::as_is, receive = k < own_last ? How::add : How::as_is;
  if (compression_.codec != nullptr) {
    if (k >= own_last) receive = k == last ? How::take : How::keep;
    send = k < own_last ? How::encode : k == own_last ? How::conclude : How::forward;
  }
  plan_segment(send_plan_, {outgoing, send, How::as_is, checksums_out_[k]}, x, facts);
  const How tail = k < own_last ? How::add : How::as_is;
  plan_segment(receive_plan_, {incoming, receive, tail, checksum_in_}, x, facts);
}

// Sums so far are told apart by the step, so that a part in the wrong place does not pass; finished
// segments by their number, so that they go round with the checksum that their owner gave them.
std::uint64_t Ring::seed_of(std::size_t step, std::size_t segment) const {
  const std::size_t own_last = place_.size - 1;
  return operation_.seed_of(step < own_last ? step : own_last + segment);
}

std::uint64_t Ring::seed_of_sent(std::size_t step) const {
  return seed_of(step, (place_.rank + 2 * place_.size - step) % place_.size);
}

std::uint64_t Ring::seed_of_received(std::size_t step) const {
  return seed_of(step, (place_.rank + 2 * place_.size - step - 1) % place_.size);
}

void Ring::plan_segment(std::vector<Piece>& pieces, SegmentPlan plan, std::span<float> x,
                        std::span<float> facts) {
  const Segment own = segment(x.size(), place_.size, plan.segment);
  const auto elements = x.subspan(own.begin, own.length());
  const auto tail = facts.first(plan.segment == place_.size - 1 ? facts.size() : 0);
  pieces.push_back({Kind::elements, plan.elements,
                    encoded_bytes(compression_.codec, elements.size()), bytes_of(elements),
                    elements});
  if (compression_.codec != nullptr) {
    pieces.back().residual = compression_.residual.subspan(own.begin, own.length());
  }
  pieces.push_back({Kind::facts, plan.facts, tail.size_bytes(), bytes_of(tail), tail});
  pieces.push_back({Kind::checksum, How::as_is, plan.checksum.size(), plan.checksum, {}});
}

/// With room for a largest segment and one block everybody can always take something in or send
/// something: if all buffers were full at once, more bytes would be under way than there are. With
/// a segment alone all could hold one, each waiting for room in the next.
void Ring::plan_buffers(std::size_t d) {
  const Codec* const codec = compression_.codec;
  if (codec == nullptr) return;
  const std::size_t largest = encoded_bytes(codec, segment(d, place_.size, 0).length());
  window_.reset(std::min(kBlocksAtOnce, largest));
  forward_.reset(largest + codec->block_bytes(kBlock));
}

Ring::BlockOf Ring::block_at(const Piece& piece, std::size_t offset) const {
  const Codec& codec = *compression_.codec;
  const std::size_t first = offset / codec.block_bytes(kBlock) * kBlock;
  const std::size_t values = std::min(kBlock, piece.floats.size() - first);
  return {first, values, codec.block_bytes(values)};
}

}  // namespace annulet::transport
